"""A file's name is never a path, and ends as its content says."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence import names


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("會議照片.JPG", "會議照片.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fakepath\\a.exe", "a.jpg"),
        ("/etc/shadow\0.png", "shadow.jpg"),
        ("..", "檔案.jpg"),
        ("", "檔案.jpg"),
        (".bashrc", "bashrc.jpg"),
        ("報告\u202egpj.exe", "報告gpj.jpg"),
        ("第1.2節 教案", "第1.2節 教案.jpg"),
        ('a<b>"c|d?.pdf', "abcd.jpg"),
        ("line\nbreak.pdf", "line break.jpg"),
    ],
)
def test_a_path_becomes_a_name(given_name: str, expected: str) -> None:
    assert names.with_ending(given_name, ".jpg") == expected


@given(st.text(max_size=300))
def test_no_name_leads_anywhere(name: str) -> None:
    safe = names.with_ending(name, ".docx")
    assert safe.endswith(".docx")
    assert len(safe) <= names.LONGEST
    assert not set(safe) & set('/\\:\0\n"<>')
    assert not safe.startswith(".")
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in safe)
    assert names.with_ending(safe, ".docx") == safe
