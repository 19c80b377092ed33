"""The command line from outside: what it prints, and how it ends."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest
import yaml

from bot.cli import main
from bot.clock import epoch_ms, parse_local
from bot.messages import Outgoing
from bot.settings import load
from bot.store import inbox, migrate, outbox, questions
from bot.store.database import Database
from tests.bot.shell import NOW, SURE, Run, batch, refused
from tests.fakes.line import FakeLine


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("ask",), "請給一個問題"),
        (("ask", "  "), "問題是空的"),
        (("ask", "補助", "--batch", "-"), "擇一"),
        (("ask", "--batch", "/no/such/file"), "/no/such/file"),
        (("knowledge", "lint", "--sources", "/no/such/folder"), "/no/such/folder"),
        (("knowledge", "coverage", "--sources", "/no/such/folder"), "/no/such/folder"),
        (("tick", "--now", "tomorrow"), "XUEBAN_NOW"),
        (("serve", "--roles", "cook"), "XUEBAN_ROLES"),
        (("serve", "--roles", "web"), "XUEBAN_ROLES"),
        (("chat", "--now", "tomorrow"), "--now"),
        (("knowledge", "triage"), "xueban migrate"),
        (("nonsense",), "nonsense"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environment: Path,
    kept_logging: None,
    words: tuple[str, ...],
    part: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["xueban", *words])
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the runner of tests keeps its own
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert part in said.err
    assert said.out == ""


def test_a_wrong_setting_is_told_by_every_command(xueban: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUEBAN_NOW", "yesterday")
    for words in (("ask", "補助"), ("serve",), ("migrate",), ("tick",), ("chat",)):
        assert refused(xueban(*words)).startswith("XUEBAN_NOW：")


def test_a_database_that_is_away_is_told(xueban: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hunter22@127.0.0.1:1/db")
    for words in (("migrate",), ("tick",), ("serve",)):
        said = refused(xueban(*words))
        assert said.startswith("資料庫不能用：")
        assert len(said.splitlines()) == 1
        assert "hunter22" not in said


def test_migrate_says_what_it_did(xueban: Run) -> None:
    head = migrate.head()
    assert f"空的 → {head}" in xueban("migrate")[1]
    assert f"已經是最新版本（{head}）" in xueban("migrate")[1]


def test_chat_goes_on_where_it_stopped(xueban: Run) -> None:
    first = xueban("chat", "--json", given=batch({"user": "a", "text": SURE}))
    second = xueban("chat", "--json", given=batch({"user": "a", "tap": "有幫助"}))
    assert (first[0], second[0]) == (0, 0)
    assert "有幫助" in json.loads(first[1])["messages"][0]["choices"]
    assert "謝謝" in json.loads(second[1])["messages"][0]["text"]


def test_lint_of_the_packaged_base_is_clean_and_counts(xueban: Run) -> None:
    code, out, err = xueban("knowledge", "lint")
    assert (code, err) == (0, "")
    assert out.startswith("沒有問題：5 個計畫、")


def wrong_sources(folder: Path) -> str:
    """A folder of sources that hold nothing of what is cited."""
    for slug in Path("knowledge/programmes").iterdir():
        (folder / f"{slug.name}.txt").write_text("壹、沒有\n", encoding="utf-8")
    return str(folder)


def test_lint_prints_file_and_line_of_each_problem(xueban: Run, tmp_path: Path) -> None:
    code, out, err = xueban("knowledge", "lint", "--sources", wrong_sources(tmp_path))
    assert code == 1
    assert "個問題" in err
    for line in out.splitlines():
        file, number, message = line.split(":", 2)
        assert Path(file).is_file()
        assert int(number) > 0
        assert message.strip()


def test_a_missing_source_is_named(xueban: Run, tmp_path: Path) -> None:
    assert ".txt" in refused(xueban("knowledge", "lint", "--sources", str(tmp_path)))


def test_triage_makes_no_database(xueban: Run, environment: Path) -> None:
    assert str(environment) in refused(xueban("knowledge", "triage"))
    assert not environment.exists()


async def test_triage_proposes_from_what_was_asked(xueban: Run, environment: Path) -> None:
    database = Database(f"sqlite:///{environment}")
    await migrate.to_head(database)
    async with database.write() as tx:
        for number, (text, status) in enumerate([("一校可以補助多少錢啊", "unsure"), ("宇宙的終極答案", "refused")]):
            await questions.keep(
                tx,
                question_id=f"q{number}",
                person="p",
                channel="web",
                text=text,
                folded=text,
                status=status,
                candidates=[],
                asked_at=1_757_052_000_000,
            )
    await database.close()
    code, out, _ = xueban("knowledge", "triage")
    assert code == 0
    does = {proposal["do"]: proposal for proposal in yaml.safe_load(out)["proposals"]}
    assert does["alias"]["add_aliases"] == ["一校可以補助多少錢啊"]
    assert does["gap"]["gaps"][0]["title"] == "宇宙的終極答案"


async def test_tick_sends_what_is_due_and_ends(xueban: Run, environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, now = Database(f"sqlite:///{environment}"), epoch_ms(parse_local(NOW)) - 60_000
    await migrate.to_head(database)
    person = "U4af4980629" + "0" * 22
    event = inbox.NewEvent("line", "e1", person, person, False, "m1", {}, now)
    body = {"messages": [{"type": "text", "text": "提醒"}]}
    async with database.write() as tx:
        await inbox.store(tx, [event], now)
        await outbox.add(
            tx,
            Outgoing("push", body),
            conversation_id=event.conversation_id,
            dedupe_key="d1",
            event_id="e1",
            now=now,
        )
    await database.close()
    with FakeLine() as line:
        monkeypatch.setenv("LINE_CHANNEL_SECRET", "secret")
        monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", "token")
        monkeypatch.setenv("LINE_API_BASE_URL", line.url)
        assert xueban("tick")[:2] == (0, "送出 1 則。\n")
        assert [call.body["to"] for call in line.accepted] == [person]
        assert xueban("tick")[:2] == (0, "現在沒有要送的訊息。\n")
        assert len(line.accepted) == 1


def test_the_settings_of_these_tests_are_bare(environment: Path) -> None:
    found = load()
    assert not found.line_on
    assert found.database_url.endswith(str(environment))
