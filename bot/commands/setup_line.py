"""`xueban line setup`: rich menus, whose they are, and the webhook, made to be as they should be.

What is already so is left alone, so the command may be run after every release. Order matters: a menu gets its alias
only once it has its picture, so a menu that an interrupted run left half done is behind no alias and is made anew;
and an old menu is taken away only when nobody has it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot import logs, settings
from bot.channels.line.admin_api import LineAdmin, LineAdminError
from bot.channels.line.menu_links import CHANNEL, place
from bot.channels.line.menu_picture import LARGEST_PICTURE, FontError, Picture, draw, find_typeface
from bot.channels.line.menus import COORDINATOR, DEFAULT, MENUS, PREFIX, Menu
from bot.commands.failures import BadInputError
from bot.settings import Settings
from bot.store import coordinators, migrate
from bot.store.database import Database, is_missing

HOOK_PATH = "/webhooks/line"
NOT_ACTIVE = "還差一步：到 LINE Developers 的 Messaging API 頁打開 Use webhook，LINE 才會送訊息來（這一項只能用手開）。"
_MENDS = {
    "TIMEOUT": "服務太久沒有回應，請確認它正在執行",
    "CONNECT": "從外面連不到，請確認服務正在執行、反向代理和憑證都好了",
    "STATUS": "服務回了錯誤，請確認 LINE_CHANNEL_SECRET 和這個頻道的一樣，反向代理也沒有擋",
}
"""By what LINE's reason holds."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A menu with its picture."""

    menu: Menu
    picture: Picture

    @property
    def name(self) -> str:
        """What it is called at LINE: another look, another name."""
        return f"{self.menu.name_prefix}{self.picture.digest}"


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be so when it is done."""

    webhook: str
    drawn: tuple[Drawn, ...]
    coordinators: Mapping[str, bool]
    """See `bot.store.coordinators`."""
    dry_run: bool
    ids: dict[str, str] = field(default_factory=dict)
    """Of the menus that are to stay, by key; in a dry run those that are there already."""

    def say(self, done: str) -> None:
        """Tell what was done, or would be."""
        print(f"（試跑）{done}" if self.dry_run else done)


def setup_line(*, dry_run: bool = False, pictures: Path | None = None, font: Path | None = None) -> None:
    """Set LINE up and say what was done. A dry run asks LINE how things are, changes nothing, and writes the pictures.

    Raises:
        BadInputError: a setting or the font is missing, LINE refused, or its test of the webhook failed.
    """
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    webhook = _webhook_of(found)
    try:
        face = find_typeface(font)
        drawn = tuple(Drawn(menu, draw(menu, face)) for menu in MENUS)
    except FontError as error:
        raise BadInputError(str(error)) from None
    assert all(len(each.picture.png) <= LARGEST_PICTURE for each in drawn)
    if dry_run:
        _write_pictures(drawn, pictures or found.xueban_data_dir / "line-menus")
    asyncio.run(_run(found, webhook, drawn, dry_run=dry_run))


def _webhook_of(found: Settings) -> str:
    if not found.line_on:
        raise BadInputError("LINE_CHANNEL_SECRET 和 LINE_CHANNEL_ACCESS_TOKEN：沒有設定；兩個都設好再執行一次。")
    if urlsplit(found.public_url).scheme != "https":
        raise BadInputError("PUBLIC_URL：要設成外面連得到的 https:// 網址，LINE 才送得到訊息。")
    return f"{found.public_url}{HOOK_PATH}"


def _write_pictures(drawn: tuple[Drawn, ...], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for each in drawn:
        path = folder / f"{each.menu.key}.png"
        path.write_bytes(each.picture.png)
        print(f"{each.menu.title}的圖片寫在 {path}。")


async def _run(found: Settings, webhook: str, drawn: tuple[Drawn, ...], *, dry_run: bool) -> None:
    assert found.line_channel_access_token is not None  # `_webhook_of` has looked
    token = found.line_channel_access_token.get_secret_value()
    job = Job(webhook, drawn, await _coordinators(found, dry_run=dry_run), dry_run)
    async with LineAdmin(token, found.line_api_base_url, found.line_data_api_base_url) as line:
        try:
            await _menus(line, job)
        except LineAdminError as error:
            raise BadInputError(_sentence(error, "選單")) from None
        try:
            await _webhook(line, job)
        except LineAdminError as error:
            raise BadInputError(_about_webhook(error, webhook)) from None


async def _coordinators(found: Settings, *, dry_run: bool) -> Mapping[str, bool]:
    if dry_run and is_missing(found.database_url):
        return {}
    database = Database(found.database_url)
    try:
        if not dry_run:
            await migrate.to_head(database)
        async with database.read() as tx:
            return await coordinators.of_channel(tx, CHANNEL)
    finally:
        await database.close()


async def _menus(line: LineAdmin, job: Job) -> None:
    held, aliases = await line.menus(), await line.aliases()
    for each in job.drawn:
        kept = aliases.get(each.menu.alias, "")
        if held.get(kept) == each.name:
            job.ids[each.menu.key] = kept
            job.say(f"{each.menu.title}：沒有變，保留。")
        else:
            await _renew(line, job, each, alias_is_known=each.menu.alias in aliases)
    await _default(line, job)
    old = [made for made, name in held.items() if name.startswith(PREFIX) and made not in job.ids.values()]
    await _link(line, job, old)
    for menu_id in old:
        job.say(f"刪掉舊的選單 {held[menu_id]}。")
        if not job.dry_run:
            await line.delete_menu(menu_id)


async def _renew(line: LineAdmin, job: Job, each: Drawn, *, alias_is_known: bool) -> None:
    job.say(f"{each.menu.title}：建立，上傳圖片，設別名 {each.menu.alias}。")
    if job.dry_run:
        return
    made = await line.create_menu(each.menu.request(each.name))
    await line.upload_picture(made, each.picture.png)
    set_alias = line.update_alias if alias_is_known else line.create_alias
    await set_alias(each.menu.alias, made)
    job.ids[each.menu.key] = made


async def _default(line: LineAdmin, job: Job) -> None:
    wanted = job.ids.get(DEFAULT.key, "")
    if wanted and await line.default_menu() == wanted:
        return
    job.say(f"{DEFAULT.title}：設成所有人的預設選單。")
    if not job.dry_run:
        await line.set_default_menu(wanted)


async def _link(line: LineAdmin, job: Job, old: list[str]) -> None:
    """Give coordinators their menu, and take it from who no longer is one."""
    wanted = job.ids.get(COORDINATOR.key, "")
    ours = {wanted, *old} - {""}
    changed = refused = 0
    for address, coordinates in job.coordinators.items():
        try:
            if job.dry_run:
                held = await line.menu_of(address)
                changed += (not wanted or held != wanted) if coordinates else held in ours
            else:
                changed += await place(line, address, wanted if coordinates else "", ours=ours)
        except LineAdminError as error:
            if not error.is_about_one:
                raise
            refused += 1
    if changed:
        job.say(f"{COORDINATOR.title}：換了 {changed} 個人的選單。")
    if refused:
        job.say(f"{COORDINATOR.title}：有 {refused} 個人換不了，可能封鎖了帳號或退了好友。")


async def _webhook(line: LineAdmin, job: Job) -> None:
    address, active = await line.webhook()
    if address != job.webhook:
        job.say(f"webhook：設成 {job.webhook}。")
        if not job.dry_run:
            await line.set_webhook(job.webhook)
            _, active = await line.webhook()
    else:
        job.say(f"webhook：已經是 {job.webhook}。")
    if not active and not (job.dry_run and address != job.webhook):  # LINE can't tell before there is an address
        job.say(NOT_ACTIVE)
    if job.dry_run:
        job.say("webhook：請 LINE 送一則測試。")
        return
    if problem := await line.test_webhook(job.webhook):
        mend = next((mend for word, mend in _MENDS.items() if word in problem.upper()), "請確認服務正在執行")
        raise BadInputError(f"LINE 測試 {job.webhook} 沒有通過：{problem}。{mend}，再執行一次。")
    job.say("webhook：LINE 測試通過。")


def _about_webhook(error: LineAdminError, webhook: str) -> str:
    if error.status != 400:
        return _sentence(error, "webhook")
    return f"LINE 不接受 {webhook}：{error.reason}。請把 PUBLIC_URL 換成外面連得到、憑證有效的 https:// 網址。"


def _sentence(error: LineAdminError, what: str) -> str:
    """What went wrong with one thing, and what to do about it."""
    match error.status:
        case 0:
            return f"連不上 LINE（{error.reason}）。請確認這台機器連得到外面，再執行一次；做好的不會重做。"
        case 401 | 403:
            return f"LINE 不接受這個權杖（HTTP {error.status}）。請重新發行，設到 LINE_CHANNEL_ACCESS_TOKEN。"
        case 429:
            return "LINE 說太頻繁（選單一小時最多建立或刪除 100 次）。請一小時後再執行；做好的不會重做。"
        case 400 | 404 | 413:
            return f"LINE 不接受{what}（HTTP {error.status}）：{error.reason}。請更新學伴，或把這句話回報給維護的人。"
        case _:
            return f"LINE 現在有問題（HTTP {error.status}）。請過一會兒再執行；做好的不會重做。"
