"""`coursekit check` names the file, the cell and the reason of whatever is wrong, and says nothing of a clean course."""

import json

import pytest

LESSON = "lessons/tiny/lesson.py"
FR, RO = "lessons/tiny/fr.po", "lessons/tiny/ro.po"
WHY, WELL = "Why is the sum finite?", "Well done!"
RETURN = (
    "The return is $G = \\sum_t r_t \\text{ in all}$; see `numpy` and [the book](http://incompleteideas.net/book/)."
)
SUM = "The sum of all of these rewards is {value:.1f}."
TODO = "TODO: add the rewards,\none by one."


def named(tiny, where, reason):
    """Whether check exits 1 with a line that begins so and gives that reason."""
    code, out, err = tiny.run("check")
    assert (code, err) == (1, "")
    assert any(line.startswith(f"{where}: ") and reason in line for line in out.splitlines()), out
    return out.splitlines()


def test_a_clean_course(tiny):
    assert tiny.run("check") == (0, "clean: 01_tiny, 02_more\n", "")


def test_a_missing_translation(tiny):
    tiny.say(WHY, "")
    lines = named(tiny, f"{FR}: why", "'Why is the sum finite?' is not translated")
    assert lines[-1] == f"{len(lines) - 1} to mend"


def test_a_translation_of_blanks(tiny):
    tiny.say(WHY, " \n")
    named(tiny, f"{FR}: why", "is not translated")


def test_a_fuzzy_translation(tiny):
    tiny.flag(WHY, "fuzzy")
    named(tiny, f"{FR}: why", "is fuzzy: mend it, then take its fuzzy flag off")


@pytest.mark.parametrize(
    ("english", "old", "new", "reason"),
    [
        (RETURN, "r_t", "r_k", "the maths '$G=\\\\sum_tr_t\\\\text{}$' is missing"),
        (RETURN, "$G", "$H", "the maths '$H=\\\\sum_tr_t\\\\text{}$' is not in the English"),
        (RETURN, "`numpy`", "`numpi`", "the code '`numpy`' is missing"),
        (RETURN, "`numpy`", "numpy", "the code '`numpy`' is missing"),
        (RETURN, "/book/", "/livre/", "the link 'http://incompleteideas.net/book/' is missing"),
        (RETURN, "Le retour", "<b>Le retour</b>", "the HTML '<b>' is not in the English"),
        ("# A tiny lesson", "# U", "## U", "the heading '#' is missing"),
        ("![A red dot](../../images/dot.png)", "![", "[", "the picture '../../images/dot.png' is missing"),
        (SUM, "{value:.1f}", "{value:.2f}", "the {field} '{value:.1f}' is missing"),
        (SUM, "{value:.1f}", "{valeur:.1f}", "the {field} '{valeur:.1f}' is not in the English"),
        (SUM, "{value:.1f}", "{value:.1f} {value:.1f}", "the {field} '{value:.1f}' is not in the English"),
        (TODO, "TODO", "DOTO", "the mark 'TODO' is missing"),
    ],
)
def test_what_a_translation_must_keep(tiny, english, old, new, reason):
    entry, *_ = tiny.entry(english)
    assert old in entry.msgstr
    tiny.say(english, entry.msgstr.replace(old, new))
    named(tiny, f"{FR}: {entry.msgctxt}", reason)


def test_words_in_formulas_and_formulas_with_signs_are_free(tiny):
    tiny.lesson(WHY, "If $x<y$ is so, and if $y>z$ is so?")
    tiny.update()
    tiny.say("If $x<y$ is so, and if $y>z$ is so?", "Si $x<y$ est vrai, et si $y>z$ l'est\u00a0?")
    tiny.flag("If $x<y$ is so, and if $y>z$ is so?")
    assert [problem for problem in tiny.problems() if problem.startswith(f"{FR}: why: ")] == []


@pytest.mark.parametrize("mark", "şţŞŢ")
@pytest.mark.parametrize("english", [WHY, WELL, "no loop is needed", TODO])
def test_romanian_has_no_cedilla(tiny, mark, english):
    entry, *_ = tiny.entry(english, "ro")
    tiny.say(english, f"{entry.msgstr} {mark}", "ro")
    named(tiny, f"{RO}: {entry.msgctxt}", f"Romanian writes {'șțȘȚ'['şţŞŢ'.index(mark)]}, and this has {mark}")


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("fr", "Bien joué !", "a no-break space is due at 'é !'"),
        ("fr", "Bien joué!", "a no-break space is due at 'é!'"),
        ("fr", "Vraiment ?", "a no-break space is due"),
        ("fr", "Bien ; joué", "a no-break space is due"),
        ("fr", "Bien : joué", "a no-break space is due"),
        ("fr", "**Bien:** joué", "a no-break space is due"),
        ("fr", "(Bien joué!)", "a no-break space is due"),
        ("fr", "Voir `x` ;", "a no-break space is due"),
        ("fr", "Voir $x$ ;", "a no-break space is due"),
        ("fr", "Voir [cela](http://a.fr) ?", "a no-break space is due"),
        ("fr", "« Bien »", "a no-break space is due"),
        ("fr", "«\u00a0Bien»", "a no-break space is due"),
        ("fr", "«Bien\u00a0»", "a no-break space is due"),
        ("fr", "Encore 20 000 pas", "a no-break space is due at '20 000'"),
        ("ro", "Încă 1 000 000 de pași", "a no-break space is due at '1 000'"),
        ("fr", 'Bien "joué"', 'the quote " should be « »'),
        ("fr", "Bien “joué”", "the quote “ should be « »"),
        ("ro", 'Foarte "bine"', 'the quote " should be „ ”'),
    ],
)
def test_each_language_has_its_own_marks(tiny, language, text, reason):
    tiny.say(WHY, text, language)
    named(tiny, f"lessons/tiny/{language}.po: why", reason)
    tiny.say(WELL, text, language)
    named(tiny, f"lessons/tiny/{language}.po: sum-check", reason)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Bien\u00a0: «\u00a0joué\u00a0», l'un\u202f! **Vraiment\u00a0?** 10:30 (oui\u202f; non)"),
        ("fr", "| a | b |\n|:---|---: |\n| 1 | 2 |"),
        ("ro", "„Foarte bine”, spune: da! Ține-ți firea; știi?"),
        ("fr", "En 20\u00a0000 pas (chapitre 3, 2018), de 1,5 100 fois à 2024 100"),
    ],
)
def test_right_marks_are_not_complained_of(tiny, language, text):
    tiny.say(WHY, text, language)
    assert not [problem for problem in tiny.problems() if problem.startswith("lessons/")]


def test_comments_and_docstrings_keep_to_the_keyboards_marks(tiny):
    tiny.say("no loop is needed", 'une "boucle" : inutile !')
    tiny.say("Say what the sum is.", 'Dit "la somme" ; voilà !')
    assert not [problem for problem in tiny.problems() if problem.startswith("lessons/")]


@pytest.mark.parametrize(
    ("english", "translation", "cell"),
    [
        (SUM, "La somme vaut {value:.1f} {", "shown"),
        (SUM, "La somme vaut {print(value)}", "shown"),
        (SUM, "La somme vaut {value:.1f}{value}", "shown"),
        ("Say what the sum is.", 'Dit la somme."""\n    value = 2\n    """', "shown"),
        ("Say what the sum is.", 'Dit "la somme"', "shown"),
        ("no loop is needed", "aucune boucle\rimport os", "sum-code"),
    ],
)
def test_code_that_differs_between_languages(tiny, english, translation, cell):
    tiny.say(english, translation)
    named(tiny, f"{FR}: {cell}", "the code differs from the English")


def test_code_that_the_build_itself_would_change(tiny, monkeypatch):
    monkeypatch.setattr("coursekit.text.escaped", str.upper)
    named(tiny, f"{LESSON}: shown", "the code differs from the English")


@pytest.mark.parametrize("kind", ["notebooks", "solutions"])
@pytest.mark.parametrize("language", ["en", "ro"])
def test_a_notebook_edited_by_hand(tiny, kind, language):
    def edit(cell):
        cell["source"] = ["Edited."]

    tiny.change("why", edit, kind, language)
    named(tiny, f"{kind}/{language}/01_tiny.ipynb: why", "not what the source builds")


def test_a_notebook_with_a_cell_too_few_or_too_many(tiny):
    path = tiny.course.notebook("notebooks", "en", "tiny")
    text = path.read_text("utf-8")
    notebook = tiny.notebook("notebooks")
    last = notebook["cells"].pop()
    path.write_text(text.replace("why-answer", "other-answer"), "utf-8")
    named(tiny, "notebooks/en/01_tiny.ipynb: why-answer", "not what the source builds")
    tiny.write("notebooks/en/01_tiny.ipynb", json.dumps(notebook))
    named(tiny, f"notebooks/en/01_tiny.ipynb: {last['id']}", "not what the source builds")


def test_a_student_notebook_with_an_output(tiny):
    def run(cell):
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["7.0\n"]}]

    tiny.change("shown", run, "notebooks")
    named(tiny, "notebooks/en/01_tiny.ipynb: shown", "not what the source builds")


def test_a_notebook_laid_out_otherwise(tiny):
    path = tiny.course.notebook("notebooks", "en", "tiny")
    path.write_bytes(path.read_bytes() + b"\n")
    named(tiny, "notebooks/en/01_tiny.ipynb", "not what the source builds")


@pytest.mark.parametrize("kind", ["notebooks", "solutions"])
@pytest.mark.parametrize(
    "text", ["{", "[]", "{}", '{"cells": ["x"]}', '{"cells": [{"cell_type": "code", "source": 3}]}', "\x00"]
)
def test_a_notebook_that_is_none(tiny, kind, text):
    tiny.write(f"{kind}/fr/01_tiny.ipynb", text)
    named(tiny, f"{kind}/fr/01_tiny.ipynb", "this is no notebook")


def test_a_missing_notebook_and_a_stray_one(tiny):
    path = tiny.course.notebook("solutions", "fr", "tiny")
    path.rename(path.with_name("09_gone.ipynb"))
    named(tiny, "solutions/fr/01_tiny.ipynb", "this notebook is not there: run coursekit build")
    named(tiny, "solutions/fr/09_gone.ipynb", "no lesson builds this notebook: build, or delete it")


def test_a_solution_that_was_not_executed(tiny):
    def forget(cell):
        cell["execution_count"] = None

    tiny.change("shown", forget, "solutions", "ro")
    named(tiny, "solutions/ro/01_tiny.ipynb: shown", "this cell was not executed: run coursekit execute 01_tiny")


def test_a_stale_catalog(tiny):
    tiny.lesson(WHY, "Why is this sum finite?")
    for catalog in (FR, RO):
        named(tiny, catalog, "the catalog is stale (the English changed): run coursekit update")


def test_a_missing_catalog(tiny):
    tiny.path(FR).unlink()
    lines = named(tiny, "notebooks/fr/01_tiny.ipynb", "no lesson builds this notebook")
    assert lines[0] == "not translated into French, and so left out there: 01_tiny"


def test_a_catalog_that_does_not_parse(tiny):
    tiny.edit(FR, 'msgctxt "why"', "msgctxt why")
    tiny.say(WHY, "", "ro")
    lines = named(tiny, FR, "the catalog does not parse (line ")
    assert sum(line.startswith(FR) for line in lines) == 1
    assert any(line.startswith(f"{RO}: why: ") for line in lines)  # and what else is wrong


@pytest.mark.parametrize(
    ("old", "new", "cell", "reason"),
    [
        ("### STUDENT\n    # raise", "### STUDENTS\n    # raise", "sum-code", "unknown marker '### STUDENTS'"),
        ("    ### END SOLUTION\n", "", "sum-code", "unbalanced markers"),
        ("# ### STUDENT\n# *Your", "# *Your", "why-answer", "unbalanced markers"),
        ("# %% shown", "# %% title", "title", "this name stands on 2 cells"),
        ("# %% shown", "# %%", "cell 5", "a cell needs a name"),
        ('tags=["check", "nbval', 'tags=["chekc", "nbval', "sum-check", "unknown tag 'chekc'"),
        ('["exercise"] points=2', '["exercise"]', "sum-code", "have points=N"),
        ('tags=["check", ', "tags=[", "sum-code", "no check cell follows"),
        ("print(text(", "print text(", "shown", "the code does not parse"),
        ("images/dot.png", "images/dots.png", "title", "the picture ../../images/dots.png is not there"),
        ("images/dot.png", "images/dot.py", "title", "the picture ../../images/dot.py is not there, or is no .png"),
        ("../../images/dot.png", "dot.png", "title", "the picture dot.png is not there"),
        ("![A red dot]", "![]", "title", "has no words for who cannot see it"),
        ("Python has", '<img src="x.png"> Python has', "hint", "pictures are written ![words](path)"),
    ],
)
def test_faults_of_the_source(tiny, old, new, cell, reason):
    tiny.lesson(old, new)
    named(tiny, f"{LESSON}: {cell}", reason)


def test_every_fault_is_named_once(tiny):
    tiny.say(WHY, "")
    tiny.write("lessons/more/lesson.py", "# %% a\nx = = 1\n\n# %% b\ny = = 1")
    lines = named(tiny, f"{FR}: why", "is not translated")
    assert len(lines) == len(set(lines))
    assert [line.partition(": the code")[0] for line in lines if "does not parse" in line] == [
        "lessons/more/lesson.py: a",
        "lessons/more/lesson.py: b",
    ]


def test_only_the_chosen_lesson_is_looked_at(tiny):
    tiny.say(WHY, "")
    assert tiny.run("check", "02") == (0, "clean: 02_more\n", "")
    assert tiny.run("check", "01")[0] == 1


LABKIT = "labkit/locale/fr/LC_MESSAGES/labkit"


def test_messages_of_labkit(tiny):
    tiny.edit(f"{LABKIT}.po", "Tout est juste", "Tout est juste !")
    lines = named(tiny, f"{LABKIT}.po", "a no-break space is due")
    assert any(line.startswith(f"{LABKIT}.mo: this is not what the catalog compiles to") for line in lines)


def test_a_plural_form_too_few(tiny):
    tiny.edit(f"{LABKIT}.po", 'msgstr[1] "{count} pas"', 'msgstr[1] ""')
    named(tiny, f"{LABKIT}.po", "'{count} step' is not translated")


def test_a_new_message_of_labkit(tiny):
    tiny.edit("labkit/__init__.py", "All checks passed", "All is right")
    named(tiny, f"{LABKIT}.po", "the catalog is stale")


def test_labkit_that_does_not_parse(tiny):
    tiny.edit("labkit/__init__.py", "def done", "def def done")
    named(tiny, "labkit/__init__.py", "this cannot be read (invalid syntax")


def test_an_f_string_among_labkits_messages(tiny):
    tiny.edit("labkit/__init__.py", '_("All', '_(f"All')
    named(tiny, "labkit/__init__.py", "line 13 marks an f-string")
