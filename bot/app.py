"""Wires the house together: settings in, a running service out."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from bot.service import Service
from bot.settings import Settings
from bot.site import routes
from bot.store import migrate
from bot.web.webhooks import Webhook


class Application:
    """The ASGI application: webhooks go straight to their channel, all else through Starlette.

    They are nearly all of the traffic, and routing and middleware would cost them as much as being stored.
    """

    def __init__(self, settings: Settings) -> None:
        self.service: Service | None = None
        self._settings = settings
        self._hooks: dict[str, Webhook] = {}
        self._pages = Starlette(lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hook = self._hooks.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        await (hook or self._pages)(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, pages: Starlette) -> AsyncIterator[None]:
        self.service = service = Service(self._settings)
        await migrate.to_head(service.database)
        self._hooks = service.webhooks()
        pages.router.routes.extend(routes(service))
        await service.start()
        # The knowledge base is a million objects that live as long as the process; a collection that walks them
        # all would hold every webhook up for a tenth of a second.
        gc.collect()
        gc.freeze()
        yield
        await service.stop()


def create_app(settings: Settings) -> Application:
    """The application; the service lives as long as its lifespan."""
    return Application(settings)
