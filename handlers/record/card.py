"""How a record is said: the card before it is stored, and one line of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.messages import Card, Choice
from bot.store.history import Likeness, Similar
from bot.store.runs import Run
from bot.store.stored_record import PLANNED, StoredRecord
from handlers.record import sayings
from handlers.record.draft import LONGEST
from handlers.record.form import TITLES, RecordForm, say_day, say_minutes
from knowledge.requirements.records import Deliverable, Kind, Meeting

ORDER = (
    "kind", "day", "time", "deliverable", "meeting", "group", "topic_kind", "topic", "mode", "mentor_kind", "host",
    "headcount", "school",
)  # fmt: skip
CHECK, CHANGED, PLAN = "請確認", "請確認修改", "請確認（預定）"
STORED, STORED_PLAN = "已存好", "已存好（預定）"
MISSING = "{title}：（沒有填；計畫要看這一項才知道算不算）"
PLANNED_NOTE = "這是預定的活動，辦完隔天我會問您有沒有辦成；辦成了才列入進度。"
DUPLICATE = "※ {line}（{who}記的）看起來是同一場。若是同一場，按「併入這一筆」就好。"
OWN_DUPLICATE = "※ 您已經記過一筆很像的：{line}。若是同一筆，按「取消」就好。"
CUT = "※ {title}只記到 {most} 個字。"
OVERLAP = "※ 和您另一筆時間重疊：{line}。"
SOMEBODY = "同校夥伴"
NOT_GIVEN = "沒有填"
PLAIN_REASONS = ("no_kind", "no_day", "no_hours")


def draft_card(
    run: Run,
    form: RecordForm,
    *,
    planned: bool,
    decisive: Sequence[str],
    notes: Iterable[str],
    choices: Sequence[Choice],
) -> Card:
    """What was understood, to be confirmed. `decisive`: fields that counting depends on; `notes`: warnings."""
    answers = run.answers
    keys = ORDER if len(answers.get("_schools", ())) < 2 else ("school", *ORDER[:-1])  # a wrong one must leap out
    lines = [f"{TITLES[key]}：{form.say(key, answers[key])}" for key in keys if key in answers]
    lines += [MISSING.format(title=TITLES[key]) for key in decisive if key not in answers]
    lines += [PLANNED_NOTE] if planned else []
    cut = ((key, most) for key, most in LONGEST.items() if len(answers.get(key, "")) >= most)
    lines += [CUT.format(title=TITLES[key], most=most) for key, most in cut]
    status = CHANGED if "_record" in answers else PLAN if planned else CHECK
    return Card("這樣記對嗎？", "\n".join([*lines, *notes]), status=status, choices=tuple(choices))


def warning(found: Similar, person: str) -> str:
    """One line about a record that this one meets."""
    if found.likeness is Likeness.OVERLAP:
        return OVERLAP.format(line=line(found.record))
    if found.record.created_by == person:
        return OWN_DUPLICATE.format(line=line(found.record))
    return DUPLICATE.format(line=line(found.record), who=found.record.creator or SOMEBODY)


def doubts(reasons: Iterable[str]) -> list[str]:
    """Why fields of a line must be asked for, where the question alone does not say it."""
    return [sayings.REASONS[reason] for reason in dict.fromkeys(reasons) if reason not in PLAIN_REASONS]


def differences(form: RecordForm, now: Mapping[str, Any], mine: Mapping[str, Any]) -> list[str]:
    """Where a stored record is another than the one to be stored, field by field."""
    keys = [key for key in ORDER if key != "school" and now.get(key) != mine.get(key)]
    said = [
        sayings.DIFFERS.format(
            title=TITLES[key],
            now=form.say(key, now[key]) if key in now else NOT_GIVEN,
            mine=form.say(key, mine[key]) if key in mine else NOT_GIVEN,
        )
        for key in keys
    ]
    return said or [sayings.SAME_AS_YOURS]


def line(record: StoredRecord) -> str:
    """「114/11/18（二）14:00 社群活動 2 小時，差異化教學」"""
    clock = "" if record.day_only else f" {record.starts_at:%H:%M}"
    length = f" {say_minutes(record.minutes)}" if record.minutes else ""
    about = f"，{record.topic[:30]}" if record.topic else ""
    plan = "（預定）" if record.state == PLANNED else ""
    what = kind_words(record.kind) + (f"「{detail_words(record)}」" if detail_words(record) else "")
    return f"{say_day(record.day)}{clock} {what}{length}{about}{plan}"


def short(record: StoredRecord) -> str:
    """「11/18 社群活動」: for a button."""
    return f"{record.day.month}/{record.day.day} {kind_words(record.kind)}"


def detail_words(record: StoredRecord) -> str:
    """What was handed in, or which meeting it was; empty where the kind says it all."""
    named = (*Deliverable, *Meeting)
    return next((word.words for word in named if word.value in (record.deliverable, record.meeting)), "")


def kind_words(kind: str) -> str:
    """A kind as people call it."""
    return next((word.words for word in Kind if word.value == kind), kind)
