"""A tiny course in three languages: written, translated, built and, for outputs, as if executed."""

import json
import random
import re
import shutil
import struct
import zlib
from pathlib import Path

import pytest

from coursekit.build import build, update
from coursekit.catalog import read_catalog, write_catalog
from coursekit.check import check
from coursekit.cli import main
from coursekit.course import open_course
from coursekit.execute import codes
from coursekit.notebook import dumps

PYPROJECT = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "labkit"
version = "0.1.0"
readme = "README.md"
license = "MIT"
license-files = ["LICENSE"]

[dependency-groups]
dev = ["pytest"]

[tool.setuptools.packages.find]
include = ["labkit*"]

[tool.setuptools.package-data]
labkit = ["locale/*/LC_MESSAGES/*.mo"]

[tool.coursekit]
repository = "OWNER/REPO"
ref = "main"

[tool.ruff]
line-length = 120
"""

# The course's own languages.
LANGUAGES = re.search(
    r"^\[languages.*", (Path(__file__).parents[2] / "lessons" / "course.toml").read_text("utf-8"), re.M | re.S
)[0]

LESSON = '''\
# ---
# title: A tiny lesson
# minutes: 5
# ---

# %% title [markdown]
# # A tiny lesson
#
# The return is $G = \\sum_t r_t \\text{ in all}$; see `numpy` and [the book](http://incompleteideas.net/book/).
#
# ![A red dot](../../images/dot.png)

# %% hint [markdown]
# <details><summary>Hint</summary>
#
# Python has a function for it.
#
# </details>

# %% sum-code tags=["exercise"] points=2
def total(rewards):
    """Return the sum of the rewards.

    Args:
        rewards: a list of floats.
    """
    # TODO: add the rewards,
    # one by one.
    ### BEGIN SOLUTION
    # Python adds them from left to right.
    return sum(2 * reward for reward in rewards if reward is not None) / 2  # no loop is needed
    ### STUDENT
    # raise NotImplementedError("TODO")
    ### END SOLUTION


# %% sum-check tags=["check", "nbval-check-output"]
if total([1, 2]) != 3:
    raise AssertionError(_("Your sum is wrong: it should be 3."))
print(_("Well done!"))

# %% shown
def text(value):
    """Say what the sum is."""
    return _(f"The sum of all of these rewards is {value:.1f}.")


print(text(total([1, 2, 4])))

# %% why [markdown]
# Why is the sum finite?

# %% why-answer [markdown] tags=["question"] points=1
# ### BEGIN SOLUTION
# Because one episode has finitely many rewards. Each of them is bounded by a constant.
# ### STUDENT
# *Your answer here.*
# ### END SOLUTION
'''

MORE = """\
# %% title [markdown]
# # Another lesson

# %% squares
squares = [number**2 for number in range(4)]
print(squares)
"""

LABKIT = {
    "__init__.py": '''"""Helpers of the tiny course."""

from labkit.messages import _, ngettext, use


def steps(count):
    """So many steps, in words."""
    return ngettext("{count} step", "{count} steps", count).format(count=count)


def done():
    """Say so."""
    return _("All checks passed")
''',
    "messages.py": '''"""Messages in the language in use."""

import gettext
from pathlib import Path

current = gettext.NullTranslations()


def use(language):
    """Choose the language."""
    global current
    current = gettext.translation("labkit", Path(__file__).parent / "locale", [language], fallback=True)


def _(text):
    return current.gettext(text)


def ngettext(one, many, count):
    return current.ngettext(one, many, count)
''',
    "py.typed": "",
}

COURSE = """\
title = "A tiny course"
about = "Two lessons, and little in them."

[[part]]
title = "The first part"
lessons = ["tiny"]

[[part]]
title = "The second part"
lessons = ["more"]
"""

README = """\
<!-- course: written by coursekit build -->
<!-- /course -->

[Open](https://colab.research.google.com/github/OWNER/REPO/blob/main/notebooks/en/01_tiny.ipynb) or
[Binder](https://mybinder.org/v2/gh/OWNER/REPO/main?labpath=notebooks), and [the sources](https://github.com/OWNER/REPO).

<!-- teachers -->
## For teachers

Solutions are in solutions/.
<!-- /teachers -->

## Licence
"""

# English: French, Romanian.
WORDS = {
    "A tiny course": ("Un petit cours", "Un curs mic"),
    "Two lessons, and little in them.": ("Deux leçons, et pas grand-chose dedans.", "Două lecții, cu puține în ele."),
    "The first part": ("La première partie", "Prima parte"),
    "The second part": ("La deuxième partie", "A doua parte"),
    "A tiny lesson": ("Une toute petite leçon", "O lecție mică"),
    "# A tiny lesson": ("# Une toute petite leçon", "# O lecție mică"),
    "The return is $G = \\sum_t r_t \\text{ in all}$; see `numpy` and [the book](http://incompleteideas.net/book/).": (
        "Le retour est $G = \\sum_t r_t \\text{ en tout}$\u00a0; voir `numpy` et [le livre](http://incompleteideas.net/book/).",
        "Câștigul este $G = \\sum_t r_t \\text{ în total}$; vezi `numpy` și [cartea](http://incompleteideas.net/book/).",
    ),
    "![A red dot](../../images/dot.png)": (
        "![Un point rouge](../../images/dot.png)",
        "![Un punct roșu](../../images/dot.png)",
    ),
    "<details><summary>Hint</summary>": (
        "<details><summary>Indice</summary>",
        "<details><summary>Indiciu</summary>",
    ),
    "Python has a function for it.": ("Python a une fonction pour cela.", "Python are o funcție pentru asta."),
    "Return the sum of the rewards.\n\nArgs:\n    rewards: a list of floats.": (
        "Renvoie la somme des récompenses.\n\nArgs:\n    rewards: une liste de nombres.",
        "Întoarce suma recompenselor.\n\nArgs:\n    rewards: o listă de numere.",
    ),
    "TODO: add the rewards,\none by one.": (
        "TODO: additionnez les récompenses,\nune à une,\nde gauche à droite.",
        "TODO: adunați recompensele una câte una.",
    ),
    "Python adds them from left to right.": (
        "Python les additionne de gauche à droite.",
        "Python le adună de la stânga la dreapta.",
    ),
    "no loop is needed": ("aucune boucle n'est nécessaire", "nu este nevoie de o buclă"),
    "Your sum is wrong: it should be 3.": (
        "Votre somme est fausse\u00a0: elle devrait valoir 3, et ce message est si long qu'il lui faut deux lignes.",
        "Suma este greșită: ar trebui să fie 3.",
    ),
    "Well done!": ("Bien joué\u00a0!", "Bravo!"),
    "Say what the sum is.": ("Dit ce que vaut la somme.", "Spune cât este suma."),
    "The sum of all of these rewards is {value:.1f}.": (
        "La somme de toutes ces récompenses vaut {value:.1f}.",
        "Suma tuturor acestor recompense este {value:.1f}.",
    ),
    "Why is the sum finite?": ("Pourquoi la somme est-elle finie\u00a0?", "De ce este suma finită?"),
    "*Your answer here.*": ("*Votre réponse ici.*", "*Răspunsul dumneavoastră aici.*"),
    "Because one episode has finitely many rewards. Each of them is bounded by a constant.": (
        "Parce qu'un épisode a un nombre fini de récompenses. Chacune d'elles est bornée par une constante.",
        "Pentru că un episod are un număr finit de recompense. Fiecare dintre ele este mărginită de o constantă.",
    ),
    "# Another lesson": ("# Une autre leçon", "# Altă lecție"),
    "{count} step": (("{count} pas", "{count} pas"), ("{count} pas", "{count} pași", "{count} de pași")),
    "All checks passed": ("Tout est juste", "Totul este corect"),
}


def png(seed):
    """A small picture, another one for each seed."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(24 * 3) for row in range(24))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Tiny:
    """A course on disk, and what one does to it."""

    def __init__(self, root, capsys=None):
        self.root, self.capsys = root, capsys

    @property
    def course(self):
        return open_course(self.root)

    def path(self, name):
        return self.root / name

    def write(self, name, text):
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text, "utf-8")

    def edit(self, name, old, new):
        text = self.path(name).read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def lesson(self, old, new):
        """Change the first lesson."""
        self.edit("lessons/tiny/lesson.py", old, new)

    def append(self, cell, lesson="tiny"):
        """Add a cell to a lesson."""
        name = f"lessons/{lesson}/lesson.py"
        self.write(name, self.path(name).read_text("utf-8") + "\n" + cell)

    def entry(self, english, language="fr", lesson="tiny"):
        """An entry of a catalog, with the catalog and its path."""
        path = self.course.catalog(lesson, language)
        catalog = read_catalog(path)
        return next(entry for entry in catalog if entry.msgid == english), catalog, path

    def say(self, english, translation, language="fr", lesson="tiny"):
        """Change a translation in a catalog."""
        entry, catalog, path = self.entry(english, language, lesson)
        entry.msgstr = translation
        write_catalog(path, catalog)

    def flag(self, english, *flags, language="fr"):
        entry, catalog, path = self.entry(english, language)
        entry.flags = list(flags)
        write_catalog(path, catalog)

    def notebook(self, kind="solutions", language="en", lesson="tiny"):
        return json.loads(self.course.notebook(kind, language, lesson).read_text("utf-8"))

    def cell(self, name, kind="solutions", language="en", lesson="tiny"):
        cells = self.notebook(kind, language, lesson)["cells"]
        return next(cell for cell in cells if cell["id"] == name)

    def source(self, *where, **how):
        return "".join(self.cell(*where, **how)["source"])

    def change(self, name, change, kind="solutions", language="en", lesson="tiny"):
        """Edit a cell of a committed notebook by hand."""
        path = self.course.notebook(kind, language, lesson)
        notebook = self.notebook(kind, language, lesson)
        change(next(cell for cell in notebook["cells"] if cell["id"] == name))
        path.write_bytes(dumps(notebook))

    def build(self):
        return build(self.course, self.course.lessons())

    def update(self):
        return update(self.course, self.course.lessons())

    def problems(self):
        return [str(problem) for problem in check(self.course, self.course.lessons())]

    def files(self):
        """Every file and what it holds."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes() for path in self.root.rglob("*") if path.is_file()
        }

    def run(self, *arguments):
        """The command line: exit code, standard output, standard error."""
        code = main(list(arguments))
        return code, *self.capsys.readouterr()


def translate_all(tiny):
    """Fill every catalog from WORDS."""
    for path in tiny.root.rglob("*.po"):
        catalog = read_catalog(path)
        column = ("fr", "ro").index(catalog.metadata["Language"])
        for entry in catalog:
            translation = WORDS[entry.msgid][column]
            if entry.msgid_plural:
                entry.msgstr_plural = dict(enumerate(translation))
            else:
                entry.msgstr = translation
        write_catalog(path, catalog)


SHOWN = {
    "en": "The sum of all of these rewards is 7.0.",
    "fr": "La somme de toutes ces récompenses vaut 7.0.",
    "ro": "Suma tuturor acestor recompense este 7.0.",
}


def as_if_executed(tiny):
    """Give the solutions the outputs that a kernel would."""
    for language in tiny.course.languages:
        for lesson in tiny.course.lessons():
            path = tiny.course.notebook("solutions", language, lesson)
            notebook = tiny.notebook("solutions", language, lesson)
            for number, cell in enumerate(codes(notebook), start=1):
                cell["execution_count"] = number
                if cell["id"] == "shown":
                    cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": [SHOWN[language] + "\n"]}]
            path.write_bytes(dumps(notebook))


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """The tiny course, made once."""
    tiny = Tiny(tmp_path_factory.mktemp("template"))
    tiny.write("pyproject.toml", PYPROJECT)
    tiny.write("lessons/course.toml", COURSE + LANGUAGES)
    tiny.write("lessons/tiny/lesson.py", LESSON)
    tiny.write("lessons/more/lesson.py", MORE)
    for name, text in LABKIT.items():
        tiny.write(f"labkit/{name}", text)
    tiny.path("images").mkdir()
    tiny.path("images/dot.png").write_bytes(png(0))
    tiny.write("images/dot.py", "# draws the dot\n")
    tiny.write("README.md", README)
    tiny.write("README.fr.md", README)
    for name in ("LICENSE", "lab.mk", "requirements.txt", ".gitignore"):
        tiny.write(name, f"{name} of the tiny course\n")
    tiny.write("tests/test_nothing.py", "")
    tiny.write("coursekit/__init__.py", "")
    tiny.update()
    translate_all(tiny)
    tiny.build()
    as_if_executed(tiny)
    return tiny.root


@pytest.fixture
def tiny(template, tmp_path, monkeypatch, capsys):
    """A copy of the tiny course, which is the current directory."""
    root = tmp_path / "course"
    shutil.copytree(template, root)
    monkeypatch.chdir(root)
    return Tiny(root, capsys)
