"""Updates as `Incoming`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.parse import parse
from bot.messages import Incoming, Kind
from tests.fakes import telegram_events as events
from tests.fakes.telegram import USERNAME
from tests.fakes.telegram_events import GROUP, PERSON


def heard(update: dict[str, Any]) -> Incoming:
    """What a parse that must not be None gives."""
    incoming = parse(update, USERNAME)
    assert incoming is not None
    return incoming


def test_a_private_message_is_the_persons_own_conversation() -> None:
    update = events.text(" 何時截止？ ", at=1_760_000_000)
    number = update["message"]["message_id"]
    assert heard(update) == Incoming(
        channel="telegram",
        event_id=str(update["update_id"]),
        conversation=str(PERSON),
        address=str(PERSON),
        occurred_at=1_760_000_000_000,
        text="何時截止？",
        message_id=f"{PERSON}:{number}",
    )


def test_in_a_group_the_conversation_is_the_persons_and_the_address_the_groups() -> None:
    incoming = heard(events.asked_in_group(f"@{USERNAME} 何時截止？"))
    assert (incoming.conversation, incoming.address) == (f"{GROUP}:{PERSON}", str(GROUP))
    assert incoming.in_group
    assert incoming.addressed
    assert incoming.text == "何時截止？"


def test_in_a_group_the_asker_can_be_quoted() -> None:
    update = events.asked_in_group(f"@{USERNAME} 何時截止？")
    assert heard(update).quote_token == str(update["message"]["message_id"])
    assert heard(events.text("何時截止？")).quote_token == ""


def test_talk_in_a_group_is_not_addressed_to_us() -> None:
    assert not heard(events.text("大家早", where=GROUP)).addressed


@pytest.mark.parametrize(("author", "ours"), [(events.us(), True), (events.user(8), False)])
def test_a_reply_is_addressed_to_us_where_it_answers_our_message(author: dict[str, Any], ours: bool) -> None:
    answered = {**events.message(text="請選擇：", where=GROUP), "from": author}
    assert heard(events.text("1", where=GROUP, reply_to_message=answered)).addressed is ours


def test_a_reply_to_another_bot_is_not_for_us() -> None:
    other = {**events.us(), "username": "other_bot"}
    answered = {**events.message(text="請選擇：", where=GROUP), "from": other}
    assert not heard(events.text("1", where=GROUP, reply_to_message=answered)).addressed


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/menu", "選單"),
        ("/help", "說明"),
        ("/cancel", "取消"),
        ("/restart", "重新開始"),
        ("/about", "你是誰"),
        (f"/menu@{USERNAME}", "選單"),
        ("/MENU", "選單"),
    ],
)
def test_a_command_stands_for_words(command: str, words: str) -> None:
    for where in (PERSON, GROUP):
        incoming = heard(events.text(command, where=where))
        assert (incoming.kind, incoming.text, incoming.addressed) == (Kind.TEXT, words, True)


def test_start_befriends_us_and_keeps_the_payload_of_its_link() -> None:
    incoming = heard(events.text("/start invite-7"))
    assert (incoming.kind, incoming.text) == (Kind.FOLLOW, "invite-7")


def test_a_command_for_another_bot_in_a_group_is_not_ours() -> None:
    assert parse(events.text("/menu@other_bot", where=GROUP), USERNAME) is None


def test_a_command_that_we_do_not_know_is_left_to_the_other_bots_of_a_group() -> None:
    assert not heard(events.text("/roll", where=GROUP)).addressed
    assert heard(events.text(f"/roll@{USERNAME}", where=GROUP)).addressed
    assert heard(events.text("/roll")).text == "/roll"


def test_a_tap_carries_its_action_and_the_query_to_answer() -> None:
    update = events.tap("menu:ask", where=GROUP)
    incoming = heard(update)
    assert (incoming.kind, incoming.action) == (Kind.CHOICE, "menu:ask")
    assert incoming.reply_token == update["callback_query"]["id"]
    assert (incoming.conversation, incoming.address) == (f"{GROUP}:{PERSON}", str(GROUP))
    assert incoming.addressed


def test_the_time_of_a_tap_is_not_that_of_the_message_that_bears_the_button() -> None:
    assert heard(events.tap("menu")).occurred_at == 0


def test_a_tap_under_a_message_that_telegram_no_longer_shows_counts_too() -> None:
    gone = {"chat": events.chat(), "message_id": 3, "date": 0}
    assert heard(events.tap("menu", message=gone)).message_id == f"{PERSON}:3"


@pytest.mark.parametrize("missing", ["message", "data"])
def test_a_tap_that_is_not_under_a_message_of_ours_is_nothing(missing: str) -> None:
    update = events.tap("menu")
    del update["callback_query"][missing]
    assert parse(update, USERNAME) is None


@pytest.mark.parametrize("what", ["photo", "document", "sticker", "voice", "video", "location", "contact"])
def test_what_is_not_text_is_a_file(what: str) -> None:
    content: dict[str, Any] = {what: {"file_id": "x"}}
    assert heard(events.update(message=events.message(**content))).kind is Kind.FILE


def test_a_picture_in_a_group_is_ours_where_its_caption_names_us() -> None:
    caption = f"@{USERNAME} 這張可以嗎"
    message = events.message(where=GROUP, photo=[{}], caption=caption, caption_entities=events.mention(caption))
    incoming = heard(events.update(message=message))
    assert (incoming.kind, incoming.text, incoming.addressed) == (Kind.FILE, "這張可以嗎", True)
    assert not heard(events.update(message=events.message(where=GROUP, photo=[{}]))).addressed


@pytest.mark.parametrize("notice", ["new_chat_members", "pinned_message", "new_chat_title", "a_future_notice"])
def test_a_service_notice_asks_nothing_of_us(notice: str) -> None:
    content: dict[str, Any] = {notice: {}}
    assert parse(events.update(message=events.message(where=GROUP, **content)), USERNAME) is None


def test_an_edited_message_is_said_anew_at_the_time_of_the_edit() -> None:
    incoming = heard(events.edited("何時結案？", at=1_760_000_000))
    assert (incoming.kind, incoming.text) == (Kind.TEXT, "何時結案？")
    assert incoming.occurred_at == 1_760_000_060_000


def test_a_live_location_that_moves_is_not_a_message() -> None:
    moved = {**events.message(location={}), "edit_date": 1_760_000_060}
    assert parse(events.update(edited_message=moved), USERNAME) is None


@pytest.mark.parametrize(
    ("old", "new", "where", "kind"),
    [
        ("left", "member", GROUP, Kind.JOIN),
        ("kicked", "administrator", GROUP, Kind.JOIN),
        ("member", "administrator", GROUP, None),
        ("member", "kicked", GROUP, Kind.LEAVE),
        ("administrator", "left", GROUP, Kind.LEAVE),
        ("member", "kicked", PERSON, Kind.LEAVE),
        ("kicked", "member", PERSON, None),
    ],
)
def test_our_membership(old: str, new: str, where: int, kind: Kind | None) -> None:
    incoming = parse(events.membership(old, new, where=where), USERNAME)
    assert (incoming.kind if incoming else None) is kind


@pytest.mark.parametrize(("inside", "kind"), [(True, Kind.JOIN), (False, Kind.LEAVE)])
def test_a_restricted_member_is_in_the_group_or_not(inside: bool, kind: Kind) -> None:
    assert heard(events.membership("left", "restricted", is_member=inside)).kind is kind


def test_other_bots_are_not_answered() -> None:
    message = {**events.message(text="選單", where=GROUP), "from": {**events.us(), "id": 9}}
    assert parse(events.update(message=message), USERNAME) is None


def test_an_anonymous_admin_is_a_person() -> None:
    words = f"@{USERNAME} 選單"
    anonymous = {"id": 1087968824, "is_bot": True, "username": "GroupAnonymousBot"}
    message = events.message(text=words, entities=events.mention(words), where=GROUP)
    message |= {"from": anonymous, "sender_chat": events.chat(GROUP)}
    assert heard(events.update(message=message)).text == "選單"


@pytest.mark.parametrize("kind", ["channel_post", "poll", "message_reaction", "a_future_kind"])
def test_other_updates_ask_nothing_of_us(kind: str) -> None:
    assert parse(events.update(**{kind: events.message(text="公告")}), USERNAME) is None


def test_a_message_in_a_channel_asks_nothing_of_us() -> None:
    message = events.message(text="公告") | {"chat": {"id": GROUP, "type": "channel"}}
    assert parse(events.update(message=message), USERNAME) is None


def test_fields_that_we_do_not_know_do_no_harm() -> None:
    update = events.text("何時截止？", a_new_field={"a": [1]}) | {"another": None}
    assert heard(update).text == "何時截止？"


@pytest.mark.parametrize("number", [True, "1", 1.5, -1, 2**63, None])
def test_an_update_id_that_no_column_could_hold_is_refused(number: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        parse(events.text("早") | {"update_id": number}, USERNAME)


def test_a_date_that_no_column_could_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="range"):
        parse(events.text("早", at=2**60), USERNAME)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(st.text(max_size=8), ANYTHING, max_size=3)
PARTS = ["message", "edited_message", "callback_query", "my_chat_member"]


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["update_id", *PARTS], ANYTHING)) | MAPPINGS)
def test_arbitrary_json_is_read_or_refused(update: dict[str, Any]) -> None:
    read_or_refuse(update)


@given(
    st.sampled_from(
        [
            events.asked_in_group(f"@{USERNAME} 早"),
            events.tap("menu"),
            events.edited("早"),
            events.membership("left", "member"),
        ]
    ),
    st.data(),
)
def test_an_update_with_anything_in_any_place_is_read_or_refused(update: dict[str, Any], data: st.DataObject) -> None:
    read_or_refuse(with_something_else_inside(update, data))


def with_something_else_inside(value: Any, data: st.DataObject) -> Any:
    """A copy with one value, at any depth, that is something else."""
    if not isinstance(value, (dict, list)) or not value or data.draw(st.integers(0, 4)) == 0:
        return data.draw(ANYTHING)
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = data.draw(st.sampled_from(keys))
    copy = value.copy()
    copy[key] = with_something_else_inside(value[key], data)
    return copy


def read_or_refuse(update: Any) -> None:
    """Parse; what comes out fits its columns."""
    try:
        incoming = parse(update, USERNAME)
    except (KeyError, TypeError, ValueError, AttributeError):
        return
    if incoming:
        assert 0 <= incoming.occurred_at < 2**63
        assert max(len(incoming.event_id), len(incoming.message_id), len(incoming.address)) <= 128
        assert len(incoming.conversation) <= 128
        assert isinstance(incoming.text, str)
        assert isinstance(incoming.action, str)
