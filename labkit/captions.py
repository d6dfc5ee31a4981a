"""The clips that are shipped with labkit, in words: for those who do not see them."""

from labkit.messages import _


def caption(name: str) -> str:
    """What the clip of that name shows; its name where nothing is written here."""
    pole = _("A cart moves left and right under a pole and keeps it upright")
    captions = {
        "01_grid_world": _("A blue square walks through a grid to green discs, around red triangles"),
        "03_cartpole": pole,
        "04_cartpole": pole,
        "05_lunar_lander": _("A lander comes down between two flags, upright, and stands still"),
        "06_grid_world": _("A blue square walks through a grid from green disc to green disc, around red triangles"),
        "07_ms_pacman": _("Ms. Pac-Man eats the dots of a maze, and ghosts pursue her"),
        "08_reinforce_cartpole": pole,
        "09_ball": _("A ball in a square box is pushed about and always brought back to the middle"),
        "09_pendulum": _("A pendulum swings up and stays upright"),
    }
    return captions.get(name, name)
