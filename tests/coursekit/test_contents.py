"""The list of lessons: what it numbers, and that everything follows it."""

import pytest

from coursekit.contents import table_of_contents
from coursekit.course import Part, open_course
from coursekit.problems import CourseError

SECOND = """
# %% look [markdown]
# See lesson {lesson:tiny} and {todo:product}.

# %% product tags=["exercise"] points=1
def product(xs):
    # TODO: multiply.
    ### BEGIN SOLUTION
    return xs[0] * xs[1]
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION


# %% product-check tags=["check"]
assert product([2, 3]) == 6
"""


def swap(tiny):
    """Put the second lesson first."""
    text = tiny.path("lessons/course.toml").read_text("utf-8")
    swapped = text.replace('["tiny"]', "[?]").replace('["more"]', '["tiny"]').replace("[?]", '["more"]')
    tiny.write("lessons/course.toml", swapped)


def test_parts_number_the_lessons(tiny):
    course = tiny.course
    assert course.parts == (Part("The first part", ("tiny",)), Part("The second part", ("more",)))
    assert [course.stem(lesson) for lesson in course.lessons()] == ["01_tiny", "02_more"]
    with pytest.raises(CourseError, match="there is no lesson 'gone': choose among tiny, more"):
        course.number("gone")


def test_what_is_said_of_a_lesson(tiny):
    first, second = table_of_contents(tiny.course, "ro")
    assert (first.title, second.title) == ("Prima parte", "A doua parte")
    assert first.entries[0][:6] == ("tiny", "01", "01_tiny.ipynb", "O lecție mică", "", 5)
    assert second.entries[0].title == "Altă lecție"  # its first heading, as its head has no title


def test_swapping_two_lines_renumbers_everything(tiny):
    tiny.append(SECOND, "more")
    tiny.update()
    tiny.build()
    outputs = tiny.cell("shown", language="fr")["outputs"]
    assert outputs
    swap(tiny)
    tiny.build()
    names = {path.name for path in tiny.root.glob("*/*/*.ipynb")}
    assert names == {"01_more.ipynb", "02_tiny.ipynb"}
    assert tiny.cell("shown", language="fr")["outputs"] == outputs
    assert tiny.source("look", "notebooks", lesson="more") == (
        'See lesson [02](02_tiny.ipynb "A tiny lesson") and TODO 1.'
    )
    assert "](../fr/02_tiny.ipynb)" in tiny.source("header", "notebooks", lesson="tiny")
    readme, start = tiny.path("README.fr.md"), tiny.path("notebooks/fr/README.md")
    for page in (readme, start):
        text = page.read_text("utf-8")
        assert text.index("01_more.ipynb") < text.index("02_tiny.ipynb") and "02_more" not in text
    assert not [problem for problem in tiny.problems() if "translated" not in problem and "executed" not in problem]


def test_an_exercise_put_before_another_renumbers_it_and_touches_no_translation(tiny):
    new = SECOND.replace("# See lesson {lesson:tiny} and {todo:product}.", "# See {todo:sum-code}.")
    tiny.lesson("# %% sum-code", new.strip() + "\n\n# %% sum-code")
    tiny.update()
    tiny.build()
    assert "# TODO 2: adunați" in tiny.source("sum-code", "notebooks", "ro")
    assert 'NotImplementedError("TODO 2")' in tiny.source("sum-code", "notebooks", "ro")
    assert tiny.source("look", "notebooks") == "See TODO 2."
    assert not [problem for problem in tiny.problems() if "fuzzy" in problem]


def test_one_lesson_built_reads_each_file_once(tiny, monkeypatch):
    from coursekit import catalog, source

    read, parsed = [], []
    monkeypatch.setattr(
        catalog, "read_catalog", lambda path, known=catalog.read_catalog: read.append(path) or known(path)
    )
    real = source.jupytext.reads
    monkeypatch.setattr(source.jupytext, "reads", lambda text, **how: parsed.append(text) or real(text, **how))
    source.parsed.cache_clear()
    catalog.filled.cache_clear()
    assert tiny.run("build", "02")[0] == 0
    assert len(parsed) == len(set(parsed)) == 2
    assert len(read) == len(set(read))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('["more"]', '["tiny"]', "tiny is listed 2 times"),
        ('["more"]', '["More!"]', "'More!' is no lesson's name"),
        ('about = "Two lessons, and little in them."', "", "lacks something"),
        ("[[part]]", "[[part", "does not parse"),
    ],
)
def test_a_fault_of_the_list_is_named(tiny, old, new, reason):
    tiny.edit("lessons/course.toml", old, new)
    with pytest.raises(CourseError, match=f"^lessons/course.toml: .*{reason}"):
        open_course(tiny.root)


def test_a_lesson_that_no_part_lists_and_one_that_is_not_there(tiny):
    tiny.edit("lessons/course.toml", '"more"', '"gone"')
    problems = tiny.problems()
    assert "lessons/more/lesson.py: no part in lessons/course.toml lists this lesson: add it to one" in problems
    assert "lessons/gone/lesson.py: this file is not there, and lessons/course.toml lists the lesson" in problems


def test_a_readme_without_its_head(tiny):
    tiny.edit("README.fr.md", "<!-- /course -->", "")
    assert any(problem.startswith("README.fr.md: the course's head stands between") for problem in tiny.problems())
    tiny.path("README.fr.md").unlink()
    tiny.build()
    assert "README.fr" not in tiny.path("README.md").read_text("utf-8") and not tiny.problems()
