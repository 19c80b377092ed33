"""`xueban progress` from outside: JSON and nothing else, a card for people, one sentence for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.commands.failures import BadInputError
from bot.commands.progress import as_data, card, read_records
from knowledge.requirements.engine import progress
from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.model import Example, Requirements
from tests.bot.shell import Run, batch, refused

SDKS = ("linebot", "telegram", "sqlalchemy", "starlette", "uvicorn", "apscheduler")
SPAN = ("--from", "2025-09-01", "--to", "2026-01-31", "--now", "2025-11-20T09:00")
MEETING = {"id": "r1", "kind": "community_meeting", "starts_at": "2025-09-10T14:00", "hours": 2}
EXAMPLES = [
    pytest.param(load_requirements(*which), example, id=f"{which[0]}-{number}")
    for which in available()
    for number, example in enumerate(load_requirements(*which).examples)
]


def written(folder: Path, text: str, name: str = "records.jsonl") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def distance(xueban: Run, folder: Path, *records: dict[str, Any], more: tuple[str, ...] = SPAN) -> dict[str, Any]:
    code, out, err = xueban(
        "progress", "distance-teaching", "--records", written(folder, batch(*records)), *more, "--json"
    )
    assert (code, err) == (0, "")
    rows = json.loads(out)["requirements"]
    return {f"{row['key']} {row['period']}": row for row in rows}


def test_progress_is_json_and_nothing_else(xueban: Run, tmp_path: Path) -> None:
    found = distance(xueban, tmp_path, MEETING)
    assert found["community_meeting 2025-09"] == {
        "key": "community_meeting",
        "period": "2025-09",
        "needed": 1,
        "done": 1,
        "unit": "次",
        "state": "met",
        "citations": [{"section": "陸/一/(二)"}],
    }
    states = [found[f"community_meeting {month}"]["state"] for month in ("2025-10", "2025-11", "2025-12")]
    assert states == ["missed", "open", "upcoming"]


def test_duties_beyond_the_agreed_keys_are_marked(xueban: Run, tmp_path: Path) -> None:
    found = distance(xueban, tmp_path)
    assert [key for key, row in found.items() if "extra" in row] == ["final_report total"]


def test_a_group_is_named_where_there_is_one() -> None:
    requirements = load_requirements("equalization")
    example = requirements.examples[-1]
    found = progress(requirements, example.records, example.start, example.end, example.now)
    rows = [row for row in as_data(found)["requirements"] if row["key"] == "community_meeting"]
    assert [row.get("group") for row in rows if row["period"] == "111-1"] == ["乙社群", "甲社群", None]


def test_without_days_the_span_is_the_edition_s_own(xueban: Run, tmp_path: Path) -> None:
    found = distance(xueban, tmp_path, more=("--now", "2026-08-01"))
    assert {row["state"] for row in found.values()} == {"missed"}
    assert sum(key.startswith("community_meeting") for key in found) == 12


def test_without_now_it_is_the_present(xueban: Run, tmp_path: Path) -> None:
    assert distance(xueban, tmp_path, more=SPAN[:4])["community_meeting 2025-09"]["state"] == "open"


@pytest.mark.parametrize(("now", "state"), [("2025-10-31T15:59Z", "open"), ("2025-10-31T16:00Z", "missed")])
def test_now_of_another_zone_is_taken_as_the_time_in_taipei(xueban: Run, tmp_path: Path, now: str, state: str) -> None:
    found = distance(xueban, tmp_path, more=(*SPAN[:4], "--now", now))
    assert found["community_meeting 2025-10"]["state"] == state


def test_records_may_come_from_standard_input(xueban: Run) -> None:
    code, out, _ = xueban("progress", "distance-teaching", "--records", "-", *SPAN, "--json", given=batch(MEETING))
    assert code == 0
    assert json.loads(out)["requirements"][0]["done"] == 1


def test_the_card_says_the_conclusion_first_and_how_to_mend(xueban: Run, tmp_path: Path) -> None:
    code, out, err = xueban("progress", "distance-teaching", "--records", written(tmp_path, batch(MEETING)), *SPAN)
    assert (code, err) == (0, "")
    head, first, *_, last = out.splitlines()
    assert head == "高級中等學校跨校遠距教學計畫（114 學年度）：逾期 1 項、未完成 6 項、未到期 2 項、完成 1 項"
    assert first.startswith(
        "✗ 逾期 教師社群活動 2025-10：0／1 次；最晚 2025 年 10 月 31 日（星期五）。開課期間每個月至少辦 1 次"
    )
    assert last == "✓ 完成 教師社群活動 2025-09：1／1 次〔陸/一/(二)〕"


@pytest.mark.parametrize(("requirements", "example"), EXAMPLES)
def test_the_card_has_a_line_for_everything(requirements: Requirements, example: Example) -> None:
    found = progress(requirements, example.records, example.start, example.end, example.now, example.facts)
    lines = card(requirements, found).splitlines()
    assert len(lines) == 1 + len(found)
    for row in found:
        assert any(row.title in line and f"{row.done}／{row.needed} {row.unit}" in line for line in lines)


def test_what_is_planned_is_said() -> None:
    requirements = load_requirements("onsite-mentoring")
    example = next(each for each in requirements.examples if "還沒上" in each.name)
    found = progress(requirements, example.records, example.start, example.end, example.now)
    assert "陪伴時數：9／15 小時，另有 6 小時已排定" in card(requirements, found)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (batch({**MEETING, "kind": "meetin"}), "第 1 行：kind「meetin」不認得"),
        (
            batch(MEETING, {**MEETING, "id": "r2", "starts_at": "2025-02-30"}),
            "第 2 行：starts_at「2025-02-30」不是日期",
        ),
        (batch({**MEETING, "hours": 0}), "hours「0」不對"),
        (batch({**MEETING, "hours": 25}), "不超過 24"),
        (batch({**MEETING, "room": 1}), "沒有「room」這個欄位"),
        (batch(MEETING, {**MEETING, "hours": 3}), "第 2 行：id「r1」前面已經有了"),
        ("\n\n{", "第 3 行 不是 JSON"),
        ("[]", "第 1 行：一筆紀錄要是 JSON 物件"),
        ("[" * 100_000, "不是 JSON"),
        ('{"id": 1, "id": 2}', "「id」寫了兩次"),
        ('{"id": 1' + "0" * 5000 + "}", "不是 JSON"),
    ],
)
def test_bad_records_are_one_sentence_that_names_the_line(text: str, because: str) -> None:
    with pytest.raises(BadInputError) as said:
        read_records(text.encode(), "records.jsonl")
    assert because in str(said.value)
    assert "\n" not in str(said.value)


def test_a_record_that_was_sent_twice_counts_once() -> None:
    lines = batch(MEETING, {**MEETING, "id": "r2"}, MEETING)
    assert [record.id for record in read_records(b"\xef\xbb\xbf" + lines.encode(), "x")] == ["r1", "r2"]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadInputError, match="第 1 行 不是 UTF-8"):
        read_records(b"\xff\n", "x")


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("--from", "2026-01-31", "--to", "2025-09-01"), "晚於 --to（2025-09-01）"),
        (("--from", "2025-02-30"), "--from「2025-02-30」不是日期"),
        (("--from", "114-08-01"), "--from「114-08-01」不是日期"),
        (("--to", "20250901"), "--to「20250901」不是日期"),
        (("--to", "9999-12-31"), "--to「9999-12-31」不是日期"),
        (("--now", "noon"), "--now「noon」不是日期或時間"),
        (("--facts", "-"), "不能都從標準輸入讀"),
    ],
)
def test_bad_options_are_one_sentence_and_exit_code_2(xueban: Run, words: tuple[str, ...], because: str) -> None:
    said = refused(xueban("progress", "distance-teaching", "--records", "-", *words, "--json"))
    assert because in said
    assert len(said.splitlines()) == 1


def test_an_unknown_programme_and_a_missing_file_are_bad_input(xueban: Run, tmp_path: Path) -> None:
    records = written(tmp_path, "")
    assert "沒有「no-such」這個計畫" in refused(xueban("progress", "no-such", "--records", records, "--json"))
    gone = str(tmp_path / "none.jsonl")
    assert "沒有這個檔案" in refused(xueban("progress", "distance-teaching", "--records", gone, "--json"))


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("[]", "JSON 物件"),
        ("{", "不是 JSON"),
        ('{"principal_trained": 1}', "principal_trained 要是 true 或 false"),
        ('{"core_teachers": 0}', "core_teachers 要是 1 以上的整數"),
        ('{"core_teachers": true}', "core_teachers 要是 1 以上的整數"),
    ],
)
def test_bad_facts_are_one_sentence(xueban: Run, tmp_path: Path, text: str, because: str) -> None:
    facts = written(tmp_path, text, "facts.json")
    said = refused(xueban("progress", "mobile-learning", "--records", "-", "--facts", facts, "--json"))
    assert because in said


def test_facts_exempt_and_other_facts_do_no_harm(xueban: Run, tmp_path: Path) -> None:
    facts = written(tmp_path, '{"principal_trained": true, "class_count": 2}', "facts.json")
    code, out, _ = xueban("progress", "mobile-learning", "--records", "-", "--facts", facts, "--json")
    assert code == 0
    assert "principal_training" not in out


def test_half_a_surrogate_pair_is_no_reason_to_fail(xueban: Run) -> None:
    line = '{"id": "r1", "kind": "community_meeting", "starts_at": "2022-09-10", "hours": 2, "group": "\\ud800"}\n'
    code, out, _ = xueban("progress", "equalization", "--records", "-", "--now", "2022-10-01", "--json", given=line)
    assert code == 0
    assert '"done": 1' in out


def test_progress_imports_no_sdk_no_database_and_no_server(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom bot.commands.progress import Span, progress_command\n"
        f"progress_command('distance-teaching', {written(tmp_path, '')!r}, '', Span(), as_json=True)\n"
        f"print([name for name in {SDKS!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
