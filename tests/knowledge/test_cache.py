"""knowledge.cache: whole and of the right fingerprint, or nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import cache

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES)
def test_what_was_written_is_read(value: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert cache.write(Path(folder), "thing", "f1", value)
        assert cache.read(Path(folder), "thing", "f1") == value


def test_another_fingerprint_reads_nothing(tmp_path: Path) -> None:
    cache.write(tmp_path, "thing", "f1", ["x"])
    assert cache.read(tmp_path, "thing", "f2") is None


@given(position=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
def test_a_single_flipped_bit_is_noticed(position: int, bit: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache.write(folder, "thing", "f1", {"答": [1, 2, 3]})
        file = folder / "thing.json"
        content = bytearray(file.read_bytes())
        content[position % len(content)] ^= 1 << bit
        file.write_bytes(content)
        assert cache.read(folder, "thing", "f1") is None


def test_half_a_file_is_noticed(tmp_path: Path) -> None:
    cache.write(tmp_path, "thing", "f1", list(range(100)))
    file = tmp_path / "thing.json"
    file.write_bytes(file.read_bytes()[:80])
    assert cache.read(tmp_path, "thing", "f1") is None


def test_writing_leaves_nothing_else_behind(tmp_path: Path) -> None:
    cache.write(tmp_path, "thing", "f1", 1)
    cache.write(tmp_path, "thing", "f2", 2)
    assert [path.name for path in tmp_path.iterdir()] == ["thing.json"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert cache.write(tmp_path / "file" / "folder", "thing", "f1", 1) is False
    assert cache.read(tmp_path / "file" / "folder", "thing", "f1") is None


@pytest.mark.parametrize(("one", "other"), [((b"ab", b"c"), (b"a", b"bc")), ((b"a", b""), (b"a",))])
def test_a_digest_sees_where_a_part_ends(one: tuple[bytes, ...], other: tuple[bytes, ...]) -> None:
    assert cache.digest(*one) != cache.digest(*other)
