"""`xueban check` from outside: JSON and nothing else, a card for people, one sentence for bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.eligibility.loader import available, load_checklist
from tests.bot.shell import Run

SLUGS = sorted({slug for slug, _ in available()})
SDKS = ("linebot", "telegram", "sqlalchemy", "starlette", "uvicorn", "apscheduler")
EACH = pytest.mark.parametrize("slug", SLUGS)
FIRST = pytest.mark.parametrize("slug", SLUGS[:1])


def written(folder: Path, text: str) -> str:
    path = folder / "facts.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


@EACH
def test_an_example_is_judged_as_json_and_nothing_else(xueban: Run, tmp_path: Path, slug: str) -> None:
    example = load_checklist(slug).examples[0]
    code, out, err = xueban("check", slug, "--facts", written(tmp_path, json.dumps(dict(example.facts))), "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["programme", "edition", "verdict", "findings", "missing", "amounts"]
    assert (found["programme"], found["verdict"]) == (slug, example.verdict)
    assert all(list(finding) == ["key", "state", "text", "citations"] for finding in found["findings"])


@FIRST
def test_no_answers_at_all_are_incomplete_and_a_no_is_no_error(xueban: Run, tmp_path: Path, slug: str) -> None:
    code, out, _ = xueban("check", slug, "--facts", written(tmp_path, "{}"), "--json")
    assert code == 0
    assert json.loads(out)["verdict"] == "incomplete"
    assert json.loads(out)["missing"]


@FIRST
def test_the_card_says_the_conclusion_first(xueban: Run, tmp_path: Path, slug: str) -> None:
    code, out, err = xueban("check", slug, "--facts", written(tmp_path, "{}"))
    assert (code, err) == (0, "")
    assert out.splitlines()[0].endswith("：待確認")
    assert "還要知道：" in out


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ('{"no_such_key": 1}', "沒有「no_such_key」這個欄位"),
        ('{"students_total": true}', "要是整數"),
        ('{"students_total": -1}', "要在"),
        ('{"students_total": 1' + "0" * 30 + "}", "要在"),
        ('{"students_total": 1' + "0" * 5000 + "}", "不是 JSON"),
        ('{"students_total": NaN}', "要是整數"),
        ('{"students_total": 1, "students_total": 2}', "寫了兩次"),
        ("[]", "JSON 物件"),
        ("{", "不是 JSON"),
        ("", "不是 JSON"),
        ("[" * 100_000, "不是 JSON"),
    ],
)
@pytest.mark.skipif("distance-teaching" not in SLUGS, reason="no checklist of distance-teaching")
def test_bad_input_is_one_sentence_and_exit_code_2(xueban: Run, tmp_path: Path, text: str, because: str) -> None:
    code, out, err = xueban("check", "distance-teaching", "--facts", written(tmp_path, text), "--json")
    assert (code, out) == (2, "")
    assert because in err
    assert len(err.splitlines()) == 1


def test_an_unknown_programme_and_a_missing_file_are_bad_input(xueban: Run, tmp_path: Path) -> None:
    code, out, err = xueban("check", "no-such", "--facts", written(tmp_path, "{}"), "--json")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "沒有「no-such」" in err
    if SLUGS:
        code, out, err = xueban("check", SLUGS[0], "--facts", str(tmp_path / "none.json"))
        assert (code, out, len(err.splitlines())) == (2, "", 1)


@pytest.mark.skipif(not SLUGS, reason="no checklist")
def test_checking_imports_no_sdk_no_database_and_no_server(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom bot.commands.check import check_command\n"
        f"check_command({SLUGS[0]!r}, {written(tmp_path, '{}')!r}, as_json=True)\n"
        f"print([name for name in {SDKS!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("slug", SLUGS)
def test_the_shared_samples_agree(slug: str) -> None:
    shared = os.environ.get("XUEBAN_SHARED")
    if not shared:
        pytest.skip("XUEBAN_SHARED names no folder with samples")
    from bot.commands.check import as_data
    from knowledge.eligibility.engine import check
    from knowledge.eligibility.facts import read_facts

    checklist = load_checklist(slug)
    path = Path(shared) / "eval" / "samples" / "eligibility" / f"{slug}.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        found = as_data(check(checklist, read_facts(checklist, case["facts"])))
        assert found["verdict"] == case["verdict"], case["name"]
        assert case.get("amounts", {}).items() <= found["amounts"].items(), case["name"]
