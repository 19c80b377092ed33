"""Asks LINE how many pushes the month has, and how many are used."""

from __future__ import annotations

import aiohttp
import structlog
from linebot.v3.messaging import AsyncApiClient, AsyncMessagingApi, Configuration
from linebot.v3.messaging.exceptions import ApiException
from pydantic.v1 import ValidationError

from scheduler.outlets import Report

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 8.0
LIMITED = "limited"


class LineQuota:
    """Implements `scheduler.outlets.QuotaSource`."""

    def __init__(self, access_token: str, api_base_url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """`api_base_url` is a root such as `https://api.line.me`."""
        self._configuration = Configuration(access_token=access_token, host=api_base_url.rstrip("/"))
        self._timeout = timeout_seconds

    async def __call__(self) -> Report | None:
        """The month by LINE's count, which may lag behind; None where LINE does not answer."""
        try:
            async with AsyncApiClient(self._configuration) as client:
                api = AsyncMessagingApi(client)
                quota = await api.get_message_quota(_request_timeout=self._timeout)
                used = await api.get_message_quota_consumption(_request_timeout=self._timeout)
        except (ApiException, ValidationError, aiohttp.ClientError, TimeoutError, OSError, UnicodeError) as error:
            log.warning("line.quota_unknown", reason=type(error).__name__)
            return None
        limited = str(getattr(quota.type, "value", quota.type)) == LIMITED
        return Report(quota.value if limited else None, int(used.total_usage))
