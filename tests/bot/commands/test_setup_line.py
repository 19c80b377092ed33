"""`xueban line setup` from outside, before a LINE that keeps menus as LINE does."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.channels.line.menu_picture import FontError, find_typeface
from bot.channels.line.menus import COORDINATOR, MENUS, TEACHER
from bot.store.database import Database
from tests.bot.inside import runner
from tests.bot.shell import Run, refused, run
from tests.bot.store.line_people import line_person
from tests.bot.store.school_house import school
from tests.fakes.line import FakeLine
from tests.fakes.line_menus import Office

TOKEN = "line-token-that-nobody-may-see"
HOOK = "https://xueban.example.tw/webhooks/line"
MADE = ["createRichMenu", "setRichMenuImage", "createRichMenuAlias"]
FIRST = [*MADE, *MADE, "setDefaultRichMenu", "setWebhookEndpoint"]


@pytest.fixture(autouse=True)
def _needs_a_font() -> None:
    try:
        find_typeface()
    except FontError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture
def xueban(
    kept_logging: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: Path
) -> Run:
    """Runs `xueban …` in this process, with a database of the test's own and nothing configured."""
    return runner(monkeypatch, capsys)


@pytest.fixture
def line(environment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLine]:
    """A LINE, and the settings that lead to it."""
    with FakeLine() as fake:
        monkeypatch.setenv("LINE_CHANNEL_SECRET", "line-secret")
        monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", TOKEN)
        monkeypatch.setenv("LINE_API_BASE_URL", fake.url)
        monkeypatch.setenv("LINE_DATA_API_BASE_URL", fake.url)
        monkeypatch.setenv("PUBLIC_URL", "https://xueban.example.tw")
        yield fake


@pytest.fixture
def office(line: FakeLine) -> Office:
    return line.platform.office


@pytest.fixture
def migrated(environment: Path, migrated_sqlite: Path) -> None:
    """The database is there already."""
    shutil.copy(migrated_sqlite, environment)


def told(xueban: Run, *words: str) -> str:
    """What a setup said that went well."""
    code, out, err = xueban("line", "setup", *words)
    assert (code, err) == (0, "")
    assert TOKEN not in out
    return out


def people(path: Path, **roles: tuple[bool, bool]) -> None:
    """People of one school, by LINE id: whether they are a coordinator, and whether they have left since."""

    async def write() -> None:
        database = Database(f"sqlite:///{path}")
        try:
            async with database.write() as tx:
                place = await school(tx, "示範高中")
                for name, (coordinates, left) in roles.items():
                    await line_person(tx, name, place, coordinates=coordinates, left=left)
        finally:
            await database.close()

    asyncio.run(write())


def test_the_first_run_makes_everything(office: Office) -> None:
    out = told(run)
    assert office.changes == FIRST
    assert set(office.aliases) == {"xueban-teacher", "xueban-coordinator"}
    assert office.default == office.aliases["xueban-teacher"]
    assert office.endpoint == HOOK
    assert out.splitlines()[-1] == "webhook：LINE 測試通過。"
    assert {each.authorization for each in office.operations} == {f"Bearer {TOKEN}"}


@pytest.mark.usefixtures("migrated")
def test_a_second_run_changes_nothing(xueban: Run, office: Office, environment: Path) -> None:
    people(environment, Ua=(True, False), Ub=(False, False), Uc=(True, True))
    told(xueban)
    office.operations.clear()
    out = told(xueban)
    assert office.changes == []
    assert "沒有變" in out


@pytest.mark.usefixtures("migrated")
def test_coordinators_get_their_menu_and_lose_it(xueban: Run, office: Office, environment: Path) -> None:
    people(environment, Ua=(True, False), Ub=(False, False), Uc=(True, True))
    told(xueban)
    theirs = office.aliases["xueban-coordinator"]
    assert office.links == {"Ua": theirs}
    office.links = {"Uc": theirs, "Ub": "made-by-hand"}
    assert "換了 2 個人" in told(xueban)
    assert office.links == {"Ua": theirs, "Ub": "made-by-hand"}


@pytest.mark.usefixtures("migrated")
def test_who_is_no_friend_is_counted_and_holds_nobody_up(xueban: Run, office: Office, environment: Path) -> None:
    people(environment, Ua=(True, False), Ub=(True, False))
    office.strangers = {"Ua"}
    assert "有 1 個人換不了" in told(xueban)
    assert list(office.links) == ["Ub"]


@pytest.mark.usefixtures("migrated")
def test_an_older_version_gives_way_and_menus_of_others_stay(xueban: Run, office: Office, environment: Path) -> None:
    people(environment, Ua=(True, False))
    told(xueban)
    old = office.aliases["xueban-coordinator"]
    office.menus[old] = {**office.menus[old], "name": "xueban/coordinator/older"}
    office.menus["other"] = {**office.menus[old], "name": "活動選單"}
    office.operations.clear()
    assert "刪掉舊的選單 xueban/coordinator/older" in told(xueban)
    assert office.changes == [*MADE[:2], "updateRichMenuAlias", "linkRichMenuIdToUser", "deleteRichMenu"]
    assert office.links == {"Ua": office.aliases["xueban-coordinator"]}
    assert old not in office.menus
    assert "other" in office.menus


def test_an_interrupted_run_is_finished_by_the_next(xueban: Run, office: Office) -> None:
    office.refuse("setRichMenuImage", 500)
    assert "做好的不會重做" in refused(xueban("line", "setup"))
    assert len(office.menus) == 1
    told(xueban)
    assert len(office.menus) == 2
    assert set(office.menus) == set(office.pictures) == set(office.aliases.values())


def test_pictures_go_to_the_host_for_data(
    xueban: Run, line: FakeLine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeLine() as data:
        data.platform.office = office
        monkeypatch.setenv("LINE_DATA_API_BASE_URL", data.url)
        told(xueban)
    hosts = {each.host: each.name for each in office.operations}
    assert hosts[data.url.removeprefix("http://")] == "setRichMenuImage"
    assert {each.name for each in office.operations if each.host in data.url} == {"setRichMenuImage"}


def test_a_dry_run_says_it_all_and_changes_nothing(
    xueban: Run, office: Office, tmp_path: Path, environment: Path
) -> None:
    out = told(xueban, "--dry-run", "--pictures", str(tmp_path / "drawn"))
    assert office.changes == []
    assert "testWebhookEndpoint" not in {each.name for each in office.operations}
    assert {path.name for path in (tmp_path / "drawn").iterdir()} == {"teacher.png", "coordinator.png"}
    for part in ("老師選單：建立", "召集人選單：建立", "預設選單", f"設成 {HOOK}"):
        assert part in out
    assert not environment.exists()


@pytest.mark.usefixtures("migrated")
def test_a_dry_run_counts_who_would_get_another_menu(
    xueban: Run, office: Office, tmp_path: Path, environment: Path
) -> None:
    people(environment, Ua=(True, False), Uc=(True, True))
    assert "換了 1 個人" in told(xueban, "--dry-run", "--pictures", str(tmp_path / "drawn"))
    assert office.changes == []


def test_a_webhook_that_is_not_switched_on_is_told(xueban: Run, office: Office) -> None:
    office.active = False
    assert "打開 Use webhook" in told(xueban)


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize(
    ("operation", "status", "part"),
    [
        ("getRichMenuList", 401, "重新發行，設到 LINE_CHANNEL_ACCESS_TOKEN"),
        ("createRichMenu", 400, "LINE 不接受選單（HTTP 400）：no"),
        ("createRichMenu", 429, "請一小時後再執行"),
        ("linkRichMenuIdToUser", 500, "請過一會兒再執行"),
        ("setWebhookEndpoint", 400, f"LINE 不接受 {HOOK}：no。請把 PUBLIC_URL 換成"),
        ("testWebhookEndpoint", 429, "太頻繁"),
    ],
)
def test_what_line_refuses_is_one_sentence_with_its_mend(
    xueban: Run, office: Office, environment: Path, operation: str, status: int, part: str
) -> None:
    people(environment, Ua=(True, False))
    office.refuse(operation, status)
    said = refused(xueban("line", "setup"))
    assert part in said
    assert "\n" not in said
    assert TOKEN not in said


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        ("COULD_NOT_CONNECT", "從外面連不到"),
        ("REQUEST_TIMEOUT", "太久沒有回應"),
        ("ERROR_STATUS_CODE", "LINE_CHANNEL_SECRET"),
        ("UNCLASSIFIED", "請確認服務正在執行"),
    ],
)
def test_a_test_that_fails_says_why(xueban: Run, office: Office, reason: str, mend: str) -> None:
    office.test_result = {"success": False, "statusCode": 0, "reason": reason, "detail": "details"}
    said = refused(xueban("line", "setup"))
    assert f"{reason}，details" in said
    assert mend in said


def test_a_line_that_is_away_is_told(xueban: Run, line: FakeLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setenv("LINE_API_BASE_URL", f"http://127.0.0.1:{held.getsockname()[1]}")
        assert "連不上 LINE" in refused(xueban("line", "setup"))


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("PUBLIC_URL", "", "PUBLIC_URL：要設成"),
        ("PUBLIC_URL", "http://xueban.example.tw", "PUBLIC_URL：要設成"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "", "LINE_CHANNEL_ACCESS_TOKEN"),
    ],
)
def test_a_missing_setting_is_told_before_anything_is_done(
    xueban: Run, office: Office, monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(name, value)
    assert part in refused(xueban("line", "setup"))
    assert office.operations == []


def test_a_font_that_is_none_is_told(xueban: Run, office: Office, tmp_path: Path) -> None:
    (tmp_path / "no.ttf").write_text("no font")
    assert "用 --font 換一個" in refused(xueban("line", "setup", "--font", str(tmp_path / "no.ttf")))
    assert office.operations == []


def test_lines_own_specification_has_no_complaint(xueban: Run, office: Office) -> None:
    spec = _specification()
    told(xueban)
    schemas = {
        "createRichMenu": "RichMenuRequest",
        "createRichMenuAlias": "CreateRichMenuAliasRequest",
        "setWebhookEndpoint": "SetWebhookEndpointRequest",
        "testWebhookEndpoint": "TestWebhookEndpointRequest",
    }
    judged = [each for each in office.operations if each.name in schemas]
    assert {each.name for each in judged} == set(schemas)
    for each in judged:
        jsonschema.Draft4Validator({**spec, "$ref": f"#/components/schemas/{schemas[each.name]}"}).validate(each.body)


def test_every_area_is_labelled_for_who_does_not_see_it(xueban: Run, office: Office) -> None:
    told(xueban)
    labels = [[area["action"]["label"] for area in body["areas"]] for body in office.menus.values()]
    assert labels == [[area.label for area in menu.areas] for menu in MENUS]
    assert MENUS == (TEACHER, COORDINATOR)


def _specification() -> dict[str, Any]:
    path = Path(os.environ.get("XUEBAN_SHARED", "")) / "line-openapi" / "messaging-api.strict.yml"
    if "XUEBAN_SHARED" not in os.environ or not path.is_file():
        pytest.skip("XUEBAN_SHARED is not set or holds no line-openapi/messaging-api.strict.yml")
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded
