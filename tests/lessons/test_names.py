"""One concept has one name in all lessons and in labkit: the table in CONTRIBUTING.md."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    *sorted(path for name in ("lesson.py", "mistakes.py", "*.po") for path in ROOT.glob(f"lessons/*/{name}")),
    *sorted(ROOT.glob("labkit/**/*.py")),
]

# A name as a pattern, and what stands in its place.
ABANDONED = {
    "td_targets": r"dqn_targets|q_targets|compute_targets?",
    "q_loss": r"dqn_loss|td_loss|q_learning_loss",
    "q_update": r"td_update|linear_update",
    "dqn_update": r"gradient_step|double_dqn_update",
    "policy_update": r"train_step|training_step|reinforce_update",
    "critic_update, actor_update": r"update_(critic|actor)",
    "q_episode": r"learn_one_episode",
    "agent_step": r"one_step|play_step|play_on|env_step",
    "epsilon_greedy": r"choose_actions|eps_greedy",
    "agent.act": r"agent\.choose",
    "q_values": r"agent\.values",
    "q_network": r"build_network|make_q_network",
    "soft_update": r"blend_weights|polyak_update|update_target",
    "learning_starts": r"warm_?up|learn_after|min_replay",
    "learning_rate": r"lr(?==)|(actor|critic)_(lr|rate)|step_size(?==)",
    "greedy_policy": r"def greedy",
    "evaluate": r"def measure|measure_saved",
    r"\theta^-, w^-, Q^-, \mu^-": r"\\+(tilde|bar) *(\\+theta|\\+mu|Q|w|q)|\\+theta'|\\+theta_\{?(target|-)",
}


@pytest.mark.parametrize(("name", "other"), ABANDONED.items(), ids=list(ABANDONED))
def test_no_concept_has_a_second_name(name, other):
    # In a string of mistakes.py, a name may follow the n of a line break.
    pattern = re.compile(rf"(?:(?<=\\n)|(?<![\w-]))(?:{other})(?![\w-])")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SOURCES
        for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1)
        if pattern.search(line)
    ]
    assert not found, f"the course's name is {name}:\n" + "\n".join(found)
