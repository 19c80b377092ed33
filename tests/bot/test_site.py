"""What a process serves depends on its roles."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.routing import Route

from bot.service import Service
from bot.settings import Settings
from bot.site import routes

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
"""Nothing is asked of it: a route is there or not before anybody connects."""


PAGES = {"/", "/files/{token}", "/calendar/{secret}.ics", "/admin", "/admin/sign-in"}


@pytest.mark.parametrize(("role", "served"), [("web", PAGES), ("scheduler", set())])
def test_pages_are_served_by_the_role_web_alone(tmp_path: Path, role: str, served: set[str]) -> None:
    settings = Settings.model_validate({"database_url": NOWHERE, "roles": role, "xueban_data_dir": tmp_path})
    found = {route.path for route in routes(Service(settings)) if isinstance(route, Route)}
    assert found & PAGES == served
    assert "/livez" in found
