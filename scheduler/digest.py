"""What one person is told on one day: everything due in one message, each thing with the button that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Card, Choice, Message, Text
from bot.store.reminders import Stored
from bot.store.stored_record import StoredRecord
from knowledge.deadlines.engine import Due, State
from knowledge.deadlines.model import Asks
from knowledge.facts.loader import deadlines_of
from knowledge.facts.model import Fact
from knowledge.requirements.engine import Progress
from knowledge.requirements.engine import State as Standing
from knowledge.schema import Base
from scheduler import wording
from scheduler.due import MOVED, OFFICE
from scheduler.matters import Matter

TITLE = "今天的提醒"
DONE = "完成"
STATUS, OVERDUE = "提醒", "有逾期"
APOLOGY = "抱歉，系統前幾天停擺，這則提醒晚到了；下面的日期以今天為準。"
OFFICE_HEAD = "以下學校的期限已過，提醒過仍沒有完成，請協助了解："
STILL = "辦過但還沒記錄的，現在補記就算；確實沒辦的，請和承辦單位商量怎麼補。"
"""What can be done about a requirement whose time is over."""
MORE = "還有 {count} 項，請打「我的期限」和「進度」查看。"
MOST_LINES = 12
MOST_BUTTONS = 5
MOST_QUESTIONS = 3
MOST_FILLED = 2
LONGEST_LABEL = 20
LIST = Choice("我的期限", "d:list", aside=True)
SETTINGS = Choice("提醒設定", "d:set", aside=True)
RECORD = Choice("記錄", "r:new")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell: the reminder and what it is about."""

    row: Stored
    matter: Matter

    @property
    def id(self) -> int:
        return self.row.id


def compose(
    items: Sequence[Item], now: datetime, base: Base, held_question: Callable[[StoredRecord], Text]
) -> tuple[Message, ...]:
    """The messages of a digest. `now` is naive local time; `held_question` asks whether something planned was held."""
    asked = [each for each in items if isinstance(each.matter.what, StoredRecord)]
    office = [each for each in items if each.row.key.rule == OFFICE]
    told = sorted((each for each in items if each not in asked and each not in office), key=_order)
    messages: list[Message] = []
    if told or office:
        messages.append(_card(told, office, now, base, apology=any(each.row.late for each in items)))
    for each in asked[:MOST_QUESTIONS]:
        assert isinstance(each.matter.what, StoredRecord)
        messages.append(held_question(each.matter.what))
    return tuple(messages)


def _card(told: Sequence[Item], office: Sequence[Item], now: datetime, base: Base, *, apology: bool) -> Card:
    lines = [APOLOGY] if apology else []
    lines += _lines(told, now, base)
    lines += [STILL] if any(map(_is_missed, told)) else []
    if office:
        lines += [OFFICE_HEAD, *_lines(office, now, base)]
    whole = [*told, *office]
    late = any(map(_is_late, whole))
    choices = (*_choices(told, base), LIST) if told else ()  # an office has no deadlines of its own to list
    return Card(TITLE, "\n".join(lines), _sources(whole, base), OVERDUE if late else STATUS, (*choices, SETTINGS))


def _lines(items: Sequence[Item], now: datetime, base: Base) -> list[str]:
    lines, place = [], ""
    for each in _weightiest(items):
        name = wording.place_name(base, each.matter.place)
        if name != place:
            lines.append(f"【{name}】")
            place = name
        lines.append(f"・{_said(each, now)}")
        if len(items) == 1:
            lines += _advice(each.matter)
    if len(items) > MOST_LINES:
        lines.append(MORE.format(count=len(items) - MOST_LINES))
    return lines


def _weightiest(items: Sequence[Item]) -> list[Item]:
    """As many as are told one by one, in their order: where there are too many, no date gives way to a requirement."""
    first = sorted(items, key=lambda each: isinstance(each.matter.what, Progress))[:MOST_LINES]
    kept = {each.id for each in first}
    return [each for each in items if each.id in kept]


def _said(item: Item, now: datetime) -> str:
    if item.row.key.rule.startswith(MOVED) and isinstance(item.matter.what, Due):
        return wording.of_move(item.matter.what)
    return line(item.matter, now)


def _is_missed(item: Item) -> bool:
    return isinstance(item.matter.what, Progress) and item.matter.what.state is Standing.MISSED


def _is_late(item: Item) -> bool:
    return (isinstance(item.matter.what, Due) and item.matter.what.state is State.OVERDUE) or _is_missed(item)


def line(matter: Matter, now: datetime) -> str:
    """A deadline or requirement in one line."""
    if isinstance(matter.what, Due):
        return wording.of_due(matter.what, now, [fact.title for fact in _wanted(matter)])
    assert isinstance(matter.what, Progress)
    return wording.of_row(matter.what, now)


def _wanted(matter: Matter) -> list[Fact]:
    """What a date waits for."""
    needs = matter.what.needs if isinstance(matter.what, Due) and matter.what.due is None else ()
    deadlines = deadlines_of(matter.place.programme, matter.place.edition) if needs else None
    return [fact for fact in deadlines.facts if fact.key in needs] if deadlines else []


def _fill(told: Iterable[Item]) -> tuple[Choice, ...]:
    """Buttons that open the form at what a date waits for."""
    found = {
        f"s:ask:{each.matter.place.id}:{fact.key}": _label(f"填{fact.title}")
        for each in told
        for fact in _wanted(each.matter)
    }
    return tuple(Choice(said, data) for data, said in found.items())[:MOST_FILLED]


def title(matter: Matter) -> str:
    """What a matter is called."""
    return "預定的活動" if isinstance(matter.what, StoredRecord) else matter.what.title


def _advice(matter: Matter) -> list[str]:
    if isinstance(matter.what, Due):
        return [matter.what.note] if matter.what.note else []
    assert isinstance(matter.what, Progress)
    return [matter.what.mend] if matter.what.mend and matter.what.state is not Standing.MISSED else []


def _choices(told: Sequence[Item], base: Base) -> tuple[Choice, ...]:
    if len(told) == 1:
        return single(told[0])
    dues = [each for each in told if may_be_done(each.matter)]
    done = [Choice(_done_at(each.matter, dues, base), f"d:done:{each.id}") for each in dues[:MOST_BUTTONS]]
    record = [RECORD] if any(isinstance(each.matter.what, Progress) for each in told) else []
    first = told[0].id
    later = (
        Choice("明早提醒", f"d:morning:{first}:all"),
        Choice("下個上班日", f"d:workday:{first}:all"),
        Choice("靜音", f"d:mute:{first}:all"),
    )
    return (*done, *record, *_fill(told), *later)


def single(item: Item) -> tuple[Choice, ...]:
    """The buttons of one thing."""
    first: tuple[Choice, ...] = (Choice(DONE, f"d:done:{item.id}"),) if may_be_done(item.matter) else ()
    if isinstance(item.matter.what, Progress):
        first = (RECORD, Choice("看進度", f"p:show:{item.matter.place.id}"))
    later = (
        Choice("明早提醒", f"d:morning:{item.id}"),
        Choice("下個上班日", f"d:workday:{item.id}"),
        Choice("靜音", f"d:mute:{item.id}"),
    )
    return (*first, *_fill([item]), *later)


def may_be_done(matter: Matter) -> bool:
    """Whether 「完成」 means anything: not of a date that went by for good, or on which nothing is handed in."""
    return isinstance(matter.what, Due) and asks_for_work(matter.what) and matter.what.state is not State.PASSED


def asks_for_work(due: Due) -> bool:
    """Whether there is anything to see to."""
    return due.asks is not Asks.NOTHING


def _done_at(matter: Matter, dues: Iterable[Item], base: Base) -> str:
    """The label of a button, with the school where several have the same to do."""
    same = [each.matter.place for each in dues if title(each.matter) == title(matter)]
    return done_label(title(matter), wording.told_apart(base, matter.place, same))


def done_label(name: str, place: str = "") -> str:
    """「完成：成果報告」, or 「甲高中完成：成果報告」."""
    said = name if name.startswith(DONE) else f"{DONE}：{name}"
    return _label(f"{place}{said}")


def _label(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


def _sources(items: Iterable[Item], base: Base) -> str:
    cited: dict[str, tuple[Matter, list[str]]] = {}
    for each in items:
        if isinstance(each.matter.what, StoredRecord):
            continue
        place = each.matter.place
        _, sections = cited.setdefault(f"{place.programme}/{place.edition}", (each.matter, []))
        sections += [section for section in each.matter.what.cite if section not in sections]
    said = (wording.source(base, matter.place, tuple(sections)) for matter, sections in cited.values())
    return "\n".join(each for each in said if each)


def _order(item: Item) -> tuple[str, str, str]:
    """By school, then by date: what binds most stands first."""
    what = item.matter.what
    if isinstance(what, Due):
        when = what.end.isoformat() if what.end else ""
    else:
        when = what.deadline.isoformat() if isinstance(what, Progress) else ""
    return (item.matter.place.school, item.matter.place.id, when)
