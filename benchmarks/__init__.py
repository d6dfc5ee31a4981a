"""Speed and learning, side by side with Stable-Baselines3 and with a plain loop: `make bench`."""
