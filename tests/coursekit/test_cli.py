"""The command line, as it is installed and as a module."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.cli import main

ROOT = Path(__file__).parents[2]
COMMANDS = ("build", "check", "execute", "grade", "release", "update")


def run(command, folder, **settings):
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | settings
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_the_installed_command(tiny):
    done = run([Path(sys.executable).with_name("coursekit"), "check"], tiny.root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "clean: 01_tiny, 02_more\n", "")


def test_the_module_builds_the_same_bytes_on_another_machine(tiny):
    before = tiny.files()
    for path in tiny.root.glob("notebooks/*/*"):
        path.unlink()
    command = [sys.executable, "-P", "-m", "coursekit", "build"]
    done = run(command, tiny.root, PYTHONHASHSEED="7", LC_ALL="C", TZ="Asia/Tokyo")
    assert (done.returncode, done.stdout.splitlines()[-1], done.stderr) == (0, "files changed: 9", "")
    assert tiny.files() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert command in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["bild"], ["check", "--fix"], ["release"]])
def test_a_wrong_command(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("usage: coursekit")


def complaint(capsys, *arguments):
    """The one line that a command says when it gives up."""
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("coursekit: ")
    return err


@pytest.mark.parametrize("command", [["build"], ["check"], ["execute"], ["update"], ["release", "--to", "x"]])
def test_outside_a_course(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    assert "is no course" in complaint(capsys, *command)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[project]\nname = 'x'\n", "is no course"),
        ("[tool.coursekit]\nref = 'main'\n", "is no course"),
        ("tool = 3", "is no course"),
        ("[tool.coursekit", "pyproject.toml does not parse"),
        ("[tool.coursekit]\nrepository = 'a/b'\nref = 'main'\n", "lessons/course.toml: this file is not there"),
    ],
)
def test_settings_that_are_missing_or_wrong(tmp_path, monkeypatch, capsys, text, message):
    (tmp_path / "pyproject.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert message in complaint(capsys, "check")


def test_build_and_update_say_what_changed(tiny):
    assert tiny.run("build") == (0, "files changed: 0\n", "")
    assert tiny.run("update") == (0, "files changed: 0\n", "")
    tiny.lesson("Why is the sum finite?", "Why is this sum finite?")
    assert tiny.run("update") == (0, "lessons/tiny/fr.po\nlessons/tiny/ro.po\nfiles changed: 2\n", "")
    assert tiny.run("build", "02") == (0, "files changed: 0\n", "")
    code, out, _ = tiny.run("build", "01")
    assert (code, out.splitlines()[-1]) == (0, "files changed: 6")


def test_a_disk_that_refuses(tiny, monkeypatch, capsys):
    def refuse(*_):
        raise PermissionError(13, "Permission denied", "notebooks")

    tiny.lesson("Why is the sum finite?", "Why?")
    monkeypatch.setattr("coursekit.build.write_bytes", refuse)
    assert "Permission denied: 'notebooks'" in complaint(capsys, "build")


def test_an_interruption(tiny, monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("coursekit.cli.check", interrupt)
    assert "stopped" in complaint(capsys, "check")
