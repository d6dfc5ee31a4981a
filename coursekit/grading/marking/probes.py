"""From an answer to the job that probes it."""

from coursekit.grading.asked.exercise import Exercise
from coursekit.grading.asked.key import Key
from coursekit.grading.asked.slices import needed, used
from coursekit.grading.asked.spec import Draw, Graded, draws_of
from coursekit.grading.sandbox.guest.wire import encode
from coursekit.grading.sandbox.job import Job, Limits

LANGUAGE = 'import labkit\n\nlabkit.use("{language}")'


def make_job(
    key: Key, exercise: Exercise, graded: Graded, language: str, answer: str, draws: list[Draw], check: bool = False
) -> Job:
    """One job.

    Args:
        key: the lesson's.
        exercise: which one.
        graded: how it, or a part of it, is marked.
        language: of the given cells around the answer.
        answer: the code to mark; "" for the reference's own.
        draws: inputs of the probe; none when only the check is to run.
        check: whether the lesson's check is run.
    """
    answer = answer or exercise.solution[language]
    stub, checking = exercise.stub[language], exercise.check[language] if check else ""
    probe = graded.probe if draws else ""
    names = {name for code in (answer, stub, checking, probe) for name in used(code)} - inputs_of(draws)
    given = [cell for cell in key.given(language, exercise.name, checks=check) if cell.name not in graded.skip]
    before = needed(given, names, graded.needs)
    return Job(
        name=exercise.name,
        setup=(LANGUAGE.format(language=language), *(cell.source for cell in before), stub),
        answer=answer,
        probe=graded.probe,
        draws=tuple(encode(draw) for draw in draws),
        check=checking,
        limits=Limits(seconds=graded.seconds),
    )


def inputs_of(draws: list[Draw]) -> set[str]:
    """Names that the draws bring."""
    return {name for draw in draws for name in draw}


def draws_for(key: Key, seed: str) -> dict[str, list[list[Draw]]]:
    """By exercise, the draws of each of its parts."""
    return {
        exercise: [draws_of(graded, f"{key.lesson}/{part}/{seed}/".encode()) for part, graded in enumerate(parts)]
        for exercise, parts in key.spec.items()
    }
