"""Bodies from strangers have one reading, of bounded depth and size."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform import strict_json

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_what_is_strict_json_is_read_as_pythons_reader_reads_it(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=True)
    try:
        expected = json.loads(text)
        json.dumps(expected, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    assert strict_json.loads(text) == expected


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_nothing_but_bad_json_is_ever_raised(raw: bytes | str) -> None:
    with suppress(strict_json.BadJson):
        strict_json.loads(raw)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 17 + "]" * 17,
        '{"a":' * 5_000,
        "NaN",
        "[Infinity]",
        "-Infinity",
        "1e999",
        '{"role": 1, "role": 2}',
        '{"a": {"b": 1, "b": 1}}',
        '"\\ud800"',
        '{"\\udfff": 1}',
        "9" * 5_000,
        "",
        "{",
        "'a'",
        b"\xff\xfe",
        b'"\xed\xa0\x80"',
    ],
)
def test_hostile_text_is_refused(text: str | bytes) -> None:
    with pytest.raises(strict_json.BadJson):
        strict_json.loads(text)


def test_brackets_inside_strings_are_no_depth() -> None:
    text = json.dumps({"note": "[" * 1_000 + '\\"' + "{" * 1_000})
    assert strict_json.loads(text) == json.loads(text)


def test_a_body_over_the_limit_is_too_large_and_one_at_the_limit_is_not() -> None:
    at_limit = '"' + "a" * (strict_json.MAX_BYTES - 2) + '"'
    assert len(strict_json.loads(at_limit)) == strict_json.MAX_BYTES - 2
    with pytest.raises(strict_json.TooLarge):
        strict_json.loads(at_limit + " ")
