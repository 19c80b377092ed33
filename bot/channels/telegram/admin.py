"""Telegram's API for what is set up once: the command menu and the webhook's address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telegram.error import TelegramError

from bot.channels.telegram.api import Fate, TelegramApi, fate


class TelegramAdminError(Exception):
    """Telegram did not do it; `fate` says in what way, `reason` in Telegram's own words."""

    def __init__(self, meaning: Fate, reason: str) -> None:
        super().__init__(reason)
        self.fate = meaning
        self.reason = reason


class TelegramAdmin:
    """Every method raises `TelegramAdminError`."""

    def __init__(self, token: str, api_base_url: str) -> None:
        self._api = TelegramApi(token, api_base_url)

    async def close(self) -> None:
        """Give the connections back."""
        await self._api.close()

    async def commands(self) -> list[dict[str, Any]]:
        """The command menu for everybody."""
        found = await self._call("getMyCommands", {})
        return [dict(each) for each in found] if isinstance(found, list) else []

    async def set_commands(self, commands: list[dict[str, Any]]) -> None:
        """Replace the command menu."""
        await self._call("setMyCommands", {"commands": commands})

    async def webhook(self) -> dict[str, Any]:
        """What `getWebhookInfo` tells."""
        found = await self._call("getWebhookInfo", {})
        return dict(found) if isinstance(found, Mapping) else {}

    async def set_webhook(self, address: str, secret: str, updates: list[str]) -> None:
        """Let Telegram call this address, with the secret in a header, for these kinds of updates."""
        params = {"url": address, "secret_token": secret, "allowed_updates": updates}
        await self._call("setWebhook", params)

    async def delete_webhook(self) -> None:
        """Let updates be polled for; those that wait stay."""
        await self._call("deleteWebhook", {"drop_pending_updates": False})

    async def _call(self, method: str, params: Mapping[str, Any]) -> Any:
        try:
            return await self._api.call(method, params)
        except TelegramError as error:
            raise TelegramAdminError(fate(error)[0], error.message) from None
