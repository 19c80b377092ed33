"""Codes as people type, paste and forward them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.people import CODE_LENGTHS, CODE_LETTERS, INVITE, LINK, grouped
from handlers.account.codes import Code, from_payload, read

SIGNS = {
    purpose: st.text(CODE_LETTERS, min_size=length, max_size=length).filter(lambda code: len(set(code)) > 2)
    for purpose, length in CODE_LENGTHS.items()
}
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in CODE_LETTERS}
FORMS = (
    "加入 {grouped}", "加入{plain}", "加入：{lower}", "加入　{wide}", "我要加入 {spaced}", "{grouped}", "{plain}",
    "{lower}", "{wide}", "邀請碼是 {grouped}", "加入「{grouped}」", "join {lower}",
    "邀請您加入「甲校：跨校遠距」，身分是教師。\n請在和學伴的一對一聊天裡貼上這一行：\n加入 {grouped}",
    "{dashed}", "加入 {dashed}",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(code=SIGNS[INVITE])
def test_an_invitation_is_read_however_it_is_written(form: str, code: str) -> None:
    typed = form.format(
        grouped=grouped(code),
        plain=code,
        lower=grouped(code).lower(),
        wide=code.translate(WIDE),
        spaced=grouped(code).replace("-", " "),
        dashed=grouped(code).replace("-", "－"),
    )
    assert read(typed) == Code(INVITE, code)


@pytest.mark.parametrize(
    "form", ["連結 {grouped}", "連結{plain}", "連結帳號 {lower}", "綁定：{grouped}", "连结 {plain}", "link {lower}"]
)
@given(code=SIGNS[LINK])
def test_a_link_code_is_read_after_its_word(form: str, code: str) -> None:
    typed = form.format(grouped=grouped(code), plain=code, lower=grouped(code).lower())
    assert read(typed) == Code(LINK, code)


@pytest.mark.parametrize(
    "text",
    [
        "", "加入", "加入 telegram", "加入 LINE 群組", "怎麼加入計畫", "加入這個計畫要什麼資格？", "連結 google",
        "連結在哪裡", "補助多少錢", "2345-6789", "0912-345-678", "have a nice day", "thanks a bunch",
        "11/18 14:00-16:00 共備", "114-1 學期", "連結帳號", "x" * 500,
        "AAAAAAAAAAAA", "ABABABABABAB",
    ],
)  # fmt: skip
def test_what_is_no_code_is_about_something_else(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["加入 ABCD-EFGH", "加入 ABCD-1234-OOOO", "加入 abc123", "加入 ABCD-EFGH-JKMN-PQRS"])
def test_a_mistyped_code_after_its_word_is_still_taken_for_one(text: str) -> None:
    found = read(text)
    assert found is not None
    assert found.purpose == INVITE


@pytest.mark.parametrize("purpose", [INVITE, LINK])
@given(data=st.data())
def test_a_link_to_us_carries_either(purpose: str, data: st.DataObject) -> None:
    code = data.draw(SIGNS[purpose])
    assert from_payload(code) == from_payload(grouped(code).lower()) == Code(purpose, code)


@pytest.mark.parametrize(
    "payload", ["", "menu", "ad-campaign-from-facebook", "AAAAAAAA", "000000000014", "ＡＢＣＤＥＦＧＨ"]
)
def test_a_link_with_something_else_carries_none(payload: str) -> None:
    assert from_payload(payload) is None


@given(text=st.text(max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    found = read(text)
    assert found is None or (found.text.isalnum() and found.text.isascii())
