"""A file's name as people see it: never a path, nothing invisible, and the ending that its content has."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
"""Characters, ending included; the column holds a few more."""
NAMELESS = "檔案"
PHOTO = "照片"
_NOT_IN_A_NAME = re.compile(r'[<>:"|?*\ud800-\udfff]')
_UNSEEN = ("Cc", "Cf", "Cs", "Co")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")


def plain(name: str) -> str:
    """The last part of whatever was given, without control, format and reserved characters; may be empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name[:1000]))[-1]
    seen = "".join(" " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    return re.sub(r" +", " ", _NOT_IN_A_NAME.sub("", seen)).strip(" .")


def with_ending(name: str, ending: str, nameless: str = NAMELESS) -> str:
    """A safe name that ends in `ending` (`.jpg`): `C:\\fakepath\\a.exe` becomes `a.jpg`."""
    given = plain(name)
    dot = given.rfind(".")
    stem = given[:dot] if dot > 0 and _ENDING.fullmatch(given[dot:]) else given
    stem = stem.strip(" .") or nameless
    return stem[: LONGEST - len(ending)].strip(" .") + ending
