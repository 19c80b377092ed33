"""A record as a form: what a programme needs to count it is asked for, the rest may be passed over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from bot.store.runs import Run
from handlers.choices import typed_number
from handlers.forms.form import Field, Reply
from handlers.record import reading
from handlers.record.needs import Needs
from knowledge.answering.normalise import squash
from knowledge.requirements.records import Deliverable, Kind, Meeting, MentorKind, Mode, TopicKind, Word
from knowledge.spoken import letters

TITLES = {
    "school": "學校",
    "kind": "類別",
    "day": "日期",
    "time": "時間",
    "mode": "方式",
    "mentor_kind": "輔導者",
    "meeting": "場次",
    "deliverable": "成果",
    "group": "社群",
    "topic_kind": "議題",
    "topic": "主題",
    "headcount": "人數",
    "host": "主持人",
}
WORDS: dict[str, type[Word]] = {
    "kind": Kind,
    "mode": Mode,
    "mentor_kind": MentorKind,
    "meeting": Meeting,
    "deliverable": Deliverable,
    "topic_kind": TopicKind,
}
ASKS = {
    "school": "這筆是哪一個學校、哪一個計畫的？",
    "kind": "要記錄什麼？",
    "day": "是哪一天？",
    "time": "幾點到幾點？或打時數。",
    "mode": "怎麼進行的？",
    "mentor_kind": "輔導的人是哪一種身分？",
    "meeting": "是哪一個場次？",
    "deliverable": "交的是什麼？",
    "group": "是哪一個社群？",
    "topic_kind": "諮詢的是哪一類議題？",
    "topic": "主題或內容是什麼？",
    "headcount": "有幾個人參加？",
    "host": "主持人或講師是誰？",
}
HOWS = {
    "day": "請打日期，例如 11/18、昨天、上週三。",
    "time": "例如「14:00-16:00」「下午2點到4點」「2小時」。",
    "group": "請打社群的名稱，例如「數學社群」。",
    "topic": "請打幾個字；不寫可以略過。",
    "headcount": "請打人數；不寫可以略過。",
    "host": "請打姓名或職稱；不寫可以略過。",
}
ONLY = "是「{label}」嗎？不是就略過。"
EXTRAS = ("topic", "headcount")
"""Asked in guided entry, though nothing depends on them: reports have columns for them."""
NEEDED = ("school", "kind", "day", "time")
_INDEED = frozenset(map(squash, ("是", "是的", "對", "對的", "有")))
WEEKDAYS = "一二三四五六日"


class RecordForm:
    """The form of one run. `needs`: of the programme that the record is for; `today`: local."""

    numbered = False

    def __init__(self, run: Run, needs: Needs, today: date) -> None:
        self._run = run
        self._needs = needs
        self._today = today
        self.heading = "修改紀錄" if "_record" in run.answers else "記錄"

    def field(self, key: str) -> Field | None:
        """The field of this key; None where the form has none."""
        if key not in TITLES:
            return None
        options = self._options(key)
        only = next(iter(options.values())) if len(options) == 1 and key not in NEEDED else ""
        return Field(
            key,
            TITLES[key],
            ONLY.format(label=only) if only else ASKS[key],
            HOWS.get(key, ""),
            options=options,
            optional=key not in NEEDED,
            day=key == "day",
        )

    def ahead(self, run: Run) -> tuple[Field, ...]:
        """What must still be asked; in guided entry also what a report has room for."""
        kind = run.answers.get("kind", "")
        keys = [key for key in NEEDED if key != "time" or kind != Kind.DELIVERABLE.value]
        keys += [key for key in self._needs.fields(kind) if key not in keys]
        keys += extras(kind) if run.answers.get("_guided") else ()
        dealt = {*run.answers, *run.unsure}
        fields = (self.field(key) for key in keys if key not in dealt)
        return tuple(field for field in fields if field is not None)

    def read(self, key: str, text: str, now: datetime) -> Reply:
        """What someone typed, as an answer to a field; a whole line about something else is none."""
        text = letters.tidy(text)
        if key in NEEDED and reading.is_whole_line(text, now):
            return Reply()
        options = self._options(key)
        place = typed_number(text)
        if place is not None and options and 1 <= place <= len(options) and key != "time":
            return Reply(True, list(options)[place - 1])
        named = [option for option, label in options.items() if squash(label) == squash(text)]
        if len(named) == 1:
            return Reply(True, named[0])
        if len(options) == 1 and squash(text) in _INDEED:
            return Reply(True, next(iter(options)))
        return reading.read_school(text, options) if key == "school" else reading.READERS[key](text, now)

    def accept(self, key: str, value: Any) -> Reply:
        """An answer as a button carries it."""
        if key == "day":
            return reading.picked_day(str(value), self._today)
        if value in self._options(key) or (key in WORDS and value in {word.value for word in WORDS[key]}):
            return Reply(True, value)
        return Reply()

    def say(self, key: str, value: Any) -> str:
        """An answer in words."""
        if key in WORDS:
            return next((word.words for word in WORDS[key] if word.value == value), str(value))
        match key:
            case "school":
                return str(self._schools().get(value, {}).get("label", "（已不在名單）"))
            case "day":
                return say_day(date.fromisoformat(value))
            case "time":
                return say_time(value)
            case "headcount":
                return f"{value} 人"
        return str(value)

    def changes(self, before: Run, after: Run) -> tuple[str, ...]:
        """Nothing beside the field itself."""
        return ()

    def _schools(self) -> dict[str, dict[str, str]]:
        return dict(self._run.answers.get("_schools", {}))

    def _options(self, key: str) -> dict[str, str]:
        match key:
            case "school":
                return {each: found["label"] for each, found in self._schools().items()}
            case "day":
                days = (self._today - timedelta(days=back) for back in range(3))
                names = ("今天", "昨天", "前天")
                return {f"{day}": f"{name} {say_day(day)}" for name, day in zip(names, days, strict=True)}
            case "kind":
                return _labels(self._needs.kinds)
            case "mode":
                return _labels(Mode)
            case "mentor_kind":
                return _labels(MentorKind)
            case "meeting" | "deliverable" | "topic_kind":
                wanted = self._needs.options(self._run.answers.get("kind", ""), key)
                return _labels(wanted or WORDS[key])
        return {}


def extras(kind: str) -> tuple[str, ...]:
    """Fields that a report has room for, whether they count or not."""
    return EXTRAS[:1] if kind == Kind.DELIVERABLE.value else EXTRAS


def say_day(day: date) -> str:
    """「114/11/18（二）」: the year as schools write it."""
    return f"{day.year - 1911}/{day.month}/{day.day}（{WEEKDAYS[day.weekday()]}）"


def say_time(value: dict[str, Any]) -> str:
    """「14:00–16:00，2 小時」."""
    start, minutes = value["start"], value["minutes"]
    if not start:
        return say_minutes(minutes)
    if not minutes:
        return f"{start} 開始"
    begin = datetime.strptime(start, "%H:%M")
    return f"{start}–{begin + timedelta(minutes=minutes):%H:%M}，{say_minutes(minutes)}"


def say_minutes(minutes: int) -> str:
    """「2 小時」, 「1 小時 30 分」, 「50 分」."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} 小時" if hours else "", f"{rest} 分" if rest else "") if part)


def _labels(words: Iterable[Word]) -> dict[str, str]:
    return {word.value: word.words for word in words}
