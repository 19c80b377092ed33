"""Lines that state facts, questions about them, and lines of log that stand near them."""

from __future__ import annotations

from datetime import datetime

from knowledge.facts.loader import load_sheet
from knowledge.facts.model import Fact

NOW = datetime(2025, 11, 20, 10)
EDITIONS = (
    ("distance-teaching", "114"),
    ("equalization", "111"),
    ("mobile-learning", "106"),
    ("onsite-mentoring", "114"),
)
FACTS: tuple[Fact, ...] = tuple(fact for edition in EDITIONS for fact in load_sheet(*edition).facts)

STATED = [
    ("核定日期是 9/15", "approved_on", "2025-09-15"),
    ("核定日是114年9月15日", "approved_on", "2025-09-15"),
    ("我們學校的核定日期：2025/9/15。", "approved_on", "2025-09-15"),
    ("計畫在 9/15 核定", "approved_on", "2025-09-15"),
    ("核心教師 8 人", "core_teachers", 8),
    ("核心教師有八位", "core_teachers", 8),
    ("核心教師人數是 12", "core_teachers", 12),
    ("第二學期 2/11 開學", "semester_start", "2026-02-11"),
    ("下學期2月11日開學喔", "semester_start", "2026-02-11"),
    ("開學日改成明天", "semester_start", "2025-11-21"),
    ("第一次入校日是 9/10", "first_visit_on", "2025-09-10"),
    ("最後入校日 12/1", "last_visit_on", "2025-12-01"),
    ("期滿日 7/31", "plan_ends_on", "2025-07-31"),
    ("主管機關是教育部", "authority", "moe"),
    ("主管機關：縣市", "authority", "local"),
    ("縣市截止日 4/25", "local_apply_on", "2026-04-25"),
    ("校長往年受訓過：有", "principal_trained", True),
    ("校長往年受訓過：沒有", "principal_trained", False),
]
QUESTIONS = [
    "核定日期是什麼時候？",
    "核定日期是 9/15 嗎",
    "請問核定日期要填哪一天",
    "開學日要在 2/11 之前嗎？",
    "開學後一個月要交什麼",
    "核心教師要幾人",
    "核心教師 8 人可以嗎？",
    "核心教師至少要多少人",
    "核心教師 8 人夠不夠",
    "主管機關是誰",
    "主管機關是教育部還是縣市？",
    "期滿日怎麼算",
    "第一次入校之後幾天要填表？",
    "校長受訓過還要參加嗎",
]
LOGS = [
    "9/10 第一次入校 3小時",
    "第一次入校 9/10",
    "最後一次入校 12/1 9:00-12:00",
    "11/18 14:00-16:00 核心教師會議 8 人",
    "昨天核心教師社群 8 人 2小時",
    "核心教師 8 人開會",
    "9/1 開學典禮後社群會議 2 小時",
    "開學日 9/1 14:00-16:00 社群會議",
]
OTHERS = [
    "核定日期",
    "核定公文還沒來",
    "開學",
    "核心教師都很棒",
    "9/1開學典禮",
    "核定日期不知道",
    "9/15",
    "8 人",
    "",
    "好",
]
