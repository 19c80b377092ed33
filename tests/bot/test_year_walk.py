"""A year of a diligent coordinator, word for word: what is told, when, and what comes of what is done about it.

Whoever changes a wording or a rule sees here what a person reads. Each day is lived through before 09:00, at
09:00 and at 17:00; where nothing stands below a day, nothing was said.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.settings import Settings
from tests.bot.test_reminding import chat, invitation

WHO, CLOCK = "王", "鐘"
"""The coordinator; and a name under which nothing is ever said, whose empty answers part one day from the next."""
NOTHING: tuple[str, ...] = ()
TRANSCRIPT = Path(__file__).with_name("year_walk.txt")

STORY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("2025-05-20", ()),
    ("2025-05-21", ("[完成]",)),
    ("2025-06-06", ()),
    ("2025-06-19", ()),
    ("2025-09-05", ("9/5 9:00-14:00 入校陪伴", "[確認]")),
    ("2025-10-03", ("10/2 13:00-17:00 入校陪伴", "[確認]", "進度")),
    ("2025-10-31", ("9/5 交檢核表", "[確認]", "9/8 交入校入班紀錄表", "[確認]", "10/3 交入校入班紀錄表", "[確認]")),
    ("2025-11-05", ("[明早提醒]",)),
    ("2025-11-06", ()),
    ("2025-11-14", ("我的期限",)),
    ("2025-11-21", ("11/21 9:00-15:00 入校陪伴", "[確認]", "我的期限")),
    ("2025-11-24", ()),
    ("2025-12-01", ("[完成：經費結報]",)),
    ("2025-12-02", ()),
    ("2025-12-05", ()),
    ("2025-12-08", ()),
    ("2025-12-10", ("11/21 交檢核表", "[確認]", "11/24 交入校入班紀錄表", "[確認]")),
    ("2025-12-15", ()),
    ("2025-12-16", ()),
    ("2025-12-24", ()),
    ("2025-12-31", ("進度",)),
    ("2026-01-02", ()),
    ("2026-01-12", ()),
)


def lines_of(settings: Settings) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"now": "2025-05-19T10:00"}]
    found += [{"user": WHO, "text": invitation(settings, "onsite-mentoring")}, {"user": WHO, "text": "略過"}]
    for day, deeds in STORY:
        found += [{"user": CLOCK, "text": " "}, {"now": f"{day}T08:59"}, {"now": f"{day}T09:00"}]
        found += [{"now": f"{day}T17:00"}, *({"user": WHO, **_deed(deed)} for deed in deeds)]
    return found


def _deed(deed: str) -> dict[str, str]:
    return {"tap": deed[1:-1]} if deed.startswith("[") else {"text": deed}


def transcript(said: list[dict[str, Any]]) -> str:
    """What was said on each day; under a push its buttons."""
    start = next(place for place, line in enumerate(said) if line["user"] == CLOCK)
    found: list[str] = []
    days, deeds = iter(STORY), iter(NOTHING)
    for line in said[start:]:
        if line["user"] == CLOCK:
            day, done = next(days)
            deeds = iter(done)
            found.append(f"── {day}")
            continue
        pushed = line.get("push", False)
        found.append("〔學伴〕" if pushed else f"〔王〕{next(deeds)}")
        for message in line["messages"]:
            found.append(message["text"])
            if pushed:
                found.append(" ".join(f"[{label}]" for label in message["choices"]))
    return "\n".join(found) + "\n"


def test_a_diligent_coordinators_year_reads_so(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'xueban.db'}", evidence_dir=tmp_path / "evidence")
    said = transcript(chat(settings, *lines_of(settings)))
    assert said == TRANSCRIPT.read_text(encoding="utf-8")
