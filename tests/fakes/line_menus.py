"""Rich menus, aliases, links and the webhook's address, as the fake LINE keeps them; served by `tests.fakes.line`.

Operations are named as in LINE's own specification, which also judges the bodies that were sent.
"""

from __future__ import annotations

import itertools
import json
import re
import struct
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LARGEST_PICTURE = 1024 * 1024
READS = frozenset(
    {
        *("getRichMenuList", "getRichMenuAliasList", "getDefaultRichMenuId", "getRichMenuIdOfUser"),
        *("getWebhookEndpoint", "testWebhookEndpoint"),
    }
)
"""Operations that change nothing."""


class RefusedError(Exception):
    """A call that LINE answers with this status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Operation:
    """One call."""

    name: str
    path: dict[str, str]
    body: Any
    host: str
    authorization: str
    status: int


@dataclass
class Office:
    """What LINE remembers of one account."""

    menus: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By id."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    default: str = ""
    links: dict[str, str] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    """People who are no friends: no menu can be linked to them."""
    endpoint: str = ""
    active: bool = True
    test_result: dict[str, Any] = field(
        default_factory=lambda: {"success": True, "statusCode": 200, "reason": "OK", "detail": "200"}
    )
    operations: list[Operation] = field(default_factory=list)
    refusals: dict[str, deque[tuple[int, str]]] = field(default_factory=lambda: defaultdict(deque))
    """What the next calls of an operation are answered with; `*`: those of any."""
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def changes(self) -> list[str]:
        """The operations, in order, that were carried out and change something."""
        return [each.name for each in self.operations if each.status < 300 and each.name not in READS]

    def refuse(self, operation: str, status: int, message: str = "no") -> None:
        """Let the next call of an operation fail."""
        self.refusals[operation].append((status, message))

    def create(self, _path: dict[str, str], body: Any) -> dict[str, Any]:
        size, areas = body["size"], body["areas"]
        if size["width"] / size["height"] < 1.45 or not 1 <= len(areas) <= 20:
            raise RefusedError(400, "The request body has 1 error(s)")
        for area in areas:
            at = area["bounds"]
            if at["x"] + at["width"] > size["width"] or at["y"] + at["height"] > size["height"]:
                raise RefusedError(400, "The request body has 1 error(s)")
        made = f"richmenu-{next(self._ids):032x}"
        self.menus[made] = body
        return {"richMenuId": made}

    def picture(self, path: dict[str, str], body: Any) -> dict[str, Any]:
        menu = self._menu(path["menu"])
        if path["menu"] in self.pictures:
            raise RefusedError(400, "An image has already been uploaded to the richmenu")
        size = struct.unpack(">II", body[16:24])
        if body[:8] != b"\x89PNG\r\n\x1a\n" or size != (menu["size"]["width"], menu["size"]["height"]):
            raise RefusedError(400, "The image's size does not match")
        if len(body) > LARGEST_PICTURE:
            raise RefusedError(413, "Request Entity Too Large")
        self.pictures[path["menu"]] = body
        return {}

    def delete(self, path: dict[str, str], _body: Any) -> dict[str, Any]:
        self._menu(path["menu"])
        del self.menus[path["menu"]]
        self.pictures.pop(path["menu"], None)
        self.default = "" if self.default == path["menu"] else self.default
        self.links = {person: menu for person, menu in self.links.items() if menu != path["menu"]}
        return {}

    def all_menus(self, _path: dict[str, str], _body: Any) -> dict[str, Any]:
        return {"richmenus": [{"richMenuId": made, **body} for made, body in self.menus.items()]}

    def all_aliases(self, _path: dict[str, str], _body: Any) -> dict[str, Any]:
        return {"aliases": [{"richMenuAliasId": name, "richMenuId": menu} for name, menu in self.aliases.items()]}

    def new_alias(self, _path: dict[str, str], body: Any) -> dict[str, Any]:
        name = body["richMenuAliasId"]
        if name in self.aliases or not re.fullmatch(r"[a-z0-9_-]{1,32}", name):
            raise RefusedError(400, "conflict richmenu alias id")
        self.aliases[name] = self._finished(body["richMenuId"])
        return {}

    def move_alias(self, path: dict[str, str], body: Any) -> dict[str, Any]:
        if path["alias"] not in self.aliases:
            raise RefusedError(404, "richmenu alias not found")
        self.aliases[path["alias"]] = self._finished(body["richMenuId"])
        return {}

    def get_default(self, _path: dict[str, str], _body: Any) -> dict[str, Any]:
        return self._id_or_404(self.default)

    def set_default(self, path: dict[str, str], _body: Any) -> dict[str, Any]:
        self.default = self._finished(path["menu"])
        return {}

    def get_link(self, path: dict[str, str], _body: Any) -> dict[str, Any]:
        return self._id_or_404(self.links.get(path["user"], ""))

    def link(self, path: dict[str, str], _body: Any) -> dict[str, Any]:
        if path["user"] in self.strangers:
            raise RefusedError(404, "The user has not added the account as a friend")
        self.links[path["user"]] = self._finished(path["menu"])
        return {}

    def unlink(self, path: dict[str, str], _body: Any) -> dict[str, Any]:
        self.links.pop(path["user"], None)
        return {}

    def get_webhook(self, _path: dict[str, str], _body: Any) -> dict[str, Any]:
        if not self.endpoint:
            raise RefusedError(404, "Not found")
        return {"endpoint": self.endpoint, "active": self.active}

    def set_webhook(self, _path: dict[str, str], body: Any) -> dict[str, Any]:
        if not body["endpoint"].startswith("https://") or len(body["endpoint"]) > 500:
            raise RefusedError(400, "Invalid webhook endpoint URL")
        self.endpoint = body["endpoint"]
        return {}

    def try_webhook(self, _path: dict[str, str], _body: Any) -> dict[str, Any]:
        return {"timestamp": "2025-11-20T02:00:00.000Z", **self.test_result}

    def _menu(self, made: str) -> dict[str, Any]:
        if made not in self.menus:
            raise RefusedError(404, "Not found")
        return self.menus[made]

    def _finished(self, made: str) -> str:
        self._menu(made)
        if made not in self.pictures:
            raise RefusedError(400, "must upload richmenu image before applying it to user")
        return made

    @staticmethod
    def _id_or_404(made: str) -> dict[str, Any]:
        if not made:
            raise RefusedError(404, "the user has no richmenu")
        return {"richMenuId": made}


Does = Callable[[Office, dict[str, str], Any], dict[str, Any]]
OPERATIONS: dict[tuple[str, str], tuple[str, Does]] = {
    ("POST", "/v2/bot/richmenu"): ("createRichMenu", Office.create),
    ("GET", "/v2/bot/richmenu/list"): ("getRichMenuList", Office.all_menus),
    ("GET", "/v2/bot/richmenu/alias/list"): ("getRichMenuAliasList", Office.all_aliases),
    ("POST", "/v2/bot/richmenu/alias"): ("createRichMenuAlias", Office.new_alias),
    ("POST", "/v2/bot/richmenu/alias/{alias}"): ("updateRichMenuAlias", Office.move_alias),
    ("POST", "/v2/bot/richmenu/{menu}/content"): ("setRichMenuImage", Office.picture),
    ("DELETE", "/v2/bot/richmenu/{menu}"): ("deleteRichMenu", Office.delete),
    ("GET", "/v2/bot/user/all/richmenu"): ("getDefaultRichMenuId", Office.get_default),
    ("POST", "/v2/bot/user/all/richmenu/{menu}"): ("setDefaultRichMenu", Office.set_default),
    ("GET", "/v2/bot/user/{user}/richmenu"): ("getRichMenuIdOfUser", Office.get_link),
    ("POST", "/v2/bot/user/{user}/richmenu/{menu}"): ("linkRichMenuIdToUser", Office.link),
    ("DELETE", "/v2/bot/user/{user}/richmenu"): ("unlinkRichMenuIdFromUser", Office.unlink),
    ("GET", "/v2/bot/channel/webhook/endpoint"): ("getWebhookEndpoint", Office.get_webhook),
    ("PUT", "/v2/bot/channel/webhook/endpoint"): ("setWebhookEndpoint", Office.set_webhook),
    ("POST", "/v2/bot/channel/webhook/test"): ("testWebhookEndpoint", Office.try_webhook),
}


def routes(office: Callable[[], Office]) -> list[Route]:
    """LINE's paths for all of it."""
    return [
        Route(path, _endpoint(office, name, does), methods=[method])
        for (method, path), (name, does) in OPERATIONS.items()
    ]


def _endpoint(office: Callable[[], Office], name: str, does: Does) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        kept, raw = office(), await request.body()
        is_json = request.headers.get("content-type", "").startswith("application/json")
        body = json.loads(raw) if raw and is_json else raw
        authorization = request.headers.get("authorization", "")
        status, said = _decide(kept, name, does, request.path_params, body, authorization)
        host = str(request.url.netloc)
        kept.operations.append(Operation(name, request.path_params, body, host, authorization, status))
        return JSONResponse(said, status)

    return answer


def _decide(
    office: Office, name: str, does: Does, path: dict[str, str], body: Any, authorization: str
) -> tuple[int, dict[str, Any]]:
    for refusals in (office.refusals[name], office.refusals["*"]):
        if refusals:
            status, message = refusals.popleft()
            return status, {"message": message}
    if not authorization.startswith("Bearer "):
        return 401, {"message": "Authentication failed"}
    try:
        return 200, does(office, path, body)
    except RefusedError as refused:
        return refused.status, {"message": str(refused)}
