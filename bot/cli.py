"""The command line. Each command is imported when it is called, so that `xueban ask` starts without the service."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="xueban",
    help="學伴：教育部計畫的聊天助理。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
knowledge = typer.Typer(help="檢查與整理知識庫。", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(knowledge, name="knowledge")

Now = Annotated[str, typer.Option("--now", help="現在的時間，例如 2025-09-05T14:00（臺北時間）")]
Sources = Annotated[Path | None, typer.Option("--sources", help="原始文件的資料夾，裡面是 <計畫>.txt")]


def main() -> None:
    """Run the command line. Bad input ends in one sentence and exit code 2, never in a traceback."""
    try:
        app()
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        from bot.commands.failures import explain

        sentence = explain(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        sys.exit(2)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="想問的問題")] = None,
    batch: Annotated[str, typer.Option("--batch", help="一行一題的 JSON 檔；- 是標準輸入")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="說明為什麼是這個答案")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 輸出")] = False,
) -> None:
    """問一個問題，或一批問題。"""
    from bot.commands import ask as command

    if batch and question is None:
        command.ask_batch(batch)
    else:
        command.ask_one(question, explain=explain, as_json=as_json, batch=bool(batch))


@app.command()
def check(
    slug: Annotated[str, typer.Argument(help="計畫代號，例如 distance-teaching")],
    facts: Annotated[str, typer.Option("--facts", help="事實的 JSON 檔；- 是標準輸入")],
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 輸出")] = False,
) -> None:
    """檢核一所學校能不能申請、可以補助多少。"""
    from bot.commands.check import check_command

    check_command(slug, facts, as_json=as_json)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="聽哪個位址")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="聽哪個埠")] = None,
    roles: Annotated[str | None, typer.Option("--roles", help="web,worker,scheduler 中要做哪些")] = None,
) -> None:
    """啟動服務；預設三種工作都做。"""
    from bot.commands.serve import serve as command

    command(host=host, port=port, roles=roles)


@app.command()
def chat(
    as_json: Annotated[bool, typer.Option("--json", help="輸入與輸出都是一行一個 JSON")] = False,
    user: Annotated[str, typer.Option("--user", help="說話的人")] = "",
    now: Now = "",
) -> None:
    """在終端機裡對話。"""
    from bot import settings
    from bot.commands.chat import chat_command
    from handlers.router import Router
    from knowledge.answering.engine import Answerer
    from knowledge.loader import load_base

    found = settings.load()
    router = Router(Answerer(load_base()), retention_days=found.retention_days)
    raise typer.Exit(chat_command(found, router, as_json=as_json, user=user, now=now))


@app.command()
def tick(now: Now = "") -> None:
    """安排並送出現在到期的訊息，然後結束。"""
    from bot.commands.tick import tick as command

    command(now)


@app.command()
def migrate() -> None:
    """把資料庫更新到最新的結構。"""
    from bot.commands.migrate import migrate as command

    command()


@app.command()
def doctor() -> None:
    """檢查設定了什麼、通不通、缺什麼，以及怎麼補救。"""
    from bot.doctor import doctor as command

    raise typer.Exit(command())


@knowledge.command()
def lint(sources: Sources = None) -> None:
    """找出知識庫裡不可能對的地方。"""
    from bot.commands.knowledge import lint as command

    raise typer.Exit(command(sources))


@knowledge.command()
def coverage(sources: Annotated[Path, typer.Option("--sources", help="原始文件的資料夾")]) -> None:
    """列出沒有任何條目引用的章節。"""
    from bot.commands.knowledge import coverage as command

    command(sources)


@knowledge.command()
def triage(limit: Annotated[int, typer.Option("--limit", min=1, help="最多看幾個問題")] = 500) -> None:
    """把沒答好的問題變成修訂建議（YAML），供人編修。"""
    from bot.commands.triage import triage as command

    command(limit)
