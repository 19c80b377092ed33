"""`xueban deadlines` from outside: JSON and nothing else, lines for people, one sentence for bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from knowledge.deadlines.loader import available
from tests.bot.shell import Run

SLUGS = [slug for slug, _ in available()]
SDKS = ("linebot", "telegram", "sqlalchemy", "starlette", "uvicorn", "apscheduler", "holidays")


def written(folder: Path, content: Any) -> str:
    path = folder / "facts.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_json_is_that_of_the_contract_and_nothing_else(xueban: Run, slug: str) -> None:
    code, out, err = xueban("deadlines", slug, "--json", "--now", "2025-04-20T09:00")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["deadlines"]
    for row in found["deadlines"]:
        assert list(row) == ["key", "title", "due", "state", "needs", "citations"]
        assert (row["due"] is None) == bool(row["needs"])
        assert row["citations"]
        assert all(list(citation) == ["section"] for citation in row["citations"])


def test_facts_and_moment_decide(xueban: Run, tmp_path: Path) -> None:
    facts = written(tmp_path, {"last_visit_on": "2025-11-30"})
    _, out, _ = xueban("deadlines", "onsite-mentoring", "--facts", facts, "--now", "2025-12-15T23:59", "--json")
    rows = {row["key"]: row for row in json.loads(out)["deadlines"]}
    assert rows["settlement"] == {
        "key": "settlement",
        "title": "經費結報",
        "due": "2025-12-15T23:59",
        "state": "due_today",
        "needs": [],
        "citations": [{"section": "玖/三/(三)"}],
    }
    assert (rows["apply"]["state"], rows["mentoring_complete"]["needs"]) == ("passed", ["first_visit_on"])


def test_a_moment_with_a_zone_is_brought_to_taipei(xueban: Run) -> None:
    _, out, _ = xueban("deadlines", "urban-rural-partner", "--now", "2017-07-31T16:00:00+00:00", "--json")
    assert json.loads(out)["deadlines"][0]["state"] == "overdue"


def test_without_now_the_fixed_clock_of_the_environment_counts(xueban: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUEBAN_NOW", "2017-07-31T09:00")
    assert json.loads(xueban("deadlines", "urban-rural-partner", "--json")[1])["deadlines"][0]["state"] == "due_today"


def test_facts_that_the_checklist_asks_may_stand_in_the_same_file(xueban: Run, tmp_path: Path) -> None:
    facts = written(tmp_path, {"authority": "moe", "students_total": 12, "duration": "year"})
    code, out, err = xueban("deadlines", "distance-teaching", "--facts", facts, "--now", "2025-04-20", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["deadlines"][0]["due"] == "2025-05-05T23:59"


@pytest.mark.parametrize(
    ("content", "because"),
    [
        ({"no_such_key": 1}, "沒有「no_such_key」這個欄位"),
        ({"first_visit_on": "2025-06-01"}, "沒有「first_visit_on」這個欄位"),
        ({"authority": "county"}, "要是 moe、local 其中之一"),
        ({"approved_on": "2025-02-30"}, "要是存在的日期"),
        ({"authority": "moe", "students_total": "many"}, "要是整數"),
        ("[]", "JSON 物件"),
        ("", "不是 JSON"),
        ('{"authority": "moe", "authority": "local"}', "寫了兩次"),
    ],
)
def test_bad_facts_are_one_sentence_and_exit_code_2(xueban: Run, tmp_path: Path, content: Any, because: str) -> None:
    code, out, err = xueban("deadlines", "distance-teaching", "--facts", written(tmp_path, content), "--json")
    assert (code, out) == (2, "")
    assert because in err
    assert len(err.splitlines()) == 1


def test_an_unknown_programme_a_missing_file_and_no_moment_are_bad_input(xueban: Run, tmp_path: Path) -> None:
    for words, because in (
        (("no-such",), "沒有「no-such」這個計畫的期限；有的是：distance-teaching、"),
        (("equalization", "--facts", str(tmp_path / "none.json")), "沒有這個檔案"),
        (("equalization", "--now", "soon"), "--now「soon」不是日期或時間"),
    ):
        code, out, err = xueban("deadlines", *words, "--json")
        assert (code, out) == (2, "")
        assert because in err
        assert len(err.splitlines()) == 1


def test_the_lines_for_people_say_what_is_open_and_what_must_be_known(xueban: Run) -> None:
    _, out, _ = xueban("deadlines", "distance-teaching", "--now", "2025-04-20T09:00")
    head, *lines = out.splitlines()
    assert head == "高級中等學校跨校遠距教學計畫（114 學年度）：計畫期程還沒開始"
    assert "2026年9月30日（三） 經費結報（還有時間）：" in out
    assert "日期待確認 送出申請（還有時間）：" in lines[0]
    assert "還要知道：\n  主管機關（authority）：" in out


def test_a_past_edition_is_told_as_past_and_an_hour_is_told(xueban: Run) -> None:
    _, out, _ = xueban("deadlines", "mobile-learning", "--now", "2026-01-05T09:00")
    assert out.splitlines()[0].endswith("：這一期已經結束，以下是當時的期限")
    assert "2016年10月28日（五） 17:00 上傳申請資料（已經過了）：" in out
    assert "還要知道" not in out


def test_no_sdk_no_database_and_no_calendar_is_loaded() -> None:
    program = (
        "import sys; from bot.commands.deadlines import deadlines_command as run; "
        "run('onsite-mentoring', '', '2025-04-20', as_json=True); "
        f"print([name for name in {SDKS!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_shared_samples_agree(xueban: Run, tmp_path: Path) -> None:
    shared = os.environ.get("XUEBAN_SHARED")
    if not shared:
        pytest.skip("XUEBAN_SHARED names no folder with samples")
    for path in sorted((Path(shared) / "eval" / "samples" / "deadlines").glob("*.jsonl")):
        for case in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            facts = written(tmp_path, case["facts"])
            _, out, _ = xueban("deadlines", case["programme"], "--facts", facts, "--now", case["now"], "--json")
            rows = {row["key"]: row["due"] for row in json.loads(out)["deadlines"]}
            for key, day in case["expect"].items():
                assert (rows[key] or "")[: len(day or "")] == (day or ""), (case["name"], key)
