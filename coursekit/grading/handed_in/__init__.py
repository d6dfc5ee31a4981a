"""What was handed in: whose files they are, the notebooks in them, and the answers in those."""
