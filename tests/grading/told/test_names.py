"""What students are called in a file system."""

from coursekit.grading.told.names import page_names


def test_page_names_are_safe_and_no_two_are_alike():
    names = page_names(["Ana", "ana", "../../etc/passwd", "a/b", "a\\b", "", "..", "Ștefan Ioniță", "x" * 300])
    assert len({name.casefold() for name in names.values()}) == 9
    assert all("/" not in name and "\\" not in name and not name.startswith(".") for name in names.values())
    assert (names["Ana"], names["ana"], names["Ștefan Ioniță"]) == ("Ana.html", "ana-2.html", "Ștefan Ioniță.html")
