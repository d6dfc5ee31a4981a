"""The table of marks."""

import csv
import io

import pytest

from coursekit.grading.handed_in.roll import Student
from coursekit.grading.marking.marks import UNDONE, Mark, Marked
from coursekit.grading.told.marks_csv import table
from coursekit.grading.told.words import number
from tests.grading.told.students import KEY, student


def test_the_table_by_hand():
    half = student("Bo", hand_policies=Mark(0.5, "partly"), q_update=UNDONE, sarsa_update=Mark(0.0, "failed"))
    absent = Marked(Student("Ana, née Pop"), {})
    head, *body = table([KEY], [half, student("=1+1"), absent]).splitlines()
    assert head == (
        "student,02 random-action /1,02 hand-policies /1,02 bellman-backup /2,02 value-iteration /2,"
        "02 q-update /2,02 q-episode /2,02 sarsa-update /1,02 mended-step /2,total /13"
    )
    assert body == ["Bo,1,0.5,2,2,0,2,,2,9.5", "'=1+1,1,1,2,2,2,2,1,2,13", '"Ana, née Pop",,,,,,,,,0']


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r@", " -"])
def test_no_name_is_a_formula_to_a_spreadsheet(sign):
    (row,) = csv.reader(io.StringIO(table([KEY], [student(f"{sign}1+1")]).partition("\n")[2], newline=""))
    assert row[0] == f"'{sign.strip()}1+1"


def test_a_name_with_signs_inside_is_left_alone():
    (row,) = csv.reader(io.StringIO(table([KEY], [student('Ana-Maria "=" +@ Pop')]).partition("\n")[2]))
    assert row[0] == 'Ana-Maria "=" +@ Pop'


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (0.5, "0.5"), (0.0, "0"), (10.0, "10"), (2 / 3, "0.67")])
def test_numbers_of_points(value, text):
    assert number(value) == text
