"""What a command is given beside its words: a JSON file, and the moment that counts as now."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.clock import TAIPEI, parse_local
from bot.commands.failures import BadInputError


def read_json(path: str) -> Any:
    """What a JSON file says (`-` is standard input).

    Raises:
        BadInputError: it is no UTF-8, no JSON, or names a key twice.
        OSError: it can't be read.
    """
    return parse_json(read_bytes(path), named(path))


def read_bytes(path: str) -> bytes:
    """The bytes of a file (`-` is standard input).

    Raises:
        OSError: it can't be read.
    """
    return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()


def named(path: str) -> str:
    """How a file is called in what is said about it."""
    return "標準輸入" if path == "-" else path


def parse_json(content: bytes, where: str) -> Any:
    """What a piece of JSON says; `where` names it.

    Raises:
        BadInputError: it is no UTF-8, no JSON, or names a key twice.
    """
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise BadInputError(f"{where} 不是 UTF-8 的文字。") from None
    except BadInputError as error:
        raise BadInputError(f"{where}：{error}") from None
    except (ValueError, RecursionError) as error:
        several = isinstance(error, json.JSONDecodeError) and b"\n" in content.strip()
        place = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) and several else "內容"
        raise BadInputError(f"{where} 不是 JSON：{place}讀不懂。") from None


def local_now(given: str) -> datetime:
    """Naive Taipei wall time of `--now`, else of `XUEBAN_NOW`, else of the machine's clock.

    Raises:
        BadInputError: it is no moment.
    """
    name, text = ("--now", given) if given else ("XUEBAN_NOW", os.environ.get("XUEBAN_NOW", "").strip())
    try:
        moment = parse_local(text) if text else datetime.now(UTC)
    except ValueError:
        raise BadInputError(f"{name}「{text[:40]}」不是日期或時間，請寫成 2025-09-05T14:00。") from None
    return moment.astimezone(TAIPEI).replace(tzinfo=None)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise BadInputError(f"「{twice[:40]}」寫了兩次，請只留一個。")
    return dict(pairs)
