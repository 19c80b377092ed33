"""One careful question to a provider's API, for `xueban doctor`; nothing it raises holds an address or a token."""

from __future__ import annotations

import asyncio
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

SECONDS = 8.0
LARGEST_BODY = 100_000
"""Bytes; the answers that we ask for are a few hundred."""


class ProbeError(Exception):
    """The provider did not give what was asked. `status` is its HTTP status, 0 where there was none."""

    def __init__(self, sentence: str, status: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


async def ask_provider(url: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an http(s) address. Raises `ProbeError`, within about `SECONDS`."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(_get, url, dict(headers or {})), 2 * SECONDS)
    except TimeoutError:
        raise ProbeError("對方太久沒有回應") from None


def _get(url: str, headers: dict[str, str]) -> dict[str, Any]:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - settings let http and https through only
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # nosec B310 # noqa: S310 - as above
            body = json.loads(response.read(LARGEST_BODY))
    except urllib.error.HTTPError as error:
        error.close()
        refused = "對方不接受這個權杖" if error.code in (401, 403) else "對方回覆錯誤"
        raise ProbeError(f"{refused}（HTTP {error.code}）", error.code) from None
    except urllib.error.URLError as error:
        raise ProbeError(f"連不上（{error.reason}）") from None
    except TimeoutError:
        raise ProbeError("對方太久沒有回應") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ProbeError(f"回覆讀不懂（{type(error).__name__}）") from None
    if not isinstance(body, dict):
        raise ProbeError("回覆讀不懂（不是 JSON 物件）")
    return body
