"""A base of one programme on disk, small enough to take in at a glance; a test changes what it is about."""

from __future__ import annotations

from pathlib import Path

EDITION = "programmes/school-garden/114"

PROGRAMME = """\
slug: school-garden
edition: "114"
name: 校園菜園計畫
short_name: 校園菜園
year_label: 114 學年度
names:
  - 校園菜園計畫
  - 菜園
office: 菜園辦公室
source: 114學年度校園菜園計畫
valid_from: 2025-08-01
valid_until: 2026-07-31
owner: 知識維護
verified_on: 2025-09-01
"""

RULES = """\
entries:
  - key: ceiling
    title: 最多補助多少？
    answer: 每校最多 30 萬元。
    cite: [貳/一]
    topic: [補助]
    aliases:
      - 補助上限
      - 可以拿多少錢
  - key: apply-by
    title: 什麼時候截止？
    answer: 114年5月5日（星期一）截止。
    cite: [貳/二]
    topic: [期限]
    aliases: [截止日, deadline]
"""

GAPS = """\
gaps:
  - key: gap-tools
    title: 鋤頭要買哪一牌？
    answer: 文件沒有指定廠牌，請洽菜園辦公室。
    topic: [廠牌]
    aliases: [鋤頭廠牌]
"""

OTHERS = """\
programmes:
  - {name: 食農教育, names: [食農教育, 食農計畫], office: 農糧單位}
"""

SOURCE = """\
114學年度校園菜園計畫
壹、目的
種菜。
貳、補助
一、每校補助三十萬元為上限。
二、自即日起至5月5日止。
"""


def write_base(
    root: Path, *, programme: str = PROGRAMME, rules: str = RULES, gaps: str = GAPS, others: str = OTHERS
) -> Path:
    """Write the base under `root` and return it."""
    files = {
        f"{EDITION}/programme.yaml": programme,
        f"{EDITION}/rules/money.yaml": rules,
        f"{EDITION}/gaps/tools.yaml": gaps,
        "other_programmes.yaml": others,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def write_source(folder: Path, text: str = SOURCE) -> Path:
    """Write the source text of the base into `folder` and return it."""
    folder.mkdir(exist_ok=True)
    (folder / "school-garden.txt").write_text(text, "utf-8")
    return folder
