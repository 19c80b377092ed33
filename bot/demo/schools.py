"""Forty schools that don't exist, and who of them takes part in what, how diligently."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

COUNTIES = (
    "新北市", "桃園市", "新竹縣", "苗栗縣", "臺中市", "南投縣", "雲林縣", "臺南市",
    "高雄市", "屏東縣", "花蓮縣", "臺東縣",
)  # fmt: skip
PLACES = (
    "石虎坪", "藍鵲坡", "帝雉嶺", "水鹿原", "山羌谷", "彩鷸塘", "櫻鮭溪", "黑熊坳", "穿山甲坪", "翠翼埔",
    "鯨歌灣", "飛鼠崗", "鳳蝶湖", "食蟹獴洲", "雲豹嶺", "領角鴞林", "樹蛙澤", "白鼻心坑", "螢火谷", "獼猴岩",
    "麝香貓坡", "黃魚鴞溪", "諸羅蛙田", "寄居蟹灘", "綠蠵龜灣", "臺灣雲杉坪", "鐵杉嶺", "紅檜谷", "扁柏原", "山櫻坡",
    "月桃溪", "水筆仔洲", "穗花棋盤灘", "毛柿崙", "棋盤腳灣", "一葉蘭坪", "玉山薊原", "高山杜鵑嶺",
    "阿里山龍膽谷", "臺灣百合坡",
)  # fmt: skip
"""Animals and plants of Taiwan with a landform: no school is called so."""
MOST = len(PLACES)
DISTANCE, ONSITE, EQUAL, MOBILE, PARTNER = (
    "distance-teaching", "onsite-mentoring", "equalization", "mobile-learning", "urban-rural-partner",
)  # fmt: skip
PROGRAMMES = (DISTANCE, ONSITE, EQUAL, MOBILE, PARTNER)
_TAKES_PART = (
    (DISTANCE,), (ONSITE,), (MOBILE,), (EQUAL,), (PARTNER,),
    (DISTANCE, ONSITE), (MOBILE,), (DISTANCE, EQUAL), (PARTNER,), (ONSITE,),
)  # fmt: skip
_YOUNG = (MOBILE, PARTNER)


class Diligence(Enum):
    """How a school keeps its records: the share that is missing, and the days until one is logged."""

    THOROUGH = 0.0, (0, 2)
    STEADY = 0.12, (0, 6)
    LATE = 0.35, (9, 40)
    IDLE = 0.85, (3, 60)

    @property
    def left_out(self) -> float:
        """The share of what is due that nobody did."""
        return self.value[0]

    @property
    def days_late(self) -> tuple[int, int]:
        """At least and at most."""
        return self.value[1]


_KINDS = (
    Diligence.THOROUGH, Diligence.LATE, Diligence.STEADY, Diligence.IDLE,
    Diligence.STEADY, Diligence.LATE, Diligence.THOROUGH,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class School:
    """One invented school."""

    number: int
    name: str
    county: str
    national: bool
    """Whether the ministry is its authority."""
    programmes: tuple[str, ...]
    diligence: Diligence


def schools(count: int = MOST) -> tuple[School, ...]:
    """The first of them; ten take part in all five programmes.

    Raises:
        ValueError: there are not so many.
    """
    if not 1 <= count <= MOST:
        raise ValueError(f"there are 1 to {MOST} schools")
    return tuple(_school(number) for number in range(count))


def _school(number: int) -> School:
    takes_part = _TAKES_PART[number % len(_TAKES_PART)]
    county, place = COUNTIES[number % len(COUNTIES)], PLACES[number]
    young = takes_part[0] in _YOUNG
    national = not young and number % 3 == 0
    level = ("國民小學", "國民中學")[number % 2] if young else "高級中等學校"
    owner = "國立" if national else f"{county}立"
    return School(number, f"{owner}{place}{level}", county, national, takes_part, _KINDS[number % len(_KINDS)])
