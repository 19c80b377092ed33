"""What a line says is the same among whatever other words: said so, or asked, never something else."""

from __future__ import annotations

import re
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.spoken import kind_words, letters
from knowledge.spoken.amounts import amount
from knowledge.spoken.line import parse_line
from tests.knowledge.spoken.test_line import WORDS
from tests.thorough import examples

NOW = datetime(2026, 4, 16, 20, 30)
DAYS = {
    "4/14": "04-14",
    "4/14(二)": "04-14",
    "115年4月14日": "04-14",
    "1150409": "04-09",
    "昨天": "04-15",
    "上週五": "04-10",
    "三天前": "04-13",
    "上個月30號": "03-30",
    "2026-04-07": "04-07",
}
TIMES = {
    "14:00-16:00": ("14:00", 120),
    "下午兩點到四點半": ("14:00", 150),
    "1330-1500": ("13:30", 90),
    "晚上7-9點": ("19:00", 120),
    "2pm-3:30pm": ("14:00", 90),
    "兩小時": ("", 120),
    "90分鐘": ("", 90),
    "2hr": ("", 120),
}
KINDS = {
    "社群會議": "community_meeting",
    "教授到校輔導": "mentoring_visit",
    "校內工作會議": "school_meeting",
    "公開授課": "open_class",
    "教師研習": "workshop",
}
OTHERS = [
    "辛苦大家了",
    "地點：三樓會議室",
    "一直到最後都很熱烈",
    "兩校一起",
    "第3次",
    "114學年度第2學期",
    "經費3000元",
    "有三位老師分享",
    "請假1人",
    "便當12個",
    "電話02-12345678",
    "簽到單交了",
    "開到一半停電",
    "1年3班",
    "😀",
]
PARTED = st.sampled_from([" ", "，", "、", "\n", "／", " / "])


@settings(max_examples=examples(300))
@given(st.data())
def test_other_words_change_no_value(data: st.DataObject) -> None:
    day, time, kind = (data.draw(st.sampled_from(sorted(words))) for words in (DAYS, TIMES, KINDS))
    others = data.draw(st.lists(st.sampled_from(OTHERS), max_size=3))
    said = data.draw(st.permutations([day, time, kind, *others]))
    reading = parse_line(data.draw(PARTED).join(said), NOW)
    draft = reading.draft
    if not reading.is_log:
        return
    assert "kind" in reading.ask or draft.kind == KINDS[kind]
    start, minutes = TIMES[time]
    assert "hours" in reading.ask or draft.minutes == minutes
    assert draft.headcount is None
    if "starts_at" not in reading.ask:
        assert draft.starts_at is not None
        assert f"{draft.starts_at:%m-%d}" == DAYS[day]
        assert ("" if draft.day_only else f"{draft.starts_at:%H:%M}") == start


@given(st.lists(st.sampled_from(sorted({*DAYS, *TIMES, *KINDS, *OTHERS, *WORDS, "8人", "12位老師"})), max_size=10))
def test_no_value_comes_from_nowhere(said: list[str]) -> None:
    text = letters.fold(" ".join(said))
    draft = parse_line(" ".join(said), NOW).draft
    numbers = {amount(each) for each in re.findall(r"\d+|[一二兩三四五六七八九十]+", text)}
    assert draft.headcount is None or draft.headcount in numbers
    assert not draft.mode or re.search(getattr(kind_words, draft.mode.upper()), text)
    assert not draft.mentor_kind or re.search(dict(kind_words.MENTORS)[draft.mentor_kind], text)
    for value in (draft.topic, draft.host, draft.group):
        assert letters.fold(value) in " ".join(text.split())
