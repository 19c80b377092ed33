"""Each kind of LINE event, as what it means to us."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line.reading import read
from bot.messages import FileRef, Incoming, Kind
from tests.fakes import line_events as line

AT = 1_764_000_000_000
GROUP, ROOM, USER = line.GROUP, line.ROOM, line.USER


def reading(event: dict[str, Any]) -> Incoming:
    found = read(event)
    assert found is not None
    return found


def test_a_private_question() -> None:
    event = line.text("鐘點費多少", at=AT, event_id="01J", reply_token="r1", message_id="m1")
    assert reading(event) == Incoming(
        channel="line",
        event_id="01J",
        conversation=USER,
        address=USER,
        occurred_at=AT,
        kind=Kind.TEXT,
        text="鐘點費多少",
        message_id="m1",
        reply_token="r1",
        reply_until=AT + 50_000,
        quote_token=event["message"]["quoteToken"],
    )


def test_a_mentioned_question_in_a_group_belongs_to_its_asker_and_is_answered_in_the_group() -> None:
    found = reading(line.asked_in_group("鐘點費多少"))
    assert (found.conversation, found.address) == (f"{GROUP}:{USER}", GROUP)
    assert (found.text, found.in_group, found.addressed) == ("鐘點費多少", True, True)


def test_talk_in_a_group_is_not_addressed_to_us() -> None:
    found = reading(line.text("明天開會", origin=line.source(group=GROUP)))
    assert (found.text, found.in_group, found.addressed) == ("明天開會", True, False)


def test_a_room_is_like_a_group() -> None:
    found = reading(line.text("明天開會", origin=line.source(room=ROOM)))
    assert (found.conversation, found.address, found.addressed) == (f"{ROOM}:{USER}", ROOM, False)


def test_a_tap_in_private() -> None:
    found = reading(line.postback("ask:hourly-rate"))
    assert (found.kind, found.action, found.addressed) == (Kind.CHOICE, "ask:hourly-rate", True)


def test_a_tap_in_a_group_may_come_from_nobody() -> None:
    found = reading(line.postback("menu", origin=line.source(user=None, group=GROUP)))
    assert (found.conversation, found.address, found.addressed) == (GROUP, GROUP, True)


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file", "location", "sticker", "hologram"])
def test_a_message_without_words_is_a_file(kind: str) -> None:
    found = reading(line.event("message", message={"type": kind, "id": "m1"}))
    assert (found.kind, found.message_id, found.text) == (Kind.FILE, "m1", "")


def test_a_sticker_in_a_group_is_not_addressed_to_us() -> None:
    assert not reading(line.sticker(origin=line.source(group=GROUP))).addressed


def test_a_new_friend() -> None:
    found = reading(line.event("follow", follow={"isUnblocked": False}))
    assert (found.kind, bool(found.reply_token)) == (Kind.FOLLOW, True)


def test_being_taken_into_a_group() -> None:
    found = reading(line.event("join", origin=line.source(user=None, group=GROUP)))
    assert (found.kind, found.conversation, found.in_group, found.addressed) == (Kind.JOIN, GROUP, True, True)


@pytest.mark.parametrize(
    ("kind", "origin"), [("unfollow", line.source()), ("leave", line.source(user=None, group=GROUP))]
)
def test_being_left(kind: str, origin: dict[str, str]) -> None:
    found = reading(line.event(kind, origin=origin, reply_token=""))
    assert (found.kind, found.reply_token, found.reply_until) == (Kind.LEAVE, "", 0)


def test_a_message_taken_back_names_the_message() -> None:
    found = reading(line.unsend("m1", origin=line.source(group=GROUP)))
    assert (found.kind, found.message_id, found.addressed) == (Kind.UNSEND, "m1", False)


def test_an_edited_question_is_asked_anew_under_its_own_token() -> None:
    found = reading(
        line.text(
            "@學伴 交通費呢",
            mention=[line.mentionee(0, 3)],
            kind="messageEdited",
            origin=line.source(group=GROUP),
            reply_token="r2",
            message_id="m1",
        )
    )
    assert (found.kind, found.text, found.reply_token, found.message_id) == (
        Kind.TEXT,
        "交通費呢",
        "r2",
        "m1",
    )


def test_a_redelivered_event_keeps_its_id_and_counts_its_minute_from_the_event() -> None:
    found = reading(line.text("再送一次", at=AT, event_id="01J", redelivered=True))
    assert (found.event_id, found.reply_until) == ("01J", AT + 50_000)


def test_in_standby_another_system_answers() -> None:
    assert read(line.text("鐘點費", mode="standby")) is None


@pytest.mark.parametrize("kind", ["memberJoined", "beacon", "accountLink", "module", "somethingNew"])
def test_other_kinds_of_events_are_not_for_us(kind: str) -> None:
    assert read(line.event(kind)) is None


def test_an_unknown_kind_of_place_is_not_for_us() -> None:
    assert read(line.text("鐘點費", origin={"type": "openchat", "chatId": "X1"})) is None


def test_an_event_without_new_fields_is_read_all_the_same() -> None:
    event = line.text("鐘點費")
    del event["message"]["quoteToken"], event["replyToken"], event["deliveryContext"], event["mode"]
    found = reading(event)
    assert (found.text, found.reply_token, found.quote_token) == ("鐘點費", "", "")


def test_a_text_is_freed_of_what_no_database_takes() -> None:
    assert reading(line.text("鐘\x00點\ud83d費")).text == "鐘點\ufffd費"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("webhookEventId",), ""),
        (("webhookEventId",), "a" * 65),
        (("webhookEventId",), 7),
        (("source", "userId"), None),
        (("source", "userId"), "U\x00"),
        (("message", "id"), "\ud800"),
        (("message", "text"), 5),
        (("timestamp",), "now"),
        (("timestamp",), True),
        (("timestamp",), 2**70),
    ],
)
def test_a_known_event_of_the_wrong_shape_is_refused(path: tuple[str, ...], value: Any) -> None:
    event: Any = line.text("鐘點費")
    inner = event[path[0]] if len(path) == 2 else event
    inner[path[-1]] = value
    with pytest.raises((ValueError, TypeError)):
        read(event)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def damaged_events(draw: st.DrawFn) -> dict[str, Any]:
    """A realistic event in which any value, at any depth, has become something else or has gone."""
    event: Any = draw(
        st.sampled_from(
            [
                line.text("問", at=AT, event_id="01J"),
                line.asked_in_group("問", at=AT, event_id="01J"),
                line.postback("menu", at=AT, event_id="01J"),
                line.unsend("m1", at=AT, event_id="01J"),
                line.sticker(at=AT, event_id="01J"),
                line.event("join", at=AT, event_id="01J", origin=line.source(user=None, group=GROUP)),
            ]
        )
    )

    def damage(value: Any) -> Any:
        if isinstance(value, dict) and draw(st.integers(0, 9)):
            return {key: damage(inner) for key, inner in value.items() if draw(st.integers(0, 19))}
        if isinstance(value, list) and draw(st.integers(0, 9)):
            return [damage(inner) for inner in value]
        return value if draw(st.integers(0, 4)) else draw(anything)

    damaged = damage(event)
    return damaged if isinstance(damaged, dict) else {}


@given(st.dictionaries(st.text(), anything) | damaged_events())
def test_no_json_raises_anything_that_the_inbox_does_not_expect(event: dict[str, Any]) -> None:
    try:
        found = read(event)
    except (KeyError, TypeError, ValueError, AttributeError):
        return
    if found is not None:
        assert found.event_id
        assert found.conversation
        assert found.address
        found.text.encode("utf-8")
        assert len(f"line:{found.conversation}") <= 160


def test_a_picture_names_its_content_and_its_album() -> None:
    album = {"id": "E005D41A7288F41B", "index": 1, "total": 3}
    assert reading(line.file(message_id="501", more={"imageSet": album})).files == (
        FileRef("501", media_type="image", album="E005D41A7288F41B", album_size=3),
    )


def test_a_file_says_its_name_and_size() -> None:
    assert reading(line.file("file", message_id="501", more={"fileName": "紀錄.pdf", "fileSize": 2138})).files == (
        FileRef("501", "紀錄.pdf", "file", 2138),
    )


@pytest.mark.parametrize(
    "held", [{"type": "external", "originalContentUrl": "http://169.254.169.254/"}, {"type": "new"}, {}, "line", None]
)
def test_content_that_line_does_not_hold_is_left_alone(held: object) -> None:
    incoming = reading(line.file(more={"contentProvider": held}))
    assert (incoming.kind, incoming.files) == (Kind.FILE, ())


@pytest.mark.parametrize("odd", [-1, 2**60, "2138", True, None, 1.5])
def test_an_odd_size_or_album_loses_no_message(odd: object) -> None:
    more = {"fileName": odd, "fileSize": odd, "imageSet": odd}
    incoming = reading(line.file("file", message_id="501", more=more))
    (file,) = incoming.files
    assert (file.source, file.size, file.album) == ("501", 0, "")


def test_a_sticker_holds_no_file() -> None:
    assert reading(line.sticker()).files == ()
