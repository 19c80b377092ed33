"""The workbook of a school: every record once, sums that are right, a sheet a requirement."""

from __future__ import annotations

from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.papers.photos import Pictures
from bot.papers.records_xlsx import ABOUT, ALL, MONTHS, PEOPLE, records_workbook
from bot.store.history import Attendee
from tests.bot.papers.dossiers import SOFFICE, converted, dossier, record


def sheets(content: bytes) -> dict[str, Worksheet]:
    book = load_workbook(BytesIO(content))
    return {name: book[name] for name in book.sheetnames}


def table(sheet: Worksheet, first: int = 1) -> list[dict[str, Any]]:
    """Rows under the header in this line, until one is empty."""
    names = [cell.value for cell in sheet[first]]
    found = []
    for row in sheet.iter_rows(min_row=first + 1, values_only=True):
        if not any(row):
            break
        found.append(dict(zip(names, row, strict=True)))
    return found


MEETINGS = (
    record(1),
    record(2, starts_at=datetime(2025, 9, 5, 9, 30), minutes=90, topic="=1+1", host="", headcount=None, mode=""),
    record(3, starts_at=datetime(2025, 9, 6), day_only=True, minutes=60, created_by="p2", creator=""),
    record(4, starts_at=datetime(2025, 12, 5, 14, 0), state="planned"),
    record(5, starts_at=datetime(2025, 10, 5, 14, 0), state="planned"),
)


def test_every_record_is_a_row_with_real_dates_and_numbers() -> None:
    rows = table(sheets(records_workbook(dossier(*MEETINGS)))[ALL])
    assert [row["日期"] for row in rows] == [datetime(each.starts_at.year, each.starts_at.month, each.starts_at.day)
        for each in sorted(MEETINGS, key=lambda each: each.starts_at)]  # fmt: skip
    second = rows[0]
    assert (second["星期"], second["開始"], second["結束"], second["時數"]) == ("五", time(9, 30), time(11, 0), 1.5)
    assert (second["主題"], second["方式"], second["人數"]) == ("=1+1", None, None)
    assert (rows[1]["開始"], rows[1]["結束"], rows[1]["登錄者"]) == (None, None, "（未留姓名）")


def test_what_is_planned_is_marked() -> None:
    rows = table(sheets(records_workbook(dossier(*MEETINGS)))[ALL])
    assert [row["狀態"] for row in rows] == ["已辦理", "已辦理", "預定，尚未確認辦理", "已辦理", "預定"]


def test_who_logged_and_who_was_there_is_summed_by_person() -> None:
    joined = {"r1": (Attendee("p2", "乙老師"), Attendee("p3", "丙老師"))}
    rows = {row["姓名"]: row for row in table(sheets(records_workbook(dossier(*MEETINGS, attendees=joined)))[PEOPLE])}
    assert set(rows) == {"甲老師", "乙老師", "丙老師"}
    first, second, third = rows["甲老師"], rows["乙老師"], rows["丙老師"]
    assert (first["登錄次數"], first["參加次數"], first["時數合計"]) == (2, 0, 3.5)
    assert (second["登錄次數"], second["參加次數"], second["時數合計"]) == (1, 1, 3)
    assert (third["登錄次數"], third["參加次數"], third["114 年 9 月時數"], third["114 年 11 月時數"]) == (0, 1, 0, 2)


def test_two_people_of_one_name_stay_two() -> None:
    content = records_workbook(dossier(record(1), record(2, created_by="p9")))
    assert [row["姓名"] for row in table(sheets(content)[PEOPLE])] == ["甲老師", "甲老師"]


def test_months_are_summed_and_the_sums_add_up() -> None:
    rows = table(sheets(records_workbook(dossier(*MEETINGS)))[MONTHS])
    found = {row["月份"]: (row["次數"], row["時數"], row["人次"], row["社群活動"], row["預定"]) for row in rows}
    assert found == {
        "114 年 9 月": (2, 2.5, 8, 2, 0),
        "114 年 10 月": (0, 0, 0, 0, 1),
        "114 年 11 月": (1, 2, 8, 1, 0),
        "114 年 12 月": (0, 0, 0, 0, 1),
        "合計": (3, 4.5, 16, 3, 2),
    }


def test_each_requirement_has_a_sheet_with_its_state_and_the_records_that_count() -> None:
    found = dossier(*MEETINGS, record(6, kind="open_class", topic="觀課"))
    book = sheets(records_workbook(found))
    assert found.requirements is not None
    assert [item.title for item in found.requirements.items] == [
        name for name in book if name not in (ALL, PEOPLE, MONTHS, ABOUT)
    ]
    community = book["教師社群活動"]
    assert str(community["A2"].value).startswith("算法：")
    months = {row["期間"]: row for row in table(community, 3)}
    assert len(months) == 12
    september, october = months["114 年 9 月"], months["114 年 10 月"]
    assert (september["應完成"], september["已完成"], september["狀態"]) == (1, 2, "完成")
    assert (october["已完成"], october["狀態"]) == (0, "逾期")  # planned, and never confirmed
    assert (months["114 年 12 月"]["已排定"], months["114 年 12 月"]["狀態"]) == (1, "未到期")
    assert months["114 年 9 月"]["最後一天"] == datetime(2025, 9, 30)
    listed = [row[:2] for row in book["教師社群活動"].iter_rows(min_row=17, values_only=True)]
    assert ("114 年 9 月", datetime(2025, 9, 5)) in listed
    assert ("114 年 12 月", datetime(2025, 12, 5)) in listed
    assert all(row[1] != datetime(2025, 10, 5) for row in listed)
    topics = [cell for row in book["公開觀課"].iter_rows(values_only=True) for cell in row]
    assert "觀課" in topics
    assert "共備" not in topics


def test_days_that_are_asked_for_cut_records_and_periods() -> None:
    part = dossier(*MEETINGS, first=date(2025, 11, 1), last=date(2025, 11, 30))
    book = sheets(records_workbook(part))
    assert len(table(book[ALL])) == 1
    assert [row["姓名"] for row in table(book[PEOPLE])] == ["甲老師"]
    periods = {row[0] for row in book["教師社群活動"].iter_rows(values_only=True)}
    assert "114 年 11 月" in periods
    assert "114 年 9 月" not in periods
    assert any("114 年 11 月 1 日至114 年 11 月 30 日" in str(row) for row in book[ABOUT].iter_rows(values_only=True))


def test_files_are_counted() -> None:
    rows = table(sheets(records_workbook(dossier(record(1), pictures={"r1": Pictures(count=3)})))[ALL])
    assert rows[0]["附件數"] == 3


@pytest.mark.parametrize("slug", ["distance-teaching", "equalization", "mobile-learning", "onsite-mentoring"])
def test_nothing_recorded_is_a_workbook_too(slug: str) -> None:
    book = sheets(records_workbook(dossier(slug=slug)))
    assert book[ALL]["A2"].value == "（這段期間沒有紀錄）"
    assert list(book)[:3] == [ALL, PEOPLE, MONTHS]


@SOFFICE
def test_libreoffice_opens_it_and_reads_the_formula_as_text(tmp_path: Path) -> None:
    content = records_workbook(dossier(*MEETINGS))
    found = converted(
        content, "xlsx", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1", tmp_path
    )
    assert len(found) == len(sheets(content))
    told = next(path for path in found if ALL in path.name).read_text(encoding="utf-8")
    assert "=1+1" in told
    assert "2025/09/05" in told
