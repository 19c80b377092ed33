"""How the console's pages become HTML. The templates escape everything."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console import formats
from bot.console.sessions import Cookies
from bot.console.visit import Visit
from knowledge.schema import Base

HERE = Path(__file__).parent
STATIC = HERE / "static"
ROOT = "/admin"
HTMX = "htmx-2.0.10.min.js"


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry of the navigation."""

    path: str
    title: str
    admin_only: bool = False

    def is_current(self, path: str) -> bool:
        """Whether a path is this page's or one below it."""
        return path == self.path or (self.path != ROOT and path.startswith(self.path + "/"))


class Renderer:
    """Renders templates for a visit, and redirects after a change.

    Args:
        base: names of programmes.
        nav: every page that has an entry in the navigation.
        cookies: of the console.
    """

    def __init__(self, base: Base, nav: Sequence[NavEntry], cookies: Cookies) -> None:
        self._base = base
        self._nav = tuple(nav)
        self._cookies = cookies
        self._environment = environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            day=formats.day, roc=formats.roc, moment=formats.moment, lasting=formats.lasting, number=formats.number
        )
        environment.globals.update(asset=_asset, htmx=HTMX, programme=self.programme, days_from=formats.days_from)

    def render(self, name: str, visit: Visit | None, status: int = 200, **values: Any) -> Response:
        """A page.

        Args:
            name: of the template, `today.html`.
            visit: None before somebody is signed in; then there is no navigation.
            status: of the response.
            values: for the template.
        """
        response = HTMLResponse(self.fragment(name, visit, **values), status)
        if visit and visit.said:
            self._cookies.unsay(response)
        return response

    def fragment(self, name: str, visit: Visit | None, **values: Any) -> str:
        """The HTML alone."""
        nav = [each for each in self._nav if visit and (visit.is_admin or not each.admin_only)]
        paths = frozenset(each.path for each in nav)
        return self._environment.get_template(name).render(visit=visit, nav=nav, paths=paths, **values)

    def see_other(self, visit: Visit, to: str, said: str = "") -> Response:
        """After a change: go to a page, which shows what was done in one sentence, once.

        Args:
            to: a path of our own, made from ids and not from what somebody sent.
            said: the sentence.
        """
        response = RedirectResponse(to, 303)
        if said:
            self._cookies.say(response, visit, said)
        return response

    def programme(self, slug: str, edition: str = "") -> str:
        """「跨校遠距教學（114 學年度）」, without the year where no edition is given; 「不分計畫」 of none."""
        if not slug:
            return "不分計畫"
        try:
            found = self._base.programme(slug, edition or None)
        except KeyError:  # it was taken out of the knowledge base; what is stored of it stays
            return f"{slug} {edition}".strip()
        return f"{found.short_name}（{found.year_label}）" if edition else found.short_name


@lru_cache
def _asset(name: str) -> str:
    """A static file's address, which changes with its content so that no browser shows yesterday's."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{ROOT}/static/{name}?v={digest}"
