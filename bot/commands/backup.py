"""`xueban backup` and what it prints."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from bot import logs, settings
from bot.backup.making import make
from bot.backup.manifest import BackupError
from bot.commands.failures import BadInputError


def backup_command(folder: Path) -> None:
    """Copy the configured database, photos and files into a new folder, while the service runs.

    Exit code 1 where the backup is there, but a record's file was gone or damaged before.

    Raises:
        BadInputError: the folder is in use, or the database can't be copied.
    """
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    try:
        made = make(found.database_url, found.evidence_dir, folder, datetime.now(UTC))
    except BackupError as error:
        raise BadInputError(str(error)) from None
    said = f"備份好了：{folder}，資料庫 {made.manifest.revision or '（空的）'}，檔案 {len(made.manifest.evidence)} 個。"
    print(f"{said}裡面有個資，請照保存期限刪除。")
    if made.lost:
        print(f"有 {len(made.lost)} 個檔案原本就不見或壞了，備份裡沒有，例如 {made.lost[0]}。", file=sys.stderr)
        sys.exit(1)
