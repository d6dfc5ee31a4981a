"""Draw 02_mdp.png: the three-state Markov decision process of lesson 02."""

from pathlib import Path

from labkit.envs.three_state_mdp import draw_graph

draw_graph().savefig(Path(__file__).with_suffix(".png"), dpi=125, metadata={"Software": None})
