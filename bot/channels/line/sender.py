"""The half of LINE that touches the network: replies, pushes, and the sign that we are at it.

Bodies go out through the SDK's `AsyncApiClient.call_api` as the dicts that the outbox froze. The SDK's
models are left out on purpose: they drop what they do not know without a word, so that a body could leave
other than it was stored, and a retry key is good for one and the same body only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from linebot.v3.messaging import AsyncApiClient, Configuration
from linebot.v3.messaging.exceptions import ApiException

from bot.channels.line import verdict
from bot.channels.line.verdict import Response
from bot.clock import Clock, epoch_ms
from bot.store.outbox import Delivery
from scheduler.dispatch import KEY_LIFE_MS, Outcome, Result

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 8.0
"""For a whole call. The SDK's own default of five minutes would outlast the outbox's lease."""
LOADING_SECONDS = 20
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")
_SILENCE = (aiohttp.ClientError, TimeoutError, OSError, UnicodeError, LookupError)
"""What `call_api` raises where there was no answer, or one that is no text; the SDK wraps none of it."""


class LineSender:
    """Implements `scheduler.dispatch.Sender`. Belongs to the event loop that first sends with it.

    Nothing is repeated here: the SDK's async client does not, aiohttp repeats no POST, and the outbox does
    it with what it knows of earlier attempts.
    """

    def __init__(
        self,
        access_token: str,
        api_base_url: str,
        clock: Clock,
        *,
        own_clock: Clock | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """`api_base_url` is a root such as `https://api.line.me`.

        `clock` judges whether a reply token is still worth trying; it must agree with LINE's to a few
        seconds. `own_clock` is the outbox's, by which first attempts are noted; by it their age is judged, so
        that a shifted one is not held against LINE's. None: the same.
        """
        self._configuration = Configuration(access_token=access_token, host=api_base_url.rstrip("/"))
        self._clock = clock
        self._own_clock = own_clock or clock
        self._timeout = timeout_seconds
        self._client: AsyncApiClient | None = None

    async def send(self, delivery: Delivery) -> Outcome:
        """Try once; see `verdict` for what each answer means. The retry key goes with pushes only.

        A reply whose time is over is not tried at all, nor a push that may have arrived so long ago that
        LINE has forgotten its retry key.
        """
        now = epoch_ms(self._clock.now())
        reply = delivery.method == "reply"
        if reply and now > delivery.reply_until:
            return Outcome(Result.AS_PUSH, verdict.REPLY_EXPIRED)
        age = epoch_ms(self._own_clock.now()) - delivery.first_attempt_at
        if not reply and verdict.may_have_arrived(delivery) and age > KEY_LIFE_MS:
            return Outcome(Result.UNKNOWN, verdict.KEY_EXPIRED)
        try:
            response = await (self._reply(delivery) if reply else self._push(delivery))
        except _SILENCE as error:
            return verdict.of_silence(delivery, _name(error))
        outcome = verdict.of_response(delivery, response)
        if response.status in (401, 403) or outcome.status.startswith(verdict.QUOTA):
            log.error("line.needs_an_admin", status=response.status, reason=outcome.status)
        return outcome

    async def show_loading(self, user_id: str) -> None:
        """Show in a private chat that an answer is coming. A courtesy: a failure is logged, never raised."""
        body = {"chatId": user_id, "loadingSeconds": LOADING_SECONDS}
        try:
            status = (await self._post("/v2/bot/chat/loading/start", body)).status
        except _SILENCE as error:
            log.warning("line.loading_failed", reason=_name(error))
            return
        if status >= 300:
            log.warning("line.loading_failed", reason=str(status))

    async def close(self) -> None:
        """Give the connections back. Sending again afterwards opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _reply(self, delivery: Delivery) -> Response:
        return await self._post("/v2/bot/message/reply", {"replyToken": delivery.reply_token, **delivery.payload})

    async def _push(self, delivery: Delivery) -> Response:
        body = {"to": delivery.address, **delivery.payload}
        return await self._post("/v2/bot/message/push", body, {"X-Line-Retry-Key": delivery.id})

    async def _post(self, path: str, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
        """One call. Raises one of `_SILENCE` where LINE did not answer."""
        if self._client is None:  # the SDK can make it in a running loop only
            self._client = AsyncApiClient(self._configuration)
        try:
            answer = await self._client.call_api(
                path,
                "POST",
                header_params={"Content-Type": "application/json", **(headers or {})},
                body=body,
                response_types_map={},
                _request_timeout=self._timeout,
            )
        except ApiException as error:
            return Response(int(error.status), verdict.read_message(error.body), _request_id(error.headers))
        return Response(int(answer.status_code), request_id=_request_id(answer.headers))


def _request_id(headers: Mapping[str, str] | None) -> str:
    """The id to give LINE's support; after a 409, the one of the call that was accepted."""
    found = headers or {}
    value = found.get("x-line-accepted-request-id") or found.get("x-line-request-id") or ""
    return value if _REQUEST_ID.fullmatch(value) else ""


def _name(error: Exception) -> str:
    match error:
        case TimeoutError():
            return verdict.TIMED_OUT
        case aiohttp.ClientConnectorError():
            return verdict.NO_CONNECTION
        case UnicodeError() | LookupError():
            return verdict.UNREADABLE
        case _:
            return verdict.CONNECTION_LOST
