"""Fetching over real HTTP: what platforms answer, and what nobody can make us ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.evidence import sentences
from bot.evidence.download import Downloader, UnreachableError
from bot.evidence.sentences import RefusedFileError
from bot.evidence.sources import GoneError, LineFiles, NotReadyError, TelegramFiles
from tests.fakes.contents import Content
from tests.fakes.line import FakeLine
from tests.fakes.telegram import TOKEN, FakeTelegram

LIMIT = 1024 * 1024
FILM_BYTES = 500 * 1024 * 1024


@pytest.fixture
async def line_files(line: FakeLine) -> AsyncIterator[LineFiles]:
    files = LineFiles("channel-token", line.url, LIMIT)
    yield files
    await files.close()


@pytest.fixture
async def telegram_files(telegram: FakeTelegram) -> AsyncIterator[TelegramFiles]:
    files = TelegramFiles(TOKEN, telegram.url, LIMIT)
    yield files
    await files.close()


async def test_a_picture_of_line_is_fetched_by_its_message(line: FakeLine, line_files: LineFiles) -> None:
    line.platform.contents["123"] = Content(b"photo")
    assert await line_files.fetch("123") == b"photo"
    assert line.platform.asked == [("/v2/bot/message/123/content", "Bearer channel-token")]


async def test_a_picture_that_is_not_ready_is_there_later(line: FakeLine, line_files: LineFiles) -> None:
    line.platform.contents["123"] = Content(b"photo", refusals=[202])
    with pytest.raises(NotReadyError):
        await line_files.fetch("123")
    assert await line_files.fetch("123") == b"photo"


@pytest.mark.parametrize(("status", "error"), [(400, GoneError), (404, GoneError), (410, GoneError)])
async def test_what_line_will_never_have_is_gone(
    line: FakeLine, line_files: LineFiles, status: int, error: type[Exception]
) -> None:
    line.platform.contents["123"] = Content(refusals=[status])
    with pytest.raises(error):
        await line_files.fetch("123")


@pytest.mark.parametrize("status", [401, 429, 500, 503])
async def test_what_may_pass_is_tried_again(line: FakeLine, line_files: LineFiles, status: int) -> None:
    line.platform.contents["123"] = Content(refusals=[status])
    with pytest.raises(UnreachableError):
        await line_files.fetch("123")


async def test_a_film_of_500_megabytes_is_cut_off_at_the_limit(line: FakeLine, line_files: LineFiles) -> None:
    line.platform.contents["123"] = film = Content(size=FILM_BYTES)
    with pytest.raises(RefusedFileError) as refused:
        await line_files.fetch("123")
    assert refused.value.sentence == sentences.too_large(LIMIT)
    await line_files.close()
    assert film.sent < FILM_BYTES / 10


async def test_a_declared_size_beyond_the_limit_is_believed_at_once(line: FakeLine, line_files: LineFiles) -> None:
    line.platform.contents["123"] = Content(b"\0" * (LIMIT + 1))
    with pytest.raises(RefusedFileError):
        await line_files.fetch("123")


async def test_a_body_that_trickles_ends_in_time(line: FakeLine) -> None:
    line.platform.contents["123"] = Content(size=FILM_BYTES, pause_seconds=0.05)
    files = LineFiles("t", line.url, FILM_BYTES, Downloader(total_seconds=0.3))
    with pytest.raises(UnreachableError, match="too slow"):
        await files.fetch("123")
    await files.close()


async def test_a_packed_body_is_not_unpacked(line: FakeLine, line_files: LineFiles) -> None:
    line.platform.contents["123"] = Content(b"\x1f\x8b", headers={"content-encoding": "gzip"})
    with pytest.raises(UnreachableError, match="packed"):
        await line_files.fetch("123")


async def test_a_redirect_to_another_host_is_not_followed(
    line: FakeLine, telegram: FakeTelegram, line_files: LineFiles
) -> None:
    inside = f"{telegram.url}/file/bot{TOKEN}/photos/a.jpg"
    line.platform.contents["123"] = Content(refusals=[302], headers={"location": inside})
    with pytest.raises(UnreachableError, match="302"):
        await line_files.fetch("123")
    assert telegram.platform.asked == []


@pytest.mark.parametrize(
    "source",
    ["", "../../../etc/passwd", "1/../../x", "1?x=", "http://169.254.169.254/", "1#", "１", "%2e%2e", "a" * 65],
)
async def test_only_an_id_reaches_line(line: FakeLine, line_files: LineFiles, source: str) -> None:
    with pytest.raises(GoneError):
        await line_files.fetch(source)
    assert line.platform.asked == []


async def test_nobody_at_the_other_end_is_no_failure_of_ours() -> None:
    files = LineFiles("t", "http://127.0.0.1:9", LIMIT)
    with pytest.raises(UnreachableError):
        await files.fetch("1")
    await files.close()


async def test_a_file_of_telegram_is_fetched_from_where_it_lies(
    telegram: FakeTelegram, telegram_files: TelegramFiles
) -> None:
    telegram.platform.files["AgAC"] = {"file_path": "photos/file_1.jpg", "file_size": 5}
    telegram.platform.contents["photos/file_1.jpg"] = Content(b"photo")
    assert await telegram_files.fetch("AgAC") == b"photo"


@pytest.mark.parametrize(
    "path",
    [
        "../../../etc/passwd",
        "photos/../../x",
        "/etc/passwd",
        "//evil.example/x",
        "http://169.254.169.254/latest/meta-data",
        "photos/a.jpg?x=1",
        "photos/a.jpg#",
        "photos\\a.jpg",
        "photos/%2e%2e/a.jpg",
        "@evil.example/a",
        "photos/.hidden",
        "a/" * 200,
        "",
        None,
        7,
    ],
)
async def test_a_path_that_leads_elsewhere_is_not_followed(
    telegram: FakeTelegram, telegram_files: TelegramFiles, path: object
) -> None:
    telegram.platform.files["AgAC"] = {"file_path": path}
    with pytest.raises(UnreachableError):
        await telegram_files.fetch("AgAC")
    assert telegram.platform.asked == []


async def test_a_file_that_telegram_finds_too_big_is_refused(
    telegram: FakeTelegram, telegram_files: TelegramFiles
) -> None:
    telegram.platform.files["AgAC"] = {"file_path": "videos/a.mp4", "file_size": FILM_BYTES}
    with pytest.raises(RefusedFileError):
        await telegram_files.fetch("AgAC")
    assert telegram.platform.asked == []


async def test_a_size_that_telegram_tells_is_believed_before_fetching(
    telegram: FakeTelegram, telegram_files: TelegramFiles
) -> None:
    telegram.platform.files["AgAC"] = {"file_path": "documents/a.pdf", "file_size": LIMIT + 1}
    with pytest.raises(RefusedFileError):
        await telegram_files.fetch("AgAC")
    assert telegram.platform.asked == []


async def test_a_size_that_telegram_kept_back_is_counted(telegram: FakeTelegram, telegram_files: TelegramFiles) -> None:
    telegram.platform.files["AgAC"] = {"file_path": "documents/a.pdf"}
    telegram.platform.contents["documents/a.pdf"] = Content(size=FILM_BYTES)
    with pytest.raises(RefusedFileError):
        await telegram_files.fetch("AgAC")


async def test_a_wrong_token_is_for_the_admin_not_the_end(telegram: FakeTelegram) -> None:
    files = TelegramFiles("999:wrong", telegram.url, LIMIT)
    telegram.platform.files["AgAC"] = {"file_path": "photos/a.jpg"}
    with pytest.raises(UnreachableError):
        await files.fetch("AgAC")
    await files.close()


@pytest.mark.parametrize("source", ["", "a/b", "a b", "../x", "x" * 257])
async def test_only_an_id_reaches_telegram(telegram: FakeTelegram, telegram_files: TelegramFiles, source: str) -> None:
    with pytest.raises(GoneError):
        await telegram_files.fetch(source)
    assert telegram.platform.calls == []
