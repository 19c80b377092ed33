"""The command line. Each command is imported when it is called, so that `xueban ask` starts without the service."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_data import data

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
line = typer.Typer(help="設定 LINE 的官方帳號。", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(line, name="line")
telegram = typer.Typer(help="設定 Telegram 的機器人。", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(telegram, name="telegram")

app.add_typer(data)

Now = Annotated[str, typer.Option("--now", help="現在的時間，例如 2025-09-05T14:00（臺北時間）")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只說會做什麼，不動手")]
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
def deadlines(
    slug: Annotated[str, typer.Argument(help="計畫代號，例如 distance-teaching")],
    facts: Annotated[str, typer.Option("--facts", help="事實的 JSON 檔；- 是標準輸入")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 輸出")] = False,
    now: Now = "",
) -> None:
    """列出一個計畫的期限。"""
    from bot.commands.deadlines import deadlines_command

    deadlines_command(slug, facts, now, as_json=as_json)


@app.command("move-deadline")
def move_deadline(
    slug: Annotated[str, typer.Argument(help="計畫代號，例如 distance-teaching")],
    key: Annotated[str, typer.Argument(help="期限代號，例如 settlement；見 xueban deadlines <計畫> --json")],
    date: Annotated[str, typer.Argument(help="新日期，例如 2026-08-15；document 表示改回文件的日期")],
    reason: Annotated[str, typer.Option("--reason", help="為什麼改，會寫在通知裡")],
    edition: Annotated[str, typer.Option("--edition", help="哪一年的計畫；預設是最新的")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="不問，直接改")] = False,
) -> None:
    """公布改過的期限：先列出會通知誰、哪些提醒會變，再問要不要改。"""
    from bot.commands.move_deadline import Wanted
    from bot.commands.move_deadline import move_deadline as command

    raise typer.Exit(command(Wanted(slug, key, date, reason, edition), yes=yes))


@app.command()
def progress(
    slug: Annotated[str, typer.Argument(help="計畫代號，例如 distance-teaching")],
    records: Annotated[str, typer.Option("--records", help="一行一筆紀錄的 JSON 檔；- 是標準輸入")],
    start: Annotated[str, typer.Option("--from", help="從哪一天起，例如 2025-08-01；預設是計畫的第一天")] = "",
    end: Annotated[str, typer.Option("--to", help="到哪一天止；預設是計畫的最後一天")] = "",
    now: Now = "",
    facts: Annotated[str, typer.Option("--facts", help="事實的 JSON 檔；- 是標準輸入")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 輸出")] = False,
) -> None:
    """看一所學校該做的事完成了多少。"""
    from bot.commands.progress import Span, progress_command

    progress_command(slug, records, facts, Span(start, end, now), as_json=as_json)


@app.command()
def parse(
    batch: Annotated[str, typer.Option("--batch", help="一行一句的 JSON 檔；- 是標準輸入")],
) -> None:
    """把聊天裡的一行紀錄讀成欄位，並列出要問回去的。"""
    from bot.commands.parse import parse_batch

    parse_batch(batch)


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
    from bot.conversation import make_router
    from bot.reminding import make_planner
    from handlers.checklist.checklists import Checklists
    from knowledge.loader import load_base

    found, base = settings.load(), load_base()
    router = make_router(found, Checklists(base))
    plan = make_planner(base)
    raise typer.Exit(chat_command(found, router, as_json=as_json, user=user, now=now, plan=plan))


@app.command()
def tick(now: Now = "") -> None:
    """安排並送出現在到期的訊息，然後結束。"""
    from bot.commands.tick import tick as command

    command(now)


@app.command()
def invite(
    role: Annotated[str, typer.Option("--role", help="coordinator、teacher、mentor、office 或 admin")],
    school: Annotated[str, typer.Option("--school", help="學校全名；office 和 admin 不用")] = "",
    programme: Annotated[str, typer.Option("--programme", help="計畫代號，例如 distance-teaching")] = "",
    edition: Annotated[str, typer.Option("--edition", help="哪一年的計畫；預設是最新的")] = "",
    county: Annotated[str, typer.Option("--county", help="學校在哪個縣市")] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="幾天內有效")] = 7,
) -> None:
    """產生一次性的邀請碼，印出對方要傳給學伴的一行字。"""
    from bot.commands.invite import Invitation, invite_command

    invite_command(Invitation(role, school, programme, edition, county, days))


@app.command()
def export(
    school: Annotated[str, typer.Option("--school", help="學校全名")],
    programme: Annotated[str, typer.Option("--programme", help="計畫代號，例如 distance-teaching")],
    what: Annotated[str, typer.Option("--what", help="records、community、mentoring、report、checklist 或 ics")],
    out: Annotated[Path, typer.Option("--out", help="要寫的檔案")],
    edition: Annotated[str, typer.Option("--edition", help="哪一年的計畫；預設是最新的")] = "",
    period: Annotated[str, typer.Option("--period", help="哪段期間，例如 2025-11、114-1 或 114；預設是全部")] = "",
    force: Annotated[bool, typer.Option("--force", help="檔案已經有了也蓋過去")] = False,
) -> None:
    """把一所學校的紀錄或成果匯出成 Excel、Word 或行事曆。"""
    from bot.commands.export import Wanted, export_command

    export_command(Wanted(school, programme, what, edition, period), out, force=force)


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


@line.callback()
def line_group() -> None:
    """設定 LINE 的官方帳號。"""


@line.command("setup")
def line_setup(
    dry_run: DryRun = False,
    pictures: Annotated[
        Path | None, typer.Option("--pictures", help="試跑時圖片寫在哪個資料夾；預設是資料夾裡的 line-menus")
    ] = None,
    font: Annotated[Path | None, typer.Option("--font", help="繁體中文的字型檔；預設用這台機器上找到的")] = None,
) -> None:
    """畫好並上傳圖文選單，設定 webhook 並測試；可以重複執行。"""
    from bot.commands.setup_line import setup_line

    setup_line(dry_run=dry_run, pictures=pictures, font=font)


@telegram.callback()
def telegram_group() -> None:
    """設定 Telegram 的機器人。"""


@telegram.command("setup")
def telegram_setup(dry_run: DryRun = False) -> None:
    """設定指令選單與 webhook；可以重複執行。"""
    from bot.commands.setup_telegram import setup_telegram

    setup_telegram(dry_run=dry_run)


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
def triage(
    limit: Annotated[int, typer.Option("--limit", min=1, help="最多看幾個問題")] = 500,
    decided: Annotated[bool, typer.Option("--decided", help="改印已經決定的，當成知識庫的修訂")] = False,
    since: Annotated[str, typer.Option("--since", help="從哪一天起的決定，例如 2025-11-01；預設是全部")] = "",
) -> None:
    """把沒答好、還沒決定的問題變成修訂建議（YAML），供人編修。"""
    from bot.commands import triage as command

    if decided or since:
        command.print_decided(since)
    else:
        command.triage(limit)


@knowledge.command()
def stale(
    days: Annotated[int | None, typer.Option("--days", min=0, help="核對後幾天算到期；預設照各計畫的設定")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 輸出，一行一條")] = False,
) -> None:
    """列出該重新核對原文、或已經過了適用期間的條目。"""
    from bot.commands.knowledge import stale as command

    command(days, as_json=as_json)
