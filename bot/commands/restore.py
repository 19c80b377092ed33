"""`xueban restore` and what it prints."""

from __future__ import annotations

from pathlib import Path

from bot import logs, settings
from bot.backup.manifest import BackupError
from bot.backup.restoring import restore
from bot.commands.failures import BadInputError


def restore_command(folder: Path) -> None:
    """Bring a backup into the configured place, where nothing may be yet.

    Raises:
        BadInputError: the backup is damaged, or there is data already.
    """
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    try:
        made = restore(folder, found.database_url, found.evidence_dir)
    except BackupError as error:
        raise BadInputError(str(error)) from None
    print(f"還原好了：資料庫 {made.revision or '（空的）'}，檔案 {len(made.evidence)} 個，是 {made.made_at} 的樣子。")
    print("接著執行 xueban migrate，再啟動服務；備份時還沒送出的訊息會照送。")
