"""The command menu and the webhook's address, as the fake Telegram keeps them; served by `tests.fakes.telegram`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

METHODS = frozenset({"getMyCommands", "setMyCommands", "getWebhookInfo", "setWebhook", "deleteWebhook"})


@dataclass
class SetUp:
    """What Telegram remembers of how the bot was set up."""

    commands: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    """The parameters of the last `setWebhook`; empty while updates are polled for."""
    trouble: dict[str, Any] = field(default_factory=dict)
    """What `getWebhookInfo` tells besides of deliveries that went wrong."""

    def answer(self, method: str, params: dict[str, Any]) -> Any:
        """The `result` of one of `METHODS`."""
        match method:
            case "getMyCommands":
                return self.commands
            case "setMyCommands":
                self.commands = params["commands"]
            case "setWebhook":
                self.webhook = params
            case "deleteWebhook":
                self.webhook = {}
            case _:
                told = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
                shown = {name: self.webhook[name] for name in ("url", "allowed_updates") if name in self.webhook}
                return {**told, **shown, **self.trouble}
        return True
