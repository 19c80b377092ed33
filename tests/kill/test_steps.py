"""kill -9 at every step of the way of a message: after a restart the question is answered exactly once."""

import json
import signal

import pytest

from bot.channels.line.reading import REPLY_WITHIN_MS
from bot.channels.telegram.render import REPEAT_NOTE
from tests.fakes import line_events, telegram_events
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.kill.faults import STEPS
from tests.kill.service import Service, until

LINE_STEPS = [step for step in STEPS if not step.startswith("Telegram")]
TELEGRAM_STEPS = [step for step in STEPS if step.startswith("Telegram")]
QUESTION = "你好"


@pytest.mark.parametrize("step", LINE_STEPS)
def test_a_question_is_answered_once_wherever_we_die(service: Service, line: FakeLine, step: str) -> None:
    event = line_events.text(QUESTION)
    service.start(step=step)
    acknowledged = service.line(event)
    assert service.ended() == -signal.SIGKILL
    service.start()
    if not acknowledged:
        assert service.line({**event, "deliveryContext": {"isRedelivery": True}})
    service.settle()
    (answer,) = line.accepted
    assert "您好" in json.dumps(answer.body, ensure_ascii=False)


def test_an_event_acknowledged_and_yet_delivered_again_is_answered_once(service: Service, line: FakeLine) -> None:
    event = line_events.text(QUESTION)
    service.start()
    assert service.line(event)
    service.settle()
    service.kill()
    service.start()
    assert service.line({**event, "deliveryContext": {"isRedelivery": True}})
    service.settle()
    assert len(line.accepted) == 1


def test_an_answer_whose_reply_token_ran_out_meanwhile_is_pushed_once(service: Service, line: FakeLine) -> None:
    service.start(step="answer claimed, committed")
    ago = REPLY_WITHIN_MS - 2_000
    event = line_events.text(QUESTION, at=line_events.now_ms() - ago)
    service.line(event)
    assert service.ended() == -signal.SIGKILL
    until("the token ran out", lambda: line_events.now_ms() > event["timestamp"] + REPLY_WITHIN_MS)
    service.start()
    service.settle()
    assert [call.endpoint for call in line.accepted] == ["push"]


@pytest.mark.parametrize("step", TELEGRAM_STEPS)
def test_telegram_repeats_only_what_may_not_have_arrived_and_says_so(
    telegram_service: Service, telegram: FakeTelegram, step: str
) -> None:
    update = telegram_events.text(QUESTION)
    telegram_service.start(step=step)
    acknowledged = telegram_service.telegram(update)
    assert telegram_service.ended() == -signal.SIGKILL
    telegram_service.start()
    if not acknowledged:
        assert telegram_service.telegram(update)
    telegram_service.settle()
    texts = [call.params["text"] for call in telegram.platform.accepted if call.method == "sendMessage"]
    assert all("您好" in text for text in texts)
    arrived_before = "about to be sent" not in step
    assert len(texts) == 1 + arrived_before
    assert REPEAT_NOTE in texts[-1]  # nobody can know whether the attempt that died had arrived
    assert REPEAT_NOTE not in texts[0] or not arrived_before
