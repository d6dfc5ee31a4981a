"""Answers are found whatever has become of their cells; the lesson and its language are recognised."""

import copy
from types import SimpleNamespace

import pytest

from coursekit.grading.asked.slices import defined
from coursekit.grading.handed_in.normalise import answers_in, recognise
from coursekit.grading.handed_in.notes import Note
from coursekit.grading.handed_in.papers import Paper, read_paper
from coursekit.notebook import text_of
from tests.grading import classroom as room
from tests.grading.classroom import KEYS, LANGUAGES, LINEAR, MDP, as_bytes, cell_of, new

FORMS = {"as it is": copy.deepcopy, "Colab": room.of_colab, "VS Code": room.of_vscode, "format 3": room.of_format_3}


def found(notebook, encoding="utf-8"):
    """The answers in a notebook, or None where it is no lesson's."""
    paper, _ = read_paper(as_bytes(notebook, encoding))
    key, language = recognise(paper, KEYS.values())
    return answers_in(paper, key, language) if key else None


def kinds(answers, exercise):
    return [note.kind for note in answers.notes.get(exercise, ())]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lesson", KEYS)
def test_solutions_and_untouched_notebooks_are_read_in_every_form(lesson, language, form):
    answers = found(FORMS[form](room.solved(lesson, language)))
    assert (answers.lesson, answers.language) == (lesson, language)
    want = {exercise.name: exercise.solution[language] for exercise in KEYS[lesson].exercises}
    assert answers.code == want
    assert answers.written.keys() == KEYS[lesson].questions.keys()
    blank = found(FORMS[form](room.untouched(lesson, language)))
    assert (blank.lesson, blank.language, blank.code, blank.notes, blank.written) == (lesson, language, {}, {}, {})


def test_another_courses_notebook_is_of_no_lesson():
    notebook = {"cells": [new("def phi(x):\n    return x"), new("# Greek letters", "markdown")], "metadata": {}}
    assert found(notebook) is None


def test_a_notebook_that_says_so_is_the_lessons_however_empty():
    answers = found({"cells": [], "metadata": {"coursekit": {"lesson": MDP, "language": "ro"}}})
    assert (answers.lesson, answers.language, answers.code) == (MDP, "ro", {})
    assert all(kinds(answers, exercise.name) == ["missing"] for exercise in KEYS[MDP].exercises)


def test_a_stub_that_was_only_commented_is_no_answer():
    notebook = room.untouched(LINEAR)
    cell = cell_of(notebook, "phi")
    cell["source"] = ["# I do not know\n", *cell["source"]]
    assert found(notebook).code == {}


def test_the_cell_of_the_exercise_counts_and_the_other_is_noted():
    notebook = room.solved(LINEAR)
    notebook["cells"].append(new("def phi(obs, action):\n    return 0"))
    answers = found(notebook)
    assert answers.code["phi"] == KEYS[LINEAR].exercises[0].solution["en"]
    assert kinds(answers, "phi") == ["twice"]


def test_of_two_cells_with_the_same_id_the_last_counts():
    notebook = room.solved(LINEAR)
    notebook["cells"].append(cell_of(notebook, "phi") | {"source": "def phi(obs, action):\n    return 0"})
    answers = found(notebook)
    assert answers.code["phi"] == "def phi(obs, action):\n    return 0"
    assert kinds(answers, "phi") == ["twice"]


def test_copies_of_one_answer_are_one_answer():
    notebook = room.solved(LINEAR)
    notebook["cells"].append(copy.deepcopy(cell_of(notebook, "phi")))
    assert kinds(found(notebook), "phi") == []


def test_an_answer_below_the_stub_is_found_by_its_mark_or_its_name():
    notebook = room.untouched(LINEAR)
    notebook["cells"] += [
        new("# TODO 1\ndef phi(obs, action):\n    return 0"),
        new("def mirror_features(obs, a):\n    return 0"),
    ]
    answers = found(notebook)
    assert answers.code.keys() == {"phi", "mirror-features"}
    assert (kinds(answers, "phi"), kinds(answers, "mirror-features")) == (["found-by-todo"], ["found-by-name"])


def test_a_renamed_function_is_marked_under_its_new_name():
    answers = found(room.solved(LINEAR, phi="def features_of(obs, action):\n    return obs"))
    assert answers.code["phi"].endswith("\n\nphi = features_of\n")
    assert kinds(answers, "phi") == ["renamed"]


def test_a_function_with_other_arguments_is_not_taken_for_a_renamed_one():
    answers = found(room.solved(LINEAR, phi="def features_of(obs):\n    return obs"))
    assert answers.code["phi"] == "def features_of(obs):\n    return obs"
    assert kinds(answers, "phi") == ["undefined"]


def test_an_answer_that_does_not_parse_is_still_the_answer():
    answers = found(room.solved(LINEAR, phi="def phi(obs, action):\n    return ("))
    assert answers.code["phi"] == "def phi(obs, action):\n    return ("
    assert kinds(answers, "phi") == []


def test_what_an_answer_needs_of_the_students_own_cells_comes_with_it():
    notebook = room.solved(LINEAR, phi="def phi(obs, action):\n    return signed(obs, action)")
    own = "import math as m\nprint('training ...')\nother = 3\ndef signed(o, a):\n    return m.copysign(1, a - 0.5) * o"
    notebook["cells"].insert(2, new(own))
    answers = found(notebook)
    assert answers.code["phi"].split("\n\n")[:2] == [
        "import math as m",
        "def signed(o, a):\n    return m.copysign(1, a - 0.5) * o",
    ]
    assert "training" not in answers.code["phi"] and "other" not in answers.code["phi"]
    assert answers.notes["phi"] == (Note("helpers", names="m, signed"),)


def test_the_lessons_own_names_never_come_from_the_student():
    notebook = room.solved(LINEAR)
    notebook["cells"].insert(2, new("class labkit:\n    pass\n\ndef q_values(*a):\n    return 0"))
    assert not any("class labkit" in code for code in found(notebook).code.values())


def test_lines_for_ipython_are_left_out():
    answers = found(room.solved(LINEAR, phi="%%time\n!pip install x\ndef phi(obs, action):\n    return obs\nphi?"))
    assert answers.code["phi"] == "def phi(obs, action):\n    return obs"


def test_words_are_read_with_the_cells_below():
    notebook = room.untouched(MDP, "fr")
    place = notebook["cells"].index(cell_of(notebook, "gamma-answer"))
    notebook["cells"].insert(place + 1, new("Parce que $\\gamma$ compte.", "markdown"))
    assert found(notebook).written == {"gamma-answer": "Parce que $\\gamma$ compte."}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_gives_the_same_answers(encoding):
    assert found(room.solved(MDP, "ro"), encoding) == found(room.solved(MDP, "ro"))


def shares_with_linear(functions, ids, lines):
    """A notebook that has so many functions, cells and lines of text of lesson 03."""
    given = room.untouched(LINEAR)
    texts = [line for cell in given["cells"] for line in text_of(cell).split("\n") if cell["cell_type"] == "markdown"]
    texts = [line for line in dict.fromkeys(texts) if len(line.strip()) >= 60 and line[0].isalpha()]
    names = [name for exercise in KEYS[LINEAR].exercises for name in exercise.names]
    cells = [new("\n".join(f"def {name}():\n    pass" for name in names[:functions]))]
    own = [cell["id"] for cell in given["cells"] if cell["id"] not in KEYS[MDP].cell_names]
    cells += [new("x", "markdown") | {"id": name} for name in own[:ids]]
    cells += [new(line, "markdown") for line in texts[:lines]]
    return {"cells": cells, "metadata": {}}


@pytest.mark.parametrize("kind", range(3))
def test_three_things_of_a_kind_tell_a_lesson_and_two_of_each_do_not(kind):
    assert found(shares_with_linear(2, 2, 2)) is None
    three = [0, 0, 0]
    three[kind] = 3
    assert found(shares_with_linear(*three)).lesson == LINEAR


def key_with(lesson, lines):
    """A lesson that is known by these lines alone."""
    return SimpleNamespace(lesson=lesson, exercises=[], cell_names=frozenset(), text={"en": lines}, student={"en": {}})


def test_of_lessons_that_are_equally_like_the_first_is_taken():
    lines = frozenset(sign * 30 for sign in "abcd")
    less, one, other = (key_with(*pair) for pair in (("1", lines - {"a" * 30}), ("2", lines), ("3", lines)))
    assert recognise(Paper((), lines, {}), [less, one, other])[0] is one


def test_a_line_of_25_letters_tells_a_lesson_and_one_of_24_does_not():
    for length, recognised in ((25, True), (24, False)):
        lines = frozenset(sign * length for sign in "abc")
        key = key_with("03", lines)
        assert recognise(Paper((), lines, {}), [key]) == ((key, "en") if recognised else (None, "en"))


def test_a_name_that_the_lesson_gives_only_later_comes_from_the_student():
    key = KEYS[LINEAR]
    exercise, last = key.exercises[0].name, key.exercises[-1].name
    before, after = (
        frozenset().union(*(defined(cell.source) for cell in key.given("en", name))) for name in (exercise, last)
    )
    name = min(after - before - frozenset().union(*(defined(each.solution["en"]) for each in key.exercises)))
    notebook = room.solved(LINEAR, phi=f"def phi(obs, action):\n    return {name}(obs)")
    notebook["cells"].insert(1, new(f"def {name}(obs):\n    return 'mine'"))
    answers = found(notebook)
    assert "return 'mine'" in answers.code["phi"]
    assert answers.notes["phi"] == (Note("helpers", names=name),)


def test_helpers_of_helpers_come_in_the_notebooks_order():
    notebook = room.solved(LINEAR, phi="def phi(obs, action):\n    return first(obs) + last(obs)")
    own = "import math as m\ndef root(x):\n    return m.sqrt(x)\ndef first(x):\n    return root(x)\nlast = abs"
    notebook["cells"].insert(1, new(own))
    answers = found(notebook)
    assert answers.code["phi"].split("\n\n")[:-1] == [
        "import math as m",
        "def root(x):\n    return m.sqrt(x)",
        "def first(x):\n    return root(x)",
        "last = abs",
    ]
    assert answers.notes["phi"] == (Note("helpers", names="m, root, first, last"),)


def test_only_the_exercise_whose_cell_is_gone_is_missing():
    for notebook in (room.untouched(LINEAR), room.solved(LINEAR)):
        notebook["cells"].remove(cell_of(notebook, "phi"))
        assert found(notebook).notes == {"phi": (Note("missing"),)}


def around(language="fr"):
    """The cell of a question in words, and the text before it."""
    cells = room.untouched(MDP, language)["cells"]
    place = next(i for i, cell in enumerate(cells) if cell["id"] == "gamma-answer")
    return cells[place - 1], cells[place]


def written(*cells, language="fr"):
    return found({"cells": cells, "metadata": {"coursekit": {"lesson": MDP, "language": language}}}).written


def test_a_question_is_found_by_its_id_or_by_the_text_before_it():
    before, question = around()
    answered = question | {"source": "Parce que."}
    assert written(answered) == {"gamma-answer": "Parce que."}
    assert written(before, new("Parce que.", "markdown")) == {"gamma-answer": "Parce que."}
    assert written(new("Parce que.", "markdown"), before) == {}
    assert written(new("Parce que.", "markdown")) == {}


def test_an_answer_in_words_ends_where_other_cells_begin():
    before, question = around()
    one, more, far = (new(text, "markdown") for text in ("Un.", "Deux.", "Loin."))
    both = {"gamma-answer": "Un.\n\nDeux."}
    assert written(before, question, one, new(" ", "markdown"), more) == both
    assert written(before, question, one, more, new("x = 1"), far) == both
    assert written(before, question, one, more, room.untouched(MDP, "fr")["cells"][0], far) == both
    assert written(before, question | {"source": "Un."}, more) == both
