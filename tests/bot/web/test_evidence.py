"""Files on the chat page: sent with its form, kept, and handed out to those who may see them and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from bot.clock import epoch_ms
from bot.evidence import sentences
from bot.store import evidence, people
from bot.store.access import Enrolment, Role, scope_of
from bot.store.stored_record import StoredRecord
from bot.store.work_tables import memberships
from bot.web.visitors import Visitor
from handlers import evidence as said
from tests.bot.evidence import in_hand
from tests.bot.web.evidence_house import LIMIT, FileHouse, file_house, send_files
from tests.bot.web.reading import once_of, words

NO_KEEPING = ("private, no-store", "nosniff")


@dataclass
class Visit:
    """Somebody at a browser of their own."""

    browser: httpx.AsyncClient
    person: str = ""

    @property
    def session(self) -> str:
        """See `Visitor.session`."""
        return Visitor(self.browser.cookies["xueban"]).session

    async def page(self) -> str:
        """The words on the page."""
        return words((await self.browser.get("/")).text)


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[FileHouse]:
    async with file_house(database_url, tmp_path / "evidence") as made:
        yield made


@pytest.fixture
async def place(house: FileHouse) -> Enrolment:
    return await house.school("甲校")


async def visit(house: FileHouse, place: Enrolment | None = None, role: Role = Role.TEACHER) -> Visit:
    here = Visit(house.browser())
    await here.browser.get("/")
    if place:
        here.person = await house.let_in(here.session, place, role)
    return here


@pytest.fixture
async def teacher(house: FileHouse, place: Enrolment) -> Visit:
    return await visit(house, place)


@pytest.fixture
async def record(house: FileHouse, place: Enrolment, teacher: Visit) -> StoredRecord:
    return await house.log(teacher.person, place)


async def attach(house: FileHouse, teacher: Visit, record: StoredRecord) -> None:
    async with house.database.write() as tx:
        scope = await scope_of(tx, teacher.person)
        await evidence.attach(tx, scope, [file.id for file in await house.files()], record.id)


async def test_a_photo_is_sent_with_the_form_alone_and_attached_by_a_button(
    house: FileHouse, teacher: Visit, record: StoredRecord
) -> None:
    sent = await send_files(teacher.browser, ("會議.jpg", in_hand.photo()))
    assert (sent.status_code, sent.headers["location"]) == (303, "/")
    html = (await teacher.browser.get("/")).text
    assert "〔檔案〕會議.jpg" in words(html)
    assert "收到 1 個檔案。要附到哪一筆紀錄？" in words(html)
    (file,) = await house.files()
    batch_action = html.partition('name="action" value="v:to:')[2].partition('"')[0]
    await teacher.browser.post("/chat", data={"id": "x1", "action": f"v:to:{batch_action}"})
    assert "1 個檔案附到「11/18 社群活動」了。" in await teacher.page()
    (file,) = await house.files()
    assert file.record_id == record.id
    assert not in_hand.position((await house.folder.get(file.sha256)) or b"")


async def test_words_beside_a_file_are_kept(house: FileHouse, teacher: Visit) -> None:
    await send_files(teacher.browser, ("a.pdf", in_hand.PDF), text="上週的簽到表")
    assert "上週的簽到表 〔檔案〕a.pdf" in await teacher.page()


async def test_a_form_without_a_file_is_mere_words(house: FileHouse, teacher: Visit) -> None:
    await send_files(teacher.browser, text="你好")
    assert "您說：你好" in await teacher.page()
    assert await house.files() == []


async def test_the_same_form_twice_keeps_its_files_once(house: FileHouse, teacher: Visit) -> None:
    once = once_of((await teacher.browser.get("/")).text)
    for _ in range(2):
        await teacher.browser.post("/chat", data={"id": once, "text": ""}, files={"file": ("a.pdf", in_hand.PDF)})
    assert len(await house.files()) == 1
    assert (await teacher.page()).count("收到 1 個檔案") == 1


async def test_the_script_is_told_the_same(house: FileHouse, teacher: Visit) -> None:
    sent = await teacher.browser.post(
        "/chat",
        data={"id": "x1", "text": "", "after": "0"},
        files=[("file", ("a.pdf", in_hand.PDF)), ("file", ("b.docx", in_hand.docx()))],
        headers={"accept": "application/json"},
    )
    assert "〔檔案〕b.docx" in sent.json()["html"]
    assert [file.name for file in await house.files()] == ["a.pdf", "b.docx"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("影片.jpg", in_hand.FILM, sentences.VIDEO),
        ("報告.docx", in_hand.bomb(210 * in_hand.MB), sentences.BOMB),
        ("page.pdf", b"<html><script>alert(1)</script>", sentences.NOT_ACCEPTED),
        ("大.pdf", b"%PDF-" + b"\0" * LIMIT, sentences.too_large(LIMIT)),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_its_content(
    house: FileHouse, teacher: Visit, name: str, content: bytes, sentence: str
) -> None:
    await send_files(teacher.browser, (name, content))
    assert f"沒有收下「{name}」：{sentence}" in await teacher.page()
    assert house.kept() == []


async def test_a_path_in_a_file_name_is_only_a_name(house: FileHouse, teacher: Visit) -> None:
    await send_files(teacher.browser, ("../../../etc/cron.d/evil.sh", in_hand.PDF))
    (file,) = await house.files()
    assert file.name == "evil.pdf"
    assert [path.name for path in house.kept()] == [file.sha256]


async def test_a_guest_is_told_and_nothing_is_kept(house: FileHouse) -> None:
    guest = await visit(house)
    await send_files(guest.browser, ("a.pdf", in_hand.PDF))
    assert said.JOIN_FIRST in await guest.page()
    assert await house.files() == []
    assert house.kept() == []


async def test_who_may_log_for_no_school_has_nothing_kept(house: FileHouse, place: Enrolment) -> None:
    left = await visit(house, place)
    async with house.database.write() as tx:
        await tx.execute(update(memberships).values(ended_at=1))
    await send_files(left.browser, ("a.pdf", in_hand.PDF))
    assert said.JOIN_FIRST in await left.page()
    assert await house.files() == []
    assert house.kept() == []


async def test_500_megabytes_are_turned_away_before_they_are_read(house: FileHouse, teacher: Visit) -> None:
    taken = 0

    async def film() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
        while taken < 500 * in_hand.MB:
            taken += in_hand.MB
            yield b"\0" * in_hand.MB

    async def ask(message_bodies: AsyncIterator[bytes]) -> int:
        status = 0

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": await anext(message_bodies), "more_body": True}

        async def send(message: dict[str, object]) -> None:
            nonlocal status
            status = int(str(message.get("status", status)))

        headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"host", b"chat.test")]
        scope = {"type": "http", "method": "POST", "path": "/chat", "query_string": b"", "headers": headers}
        await house.app(scope, receive, send)  # type: ignore[arg-type]
        return status

    assert await ask(film()) == 413
    assert taken <= 8 * in_hand.MB
    declared = await teacher.browser.post(
        "/chat",
        content=b"--x--",
        headers={"content-type": "multipart/form-data; boundary=x", "content-length": str(500 * in_hand.MB)},
    )
    assert declared.status_code == 413
    assert "一個最多 1 MB，一次最多 5 個" in words(declared.text)


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=y", "multipart/mixed; boundary=x", "text/plain"],
)
async def test_a_form_that_is_none_is_refused(teacher: Visit, content_type: str) -> None:
    sent = await teacher.browser.post("/chat", content=b"--x\r\nnonsense", headers={"content-type": content_type})
    assert sent.status_code in (400, 415)


async def test_more_files_than_allowed_are_refused(teacher: Visit, house: FileHouse) -> None:
    sent = await send_files(teacher.browser, *((f"{number}.pdf", in_hand.PDF) for number in range(6)))
    assert sent.status_code == 400
    assert await house.files() == []


async def test_another_sites_form_sends_no_file(teacher: Visit, house: FileHouse) -> None:
    sent = await teacher.browser.post(
        "/chat",
        data={"id": "x"},
        files={"file": ("a.pdf", in_hand.PDF)},
        headers={"origin": "https://evil.example"},
    )
    assert sent.status_code == 403
    assert await house.files() == []


async def test_the_sender_opens_a_photo_in_the_browser(house: FileHouse, teacher: Visit) -> None:
    await send_files(teacher.browser, ("會議.jpg", in_hand.photo()))
    (file,) = await house.files()
    shown = await teacher.browser.get(f"/evidence/{file.id}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.content == await house.folder.get(file.sha256)
    assert shown.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E6%9C%83")
    assert (shown.headers["cache-control"], shown.headers["x-content-type-options"]) == NO_KEEPING
    assert "sandbox" in shown.headers["content-security-policy"]
    assert "default-src 'none'" in shown.headers["content-security-policy"]


async def test_whatever_is_no_photo_is_handed_out_as_a_download(house: FileHouse, teacher: Visit) -> None:
    await send_files(teacher.browser, ("a.pdf", in_hand.PDF))
    (file,) = await house.files()
    shown = await teacher.browser.get(f"/evidence/{file.id}")
    assert shown.headers["content-disposition"] == "attachment; filename*=UTF-8''a.pdf"


async def test_a_loose_file_is_its_senders_alone(house: FileHouse, teacher: Visit, place: Enrolment) -> None:
    await send_files(teacher.browser, ("a.pdf", in_hand.PDF))
    (file,) = await house.files()
    colleague = await visit(house, place, Role.COORDINATOR)
    assert (await colleague.browser.get(f"/evidence/{file.id}")).status_code == 404


async def test_an_attached_file_is_seen_by_the_school_and_by_nobody_else(
    house: FileHouse, teacher: Visit, place: Enrolment, record: StoredRecord
) -> None:
    await send_files(teacher.browser, ("a.pdf", in_hand.PDF))
    await attach(house, teacher, record)
    (file,) = await house.files()
    colleague = await visit(house, place)
    stranger = await visit(house, await house.school("乙校"), Role.COORDINATOR)
    guest = await visit(house)
    nobody = Visit(house.browser())
    missing = await stranger.browser.get("/evidence/nosuchfile")
    assert (await colleague.browser.get(f"/evidence/{file.id}")).content == in_hand.PDF
    for other in (stranger, guest, nobody):
        answer = await other.browser.get(f"/evidence/{file.id}")
        assert (answer.status_code, answer.text) == (404, missing.text)


async def test_who_left_the_school_sees_its_files_no_more(
    house: FileHouse, teacher: Visit, record: StoredRecord
) -> None:
    await send_files(teacher.browser, ("a.pdf", in_hand.PDF))
    await attach(house, teacher, record)
    (file,) = await house.files()
    soon = epoch_ms(house.clock.now()) + 60_000
    link = await house.link(teacher.person, file.id, soon)
    assert (await Visit(house.browser()).browser.get(link)).content == in_hand.PDF
    async with house.database.write() as tx:
        await tx.execute(update(memberships).values(ended_at=1))
    assert (await teacher.browser.get(f"/evidence/{file.id}")).status_code == 404
    assert (await Visit(house.browser()).browser.get(link)).status_code == 404


async def test_a_link_ends_when_it_says(house: FileHouse, teacher: Visit) -> None:
    await send_files(teacher.browser, ("a.pdf", in_hand.PDF))
    (file,) = await house.files()
    over = await house.link(teacher.person, file.id, epoch_ms(house.clock.now()) - 1)
    assert (await teacher.browser.get(over)).status_code == 404


async def test_a_deleted_file_is_handed_out_to_nobody(house: FileHouse, teacher: Visit) -> None:
    await send_files(teacher.browser, ("a.pdf", in_hand.PDF))
    (file,) = await house.files()
    async with house.database.write() as tx:
        person = await people.find(tx, f"web:{teacher.session}")
        assert person is not None
        assert await evidence.remove(tx, await scope_of(tx, person), file.id)
    assert (await teacher.browser.get(f"/evidence/{file.id}")).status_code == 404


@pytest.mark.parametrize("identity", ["..%2f..%2fetc%2fpasswd", "%00", "a" * 500, "' OR 1=1 --"])
async def test_an_id_that_is_none_finds_nothing(teacher: Visit, identity: str) -> None:
    assert (await teacher.browser.get(f"/evidence/{identity}")).status_code == 404
