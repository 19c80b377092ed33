"""LINE's API for what is set up once: rich menus, their aliases and whose they are, and the webhook's address."""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import quote

import httpx

SECONDS = 20.0
"""For a whole call; LINE fetches our webhook within one of them."""
LONGEST_REASON = 200


class LineAdminError(Exception):
    """LINE did not do it. `status` is its HTTP status, 0 where there was no answer; `reason` LINE's own words."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"HTTP {status}: {reason}")
        self.status = status
        self.reason = reason

    @property
    def is_about_one(self) -> bool:
        """Whether it is only this menu or this person that won't do: others may be tried."""
        return self.status in (400, 404)


class LineAdmin:
    """`async with LineAdmin(…) as line: …`. Every method raises `LineAdminError`.

    Args:
        api_base_url: a root such as `https://api.line.me`.
        data_base_url: the root that takes pictures, such as `https://api-data.line.me`.
    """

    def __init__(self, access_token: str, api_base_url: str, data_base_url: str) -> None:
        self._api = api_base_url.rstrip("/")
        self._data = data_base_url.rstrip("/")
        self._client = httpx.AsyncClient(headers={"Authorization": f"Bearer {access_token}"}, timeout=SECONDS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def menus(self) -> dict[str, str]:
        """The names of all rich menus made over the API, by id."""
        found = (await self._get("/v2/bot/richmenu/list")).get("richmenus", [])
        return {str(each["richMenuId"]): str(each.get("name", "")) for each in found}

    async def aliases(self) -> dict[str, str]:
        """The menu that each alias stands for."""
        found = (await self._get("/v2/bot/richmenu/alias/list")).get("aliases", [])
        return {str(each["richMenuAliasId"]): str(each["richMenuId"]) for each in found}

    async def default_menu(self) -> str:
        """The menu of everybody who has none of their own; empty where none was set."""
        return await self._menu_at("/v2/bot/user/all/richmenu")

    async def menu_of(self, user_id: str) -> str:
        """The menu that was linked to a person; empty for who has none."""
        return await self._menu_at(f"/v2/bot/user/{_in_path(user_id)}/richmenu")

    async def create_menu(self, body: dict[str, Any]) -> str:
        """Make a menu; it has no picture yet. Returns its id."""
        return str((await self._call("POST", "/v2/bot/richmenu", body)).get("richMenuId", ""))

    async def upload_picture(self, menu_id: str, png: bytes) -> None:
        """Give a menu its picture; it can be done once only."""
        url = f"{self._data}/v2/bot/richmenu/{_in_path(menu_id)}/content"
        await self._send(self._client.build_request("POST", url, content=png, headers={"Content-Type": "image/png"}))

    async def delete_menu(self, menu_id: str) -> None:
        """Take a menu away, from everybody who has it."""
        await self._call("DELETE", f"/v2/bot/richmenu/{_in_path(menu_id)}")

    async def create_alias(self, alias: str, menu_id: str) -> None:
        """Name a menu that has its picture."""
        await self._call("POST", "/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})

    async def update_alias(self, alias: str, menu_id: str) -> None:
        """Let an alias stand for another menu."""
        await self._call("POST", f"/v2/bot/richmenu/alias/{_in_path(alias)}", {"richMenuId": menu_id})

    async def set_default_menu(self, menu_id: str) -> None:
        """Show a menu to everybody who has none of their own."""
        await self._call("POST", f"/v2/bot/user/all/richmenu/{_in_path(menu_id)}")

    async def link(self, user_id: str, menu_id: str) -> None:
        """Show a menu to one person."""
        await self._call("POST", f"/v2/bot/user/{_in_path(user_id)}/richmenu/{_in_path(menu_id)}")

    async def unlink(self, user_id: str) -> None:
        """Show a person what everybody sees."""
        await self._call("DELETE", f"/v2/bot/user/{_in_path(user_id)}/richmenu")

    async def webhook(self) -> tuple[str, bool]:
        """The webhook's address, empty where none was set, and whether LINE calls it."""
        try:
            found = await self._get("/v2/bot/channel/webhook/endpoint")
        except LineAdminError as error:
            if error.status == 404:
                return "", False
            raise
        return str(found.get("endpoint", "")), bool(found.get("active"))

    async def set_webhook(self, address: str) -> None:
        """Let LINE call this address."""
        await self._call("PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": address})

    async def test_webhook(self, address: str) -> str:
        """Let LINE call the address now; returns why that failed, empty where it went well."""
        found = await self._call("POST", "/v2/bot/channel/webhook/test", {"endpoint": address})
        if found.get("success"):
            return ""
        said = [str(found.get(name, "")) for name in ("reason", "detail")]
        return "，".join(filter(None, said))[:LONGEST_REASON] or "沒有說明原因"

    async def _menu_at(self, path: str) -> str:
        try:
            return str((await self._get(path)).get("richMenuId", ""))
        except LineAdminError as error:
            if error.status == 404:
                return ""
            raise

    async def _get(self, path: str) -> dict[str, Any]:
        return await self._call("GET", path)

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return await self._send(self._client.build_request(method, f"{self._api}{path}", json=body))

    async def _send(self, request: httpx.Request) -> dict[str, Any]:
        try:
            response = await self._client.send(request)
        except httpx.HTTPError as error:
            raise LineAdminError(0, type(error).__name__) from None
        body = _object(response)
        if response.status_code >= 300:
            raise LineAdminError(response.status_code, _reason(body))
        return body


def _in_path(given: str) -> str:
    return quote(given, safe="")


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _reason(body: dict[str, Any]) -> str:
    """LINE's message, with the details that say where."""
    details = body.get("details")
    known = [each for each in details if isinstance(each, dict)] if isinstance(details, list) else []
    where = [f"{each.get('property', '')} {each.get('message', '')}".strip() for each in known]
    return "；".join(filter(None, [str(body.get("message", "")), *where]))[:LONGEST_REASON] or "沒有說明原因"
