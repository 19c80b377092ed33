"""Errors that a person can mend, as one clear sentence."""

from __future__ import annotations


class BadInputError(ValueError):
    """What a person gave cannot be used; the message is one clear sentence."""


def explain(error: Exception) -> str | None:
    """The sentence for an error of settings, input, knowledge, files or database; None for a fault of our own."""
    from pydantic import ValidationError

    from bot.settings import SettingsError
    from knowledge.schema import KnowledgeError

    if isinstance(error, ValidationError):
        return None
    if isinstance(error, (BadInputError, SettingsError, KnowledgeError)):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return f"檔案 {error.filename} 打不開：{_why(error)}。"
    return _about_database(error)


def _about_database(error: Exception) -> str | None:
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    if isinstance(error, DBAPIError) and error.orig:
        return f"資料庫不能用：{first_line(error.orig)}。請檢查 DATABASE_URL，或執行 xueban doctor。"
    if isinstance(error, SQLAlchemyError):
        return f"資料庫不能用（{type(error).__name__}）。請檢查 DATABASE_URL，或執行 xueban doctor。"
    return None


def first_line(error: BaseException) -> str:
    """What an error says, in one line; its type where it says nothing."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".。 ") if lines else type(error).__name__


def _why(error: OSError) -> str:
    known = {
        FileNotFoundError: "沒有這個檔案",
        PermissionError: "沒有權限",
        IsADirectoryError: "這是資料夾",
        NotADirectoryError: "路徑裡有一段不是資料夾",
    }
    return known.get(type(error), error.strerror or type(error).__name__)
