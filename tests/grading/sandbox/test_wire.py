"""Plain data comes back as it went; forged data is refused before anything is allocated."""

import json
import pickle
import tracemalloc

import numpy as np
import pytest

from coursekit.grading.sandbox.guest.wire import DEPTH, MAGIC, NODES, decode, encode

LIMIT = 2**20


def message(header, arrays=b""):
    """What a forger may send: any header, any bytes behind it."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return MAGIC + len(text).to_bytes(4, "little") + text + arrays


@pytest.mark.parametrize(
    "value",
    [None, True, 0, -(2**63), 2.5, "é ț", [], (), {}, [1, (2, [None, "a"])], {"a": {"b": (True, 1.5)}}],
    ids=repr,
)
def test_plain_values_come_back_equal_and_of_the_same_type(value):
    back = decode(encode(value), LIMIT)
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "int32", "float16", "float32", "float64", ">f4", ">i8"])
def test_arrays_keep_shape_type_and_values(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    back = decode(encode({"x": array}), LIMIT)["x"]
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.flags.writeable


def test_arrays_of_other_layouts_and_of_no_dimension_or_no_element():
    arrays = [
        np.arange(12.0).reshape(3, 4).T,
        np.arange(9)[::-2],
        np.array(3.5, "f4"),
        np.zeros((0, 3)),
        np.array([np.nan, np.inf]),
    ]
    for array, back in zip(arrays, decode(encode(arrays), LIMIT), strict=True):
        np.testing.assert_array_equal(back, array)
        assert back.shape == array.shape


def test_scalars_of_numpy_become_python_s_and_tensors_arrays():
    class Tensor:
        def numpy(self):
            return np.array([1.0, 2.0], "f4")

    back = decode(encode([np.float32(0.5), np.int64(3), np.bool_(True), Tensor()]), LIMIT)
    assert back[:3] == [0.5, 3, True]
    assert [type(part) for part in back[:3]] == [float, int, bool]
    np.testing.assert_array_equal(back[3], [1.0, 2.0])


@pytest.mark.parametrize(
    "value",
    [object(), b"bytes", {1: 2}, {1, 2}, 1j, np.array([object()]), np.array(["a"]), np.array([1j])],
    ids=["object", "bytes", "number-keys", "set", "complex", "objects", "strings", "complexes"],  # repr has an address
)
def test_what_is_no_plain_data_is_refused_where_it_is_made(value):
    with pytest.raises(TypeError):
        encode([value])


def test_containers_nested_too_deep_are_refused_on_both_sides():
    value, header = 1, 1
    for _ in range(DEPTH + 1):
        value, header = [value], {"list": [header]}
    with pytest.raises(ValueError, match="nested"):
        encode(value)
    with pytest.raises(ValueError, match="nested"):
        decode(message(header), LIMIT)


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"x",
        MAGIC,
        MAGIC + b"\xff\xff\xff\xff{}",
        encode([1.0, np.ones(3)])[:-1],
        encode([1.0, np.ones(3)]) + b"!",
        pickle.dumps([1.0]),
        message(b"{"),
        message(b"[" * 100_000),
        message(b'{"list":[' * 30_000),
        message(b"9" * 5_000),
        message(2**64),
        message([1]),
        message({}),
        message({"list": [], "tuple": []}),
        message({"list": 1}),
        message({"set": [1]}),
        message({"dict": [1]}),
        message({"dict": [["a"]]}),
        message({"dict": [[1, 2]]}),
        message(b'"\\ud800"'),
        message({"dict": [["\ud800", 1]]}),
        message({"array": ["float64"]}),
        message({"array": ["object", [1]]}, bytes(8)),
        message({"array": ["O", [1]]}, bytes(8)),
        message({"array": ["<U4", [1]]}, bytes(16)),
        message({"array": [["float64"], [1]]}, bytes(8)),
        message({"array": ["float64", [2]]}, bytes(8)),
        message({"array": ["float64", [-1]]}, bytes(8)),
        message({"array": ["float64", [True]]}, bytes(8)),
        message({"array": ["float64", [1.0]]}, bytes(8)),
        message({"array": ["float64", [1] * 40]}, bytes(8)),
        message({"array": ["float64", ["8"]]}, bytes(8)),
        message({"array": ["uint8", [0, 2**70]]}),
    ],
    ids=lambda forged: repr(forged[:60]),
)
def test_forged_data_is_refused_with_a_sentence(forged):
    with pytest.raises(ValueError, match=r"^the data"):
        decode(forged, LIMIT)


def test_a_dict_may_not_hide_an_array_type_behind_an_unhashable_name():
    with pytest.raises(ValueError, match="array without type"):
        decode(message({"array": [{"a": 1}, [1]]}, bytes(8)), LIMIT)


@pytest.mark.parametrize(
    "forged",
    [
        message({"array": ["float64", [2**39]]}, bytes(8)),
        message({"array": ["uint8", [2**39, 2**39, 2**39]]}, bytes(8)),
        message(b'{"list":[' + b"[]," * NODES + b"1]}"),
        bytes(2**20 + 1),
    ],
    ids=["large", "larger", "many", "long"],
)
def test_sizes_are_checked_before_anything_is_allocated(forged):
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"^the data"):
            decode(forged, LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 2**21
    finally:
        tracemalloc.stop()


def test_random_bytes_never_do_more_than_raise_value_error():
    rng = np.random.default_rng(0)
    good = encode({"a": [1, 2.5, "text", None], "b": np.arange(5.0), "c": (True,)})
    refused = 0
    for _ in range(3_000):
        damaged = bytearray(good)
        for place in rng.integers(len(good), size=rng.integers(1, 4)):
            damaged[place] = rng.integers(256)
        try:
            decode(bytes(damaged), LIMIT)
        except ValueError:
            refused += 1
    assert refused > 1_000
