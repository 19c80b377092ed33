"""LINE: signed webhooks in, replies and pushes out. The only room that knows LINE's words and limits."""

from bot.channels.line.channel import LineChannel
from bot.channels.line.sender import LineSender

__all__ = ["LineChannel", "LineSender"]
