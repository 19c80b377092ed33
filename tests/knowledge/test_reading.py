"""knowledge.reading: whatever a file holds, it is read or refused with a line, and never by an exception."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.reading import Field, Reader

FIELDS = {"name": Field("text"), "tags": Field("texts", required=False), "day": Field("date", required=False)}
SCRAPS = st.lists(
    st.sampled_from(
        [
            "name",
            "tags",
            "day",
            ":",
            " ",
            "\n",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "'",
            '"',
            "&a",
            "*a",
            "!!x",
            "|",
            "114",
        ]
    )
).map("".join)


def read(content: bytes) -> tuple[object, list[str]]:
    reader = Reader("a.yaml", [])
    record = reader.document(content, FIELDS)
    return record and record.values, [str(problem) for problem in reader.problems]


def test_values_keep_their_lines() -> None:
    reader = Reader("a.yaml", [])
    record = reader.document("name: 甲\ntags:\n  - 乙\nday: 2025-08-01\n".encode(), FIELDS)
    assert record is not None
    assert record.lines == {"name": 1, "tags": 3, "day": 4}
    assert not reader.problems


def test_a_record_with_a_problem_is_not_handed_out() -> None:
    assert read(b"name: 114") == (
        None,
        ["a.yaml:1: `name` is a number; expected text; put quotes around it: '114'"],
    )


def test_a_folded_text_is_one_line_without_its_ends() -> None:
    assert read("name: >-\n  一\n  二\n".encode()) == ({"name": "一 二"}, [])


def test_two_documents_in_a_file_are_refused() -> None:
    record, problems = read(b"name: a\n---\nname: b\n")
    assert record is None
    assert problems[0].startswith("a.yaml:2: not YAML")


@given(st.binary() | st.text().map(str.encode) | SCRAPS.map(str.encode))
def test_anything_is_either_read_or_refused_with_a_line(content: bytes) -> None:
    record, problems = read(content)
    assert (record is None) == bool(problems)
    lines = content.count(b"\n") + content.count(b"\r") + 2
    for problem in problems:
        assert 1 <= int(problem.split(":")[1]) <= lines + content.decode("utf-8", "replace").count("\x85") * 2
