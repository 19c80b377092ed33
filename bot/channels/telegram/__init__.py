"""Telegram: updates in by webhook or long polling, messages out through the Bot API."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.poller import TelegramPoller
from bot.channels.telegram.sender import TelegramSender

__all__ = ["TelegramChannel", "TelegramPoller", "TelegramSender"]
