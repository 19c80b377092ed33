"""The commands about data as a whole: sample data, backups. A part of `bot.cli`, with whose commands they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

data = typer.Typer()


@data.command()
def demo(
    file: Annotated[Path, typer.Option("--file", help="示範用的資料庫檔")] = Path("data/demo.db"),
    again: Annotated[bool, typer.Option("--again", help="刪掉之前做的示範，重做一份")] = False,
    fill_only: Annotated[bool, typer.Option("--fill-only", help="只填資料，不啟動服務")] = False,
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help="聽哪個埠")] = None,
) -> None:
    """填一份虛構的示範資料（五個計畫、40 所學校），並在這台機器上啟動來看。"""
    from bot.commands.demo import demo_command

    demo_command(file, again=again, fill_only=fill_only, port=port)


@data.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="要寫到哪個新資料夾")],
) -> None:
    """備份資料庫與照片、檔案；服務不必停。"""
    from bot.commands.backup import backup_command

    backup_command(folder)


@data.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="備份的資料夾")],
) -> None:
    """把備份還原到設定的資料庫與資料夾；那裡已經有資料就不動手。"""
    from bot.commands.restore import restore_command

    restore_command(folder)
