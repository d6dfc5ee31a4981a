"""How a hyperparameter changes while an agent learns."""


def exponential_decay(start: float, end: float, rate: float, step: int) -> float:
    """max(end, start * rate**step): the same fraction is lost at each step, down to `end`.

    Args:
        start: value at step 0.
        end: value that it never falls below.
        rate: what is left after one step, 0 to 1.
        step: step number, 0 or more (an episode, say).
    """
    return max(end, start * rate**step)


def linear_decay(start: float, end: float, steps: int, step: int) -> float:
    """A straight line from `start` at step 0 to `end` at `steps`, then `end`.

    Args:
        start: value at step 0.
        end: value at `steps` and after.
        steps: length of the line, in steps.
        step: step number, 0 or more.
    """
    if step >= steps:
        return end
    return start + (end - start) * step / steps
