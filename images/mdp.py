"""Draw mdp.png: the three-state Markov decision process of lesson mdp_q_learning."""

from pathlib import Path

from labkit.envs.three_state_mdp import draw_graph

draw_graph().savefig(Path(__file__).with_suffix(".png"), dpi=125, metadata={"Software": None})
