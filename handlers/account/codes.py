"""Finds a one-time code in what somebody typed: pasted alone, after 「加入」, or in the middle of a forwarded text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.store.people import CODE_LENGTHS, INVITE, LINK

LONGEST = 400
"""Characters of a message in which a code is looked for: a forwarded invitation with a greeting."""
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー－_·・．.", "-"))
_SIGN = "[A-HJKMNP-Z2-9]"
_QUARTER = f"{_SIGN}{{4}}"
_ODD = r"[0-9A-Z](?:[0-9A-Z]|[\s-]){4,38}[0-9A-Z]"
_MARKS = r"[\s:：,「『」』\"'()!-]*"
_JOIN = re.compile(rf"(?:我要|我想|請|想)?(?:加入|邀請碼|輸入邀請碼|JOIN)(?:碼|是|學校)?{_MARKS}({_ODD}){_MARKS}")
_LINK = re.compile(
    rf"(?:我要|我想|請|想)?(?:連結|連接|綁定|链接|连结|绑定|LINK)(?:帳號|帳戶|账号|碼|是)?{_MARKS}({_ODD}){_MARKS}"
)
_WITHIN = re.compile(rf"(?<![0-9A-Z-])({_QUARTER}-{_QUARTER}-{_QUARTER})(?![0-9A-Z-])")
_LINK_ALONE = re.compile(f"{_QUARTER}-{_QUARTER}")
_SOLID = re.compile(f"{_SIGN}{{12}}")
_SPACED = re.compile(rf"{_QUARTER}\s+{_QUARTER}\s+{_QUARTER}")


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it was typed; right or wrong is for `people.try_code` to say."""

    purpose: str
    text: str
    """Capital letters and digits only."""


def read(text: str) -> Code | None:
    """The code in what somebody typed; None where there is none.

    After 「加入」 or 「連結」 whatever looks like a code is one, so that a mistyped one is not taken for a question.
    """
    if len(text) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).upper().strip()
    for purpose, after in ((INVITE, _JOIN), (LINK, _LINK)):
        if (found := after.fullmatch(plain)) and _may_be_meant(found[1], purpose):
            return _code(purpose, found[1])
    if found := _WITHIN.search(plain):
        return _code(INVITE, found[1])
    if _SOLID.fullmatch(plain) and _is_mixed(plain):
        return _code(INVITE, plain)
    if _SPACED.fullmatch(plain) and any(sign.isdigit() for sign in plain):
        return _code(INVITE, plain)
    if _LINK_ALONE.fullmatch(plain) and any(sign.isalpha() for sign in plain):
        return _code(LINK, plain)
    return None


def from_payload(payload: str) -> Code | None:
    """The code in a link to us (`/start ABCDEFGHJKMN`), by its length; None where it carries something else."""
    plain = payload.upper().replace("-", "")
    purposes = {length: purpose for purpose, length in CODE_LENGTHS.items()}
    known = re.fullmatch(f"{_SIGN}+", plain) and len(plain) in purposes and _is_mixed(plain)
    return Code(purposes[len(plain)], plain) if known else None


def _may_be_meant(typed: str, purpose: str) -> bool:
    """Not 「加入 telegram」: a word is no code, unless it is as long as one."""
    return len(_signs(typed)) == CODE_LENGTHS[purpose] or any(sign.isdigit() or sign == "-" for sign in typed)


def _is_mixed(typed: str) -> bool:
    """Not 「AAAAAAAAAAAA」: what comes by chance has more than two signs."""
    return len(set(typed)) > 2


def _code(purpose: str, typed: str) -> Code:
    return Code(purpose, _signs(typed))


def _signs(typed: str) -> str:
    return "".join(sign for sign in typed if sign.isascii() and sign.isalnum())
