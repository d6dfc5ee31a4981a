"""Plain data as bytes, without pickle: what a grader can read from a kernel that it does not trust.

A message is `MAGIC`, the length of a header in 4 bytes, the header (JSON), and the bytes of the arrays one after
the other. In the header numbers, strings and None stand for themselves; the rest is {"kind": content}. Both
sides of the sandbox use this module, and each its own copy: a guest that changes its own only spoils what it sends.
"""

import json
import math
from typing import Any

import numpy as np

MAGIC = b"CKD1"
DEPTH = 16  # containers inside containers
NODES = 200_000  # values outside arrays
DIMENSIONS = 8
DTYPES = ("bool", *(f"{kind}int{bits}" for kind in ("", "u") for bits in (8, 16, 32, 64)))
DTYPES += ("float16", "float32", "float64")


def encode(value: Any) -> bytes:
    """Encode None, bools, numbers, strings, arrays, and lists, tuples and dicts (by string) of them.

    Tensors become arrays, NumPy's scalars Python's.

    Raises:
        TypeError: something else is in it.
        ValueError: the containers are nested too deep.
    """
    arrays: list[bytes] = []
    header = json.dumps(_outline(value, arrays, 0), separators=(",", ":")).encode()
    return b"".join([MAGIC, len(header).to_bytes(4, "little"), header, *arrays])


def _outline(value: Any, arrays: list[bytes], depth: int) -> Any:
    if depth > DEPTH:
        raise ValueError(f"containers are nested over {DEPTH} deep")
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        parts = [_outline(part, arrays, depth + 1) for part in value]
        return {"list" if isinstance(value, list) else "tuple": parts}
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("the keys of a dict are strings here")
        return {"dict": [[name, _outline(part, arrays, depth + 1)] for name, part in value.items()]}
    if not isinstance(value, np.ndarray) and hasattr(value, "numpy"):
        value = np.asarray(value.numpy())
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{type(value).__name__} is no plain data: a number, string, array, list, tuple or dict is")
    if value.dtype.name == "bfloat16":
        value = value.astype(np.float32)
    if value.dtype.name not in DTYPES:
        raise TypeError(f"an array of {value.dtype.name} is no plain data: numbers or bools are")
    arrays.append(np.ascontiguousarray(value, value.dtype.newbyteorder("<")).tobytes())
    return {"array": [value.dtype.name, list(value.shape)]}


def decode(data: bytes, limit: int) -> Any:
    """Decode what `encode` made; nothing of it is believed, and nothing is allocated before it is checked.

    Args:
        data: the message.
        limit: the greatest number of bytes that is read.

    Raises:
        ValueError: the message is too long, forged or broken.
    """
    if len(data) > limit:
        raise ValueError(f"the data has {len(data)} bytes, more than {limit}")
    start = len(MAGIC) + 4
    end = start + int.from_bytes(data[len(MAGIC) : start], "little")
    if data[: len(MAGIC)] != MAGIC or end > len(data):
        raise ValueError("the data does not begin as encoded data does")
    header = data[start:end]
    if sum(header.count(sign) for sign in (b",", b"[", b"{")) > NODES:
        raise ValueError(f"the data has more than {NODES} values outside arrays")
    try:
        outline = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the data's header is no JSON ({error})") from None
    value, end = _value(outline, data, end, 0)
    if end != len(data):
        raise ValueError("the data is longer than its header says")
    return value


def _value(outline: Any, data: bytes, position: int, depth: int) -> tuple[Any, int]:
    """The value, and the place in `data` behind its arrays."""
    if depth > DEPTH:
        raise ValueError("the data is nested too deep")
    if not isinstance(outline, dict):
        if isinstance(outline, list):
            raise ValueError("the data's header has a list where a value is due")
        if isinstance(outline, int) and abs(outline) >= 2**64:
            raise ValueError("the data has an integer of more than 64 bits")
        return (_text(outline) if isinstance(outline, str) else outline), position
    if len(outline) != 1:
        raise ValueError("the data's header does not say what a value is")
    ((kind, content),) = outline.items()
    if not isinstance(content, list):
        raise ValueError(f"the data's header has no list under {kind!r:.40}")
    if kind == "array":
        return _array(content, data, position)
    if kind == "dict" and not all(
        isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in content
    ):
        raise ValueError("the data's header has a dict that is no list of pairs")
    if kind not in ("list", "tuple", "dict"):
        raise ValueError(f"the data's header knows no {kind!r:.40}")
    parts = []
    for part in content:
        value, position = _value(part[1] if kind == "dict" else part, data, position, depth + 1)
        parts.append(value)
    if kind == "dict":
        return dict(zip((_text(name) for name, _ in content), parts, strict=True)), position
    return (parts if kind == "list" else tuple(parts)), position


def _text(value: str) -> str:
    """The string, if it is one that can be written to a file."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("the data has a string that is no text") from None
    return value


def _array(content: list[Any], data: bytes, position: int) -> tuple[np.ndarray, int]:
    if len(content) != 2 or content[0] not in DTYPES or not isinstance(content[1], list):
        raise ValueError("the data's header has an array without type and shape")
    dtype, shape = np.dtype(content[0]).newbyteorder("<"), content[1]
    if len(shape) > DIMENSIONS or not all(type(size) is int and 0 <= size < 2**40 for size in shape):
        raise ValueError("the data's header has an array of a shape that cannot be")
    end = position + math.prod(shape) * dtype.itemsize
    if end > len(data):
        raise ValueError("the data's header has an array that is larger than the data")
    array = np.frombuffer(data, dtype, math.prod(shape), position).reshape(shape)
    return array.astype(dtype.newbyteorder("=")), end
