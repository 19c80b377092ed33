"""A base of two small programmes that share topics, so that tests can see one being mistaken for the other."""

from __future__ import annotations

from datetime import date

from knowledge.schema import Base, Entry, Gap, OtherProgramme, Programme


def entry(key: str, title: str, answer: str, *aliases: str, theme: str = "money") -> Entry:
    """One rule; the theme is its file."""
    return Entry(key, title, answer, ("貳/一",), tuple(title[:2]), aliases, f"{theme}.yaml", 1)


def programme(slug: str, name: str, entries: tuple[Entry, ...], gaps: tuple[Gap, ...] = ()) -> Programme:
    """One edition, of school year 114."""
    return Programme(
        slug=slug,
        edition="114",
        name=f"{name}計畫",
        short_name=name,
        year_label="114 學年度",
        names=(name, f"{name}計畫"),
        office=f"{name}辦公室",
        source=f"114學年度{name}計畫",
        valid_from=date(2025, 8, 1),
        valid_until=date(2026, 7, 31),
        entries=entries,
        gaps=gaps,
    )


GARDEN = programme(
    "school-garden",
    "校園菜園",
    (
        entry("ceiling", "最多補助多少？", "每校最多 30 萬元。", "補助上限", "可以拿多少錢", "一所學校補助幾萬"),
        entry(
            "deadline", "什麼時候截止？", "114年5月5日（星期一）截止。", "申請截止日", "最晚幾號要送出去", theme="apply"
        ),
        entry("tools", "可以買鋤頭嗎？", "可以，列物品費。", "鋤頭能報嗎", "農具可不可以編"),
        entry("crops", "要種哪些菜？", "至少 3 種葉菜。", "種什麼菜好", "葉菜要幾種", theme="crops"),
        entry(
            "harvest",
            "收成的菜可以賣嗎？",
            "不可以，供營養午餐使用。",
            "菜可以拿去市場賣嗎",
            "收成怎麼處理",
            theme="crops",
        ),
    ),
    (
        Gap(
            "gap-brand",
            "鋤頭要買哪一牌？",
            "文件沒有指定廠牌，請洽校園菜園辦公室。",
            ("廠牌",),
            ("鋤頭廠牌",),
            (),
            "g",
            1,
        ),
    ),
)
ORCHARD = programme(
    "school-orchard",
    "校園果園",
    (
        entry("ceiling", "一校補助多少？", "每校最多 20 萬元。", "補助上限", "可以申請多少錢"),
        entry("trees", "至少要種幾棵樹？", "至少 5 棵。", "果樹數量", "種四棵樹可以嗎", theme="trees"),
    ),
)
OTHER = OtherProgramme("食農教育", ("食農教育", "食農計畫"), "農糧單位")
TWO_GARDENS = Base((GARDEN, ORCHARD), (OTHER,))
