"""What a probe calls in the kernel, in this process."""

import base64
import random

import numpy as np
import pytest

from coursekit.grading.sandbox.guest.calls import load, reply
from coursekit.grading.sandbox.guest.wire import decode, encode


def loaded(inputs, names=()):
    names = dict(names)
    load(base64.b64encode(encode(inputs)).decode(), names)
    return names


def test_inputs_become_global_variables_and_the_last_result_is_gone():
    assert loaded({"x": 1, "y": (2.5, None)}, {"result": 9, "f": 3, "x": 7}) == {"x": 1, "y": (2.5, None), "f": 3}


def test_chance_begins_anew_with_each_draw():
    drawn = []
    for _ in range(2):
        loaded({})
        drawn.append((random.random(), np.random.random()))  # noqa: NPY002
    assert drawn[0] == drawn[1]
    assert drawn[0][0] == random.Random(0).random()
    assert drawn[0][1] == np.random.RandomState(0).random_sample()


def test_a_result_goes_out_as_text_up_to_its_limit():
    size = len(encode("four"))
    assert decode(base64.b64decode(reply("four", size)), size) == "four"
    with pytest.raises(ValueError, match=f"the result has {size} bytes, more than {size - 1}"):
        reply("four", size - 1)
    with pytest.raises(TypeError, match="no plain data"):
        reply(object(), size)
