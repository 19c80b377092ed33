"""Who asks to be walked through a checklist, and who only asks about the rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.checklist.intents import CHECK, MINE, WHICH, Intent, read
from knowledge.answering.normalise import squash
from tests.real import real_base

NAMES = {
    squash(name): programme.slug
    for programme in real_base().programmes
    for name in (*programme.names, programme.short_name)
}

REMOTE, EQUAL, MOBILE, MENTOR, PARTNER = (
    "distance-teaching",
    "equalization",
    "mobile-learning",
    "onsite-mentoring",
    "urban-rural-partner",
)
STARTS = {
    REMOTE: """
        我們可以申請跨校遠距嗎
        我們可以申請跨校遠距嗎？
        我們學校可以申請跨校遠距嗎
        我們能不能申請跨校遠距教學
        本校可以申請跨校遠距教學計畫嗎？
        本校能申請跨校遠距嗎
        敝校可否申請跨校遠距
        請問我們可以申請跨校遠距嗎
        請問我們學校可不可以申請跨校遠距？
        想知道我們能不能申請跨校遠距
        我想知道我們學校能不能申請跨校遠距教學計畫
        幫我看我們能不能申請跨校遠距
        我校有資格申請跨校遠距嗎
        我們有沒有資格申請跨校遠距
        我們符合跨校遠距的申請資格嗎
        我們符不符合跨校遠距的資格
        我們符合跨校遠距的條件嗎
        我們可以參加跨校遠距嗎
        我們今年可以申請跨校遠距嗎
        檢核跨校遠距
        跨校遠距檢核
        跨校遠距資格檢核
        跨校遠距的資格檢核
        跨校遠距檢核表
        我要檢核跨校遠距
        我想做跨校遠距的檢核
        幫我檢核跨校遠距
        請幫我檢核跨校遠距
        開始檢核跨校遠距
        檢核一下跨校遠距
        檢查我們能不能申請跨校遠距
        跨校遠距我們可以申請嗎
        跨校遠距我們學校能申請嗎
        跨校遠距教學，我們可以申請嗎？
        我們學校想申請跨校遠距，可以嗎
        試算跨校遠距
        資格檢核 跨校遠距
    """,
    EQUAL: """
        我們可以申請均質化嗎
        檢核均質化
        均質化檢核
        高中職均質化檢核
        我們學校能申請高中職均質化嗎
        我們有資格申請均質化嗎
        幫我檢查均質化的資格
    """,
    MOBILE: """
        我們可以申請行動學習嗎
        檢核行動學習
        本校可不可以申請行動學習？
        行動學習的檢核
        我要檢核行動學習
    """,
    MENTOR: """
        我們可以申請入校陪伴嗎
        我們可以申請入校陪伴計畫嗎
        檢核入校陪伴
        入校陪伴檢核
        我們學校適合入校陪伴嗎
        本校是否可以申請入校陪伴
    """,
    PARTNER: """
        我們可以申請城鄉共學嗎
        檢核城鄉共學
        我們能參加城鄉共學嗎
        城鄉共學的資格檢核
    """,
    "": """
        檢核
        資格檢核
        我要檢核
        我想檢核
        開始檢核
        我要做資格檢核
        幫我檢核
        我們可以申請嗎
        我們學校可以申請嗎？
        本校能不能申請
        我們有資格申請嗎
        檢核一下
        我要試算
    """,
}
ALL = """
    我們學校可以申請哪些計畫
    我們可以申請哪些計畫
    我們可以申請哪些計畫？
    我們可以申請什麼計畫
    我們學校能申請什麼補助
    本校可以申請哪些計畫
    請問我們學校可以申請哪些計畫？
    我們今年可以申請哪些計畫
    有哪些計畫我們可以申請
    哪些計畫我們可以申請
    哪些計畫是我們可以申請的
    有什麼計畫我們學校能申請
    我們能申請哪幾個計畫
    我們適合申請哪些計畫
    我們適合哪個計畫
    我們學校可以參加哪些計畫
    可以申請哪些計畫
    能申請什麼計畫
    我們符合哪些計畫的資格
    我們可以申請哪些補助計畫
"""
LISTS = "我的檢核 我的檢核表 檢核紀錄 檢核記錄 我的檢核紀錄 之前的檢核 看我的檢核 檢核列表 我之前的檢核 查看我的檢核"
RULES = """
    國小可以申請嗎
    國小可以申請跨校遠距嗎
    私立學校可以申請跨校遠距嗎
    國中可以申請入校陪伴嗎
    高職可以申請均質化嗎
    海外臺灣學校可以申請跨校遠距嗎
    哪些學校可以申請跨校遠距
    哪些學校可以申請
    誰可以申請跨校遠距
    什麼學校可以申請入校陪伴
    跨校遠距可以申請幾門
    跨校遠距可以申請幾門課
    跨校遠距可以申請多少錢
    跨校遠距最多補助幾門
    我們跨校遠距可以申請幾門
    我們可以申請跨校遠距幾門課
    我們可以申請多少錢
    我們可以申請多少補助
    我們可以申請幾年
    我們可以申請兩次嗎
    我們可以申請補助買電腦嗎
    我們可以申請跨校遠距買電腦嗎
    我們可以申請跨校遠距的設備費嗎
    我們可以申請跨校遠距的鐘點費嗎
    我們可以用跨校遠距買平板嗎
    我們可以同時申請跨校遠距和均質化嗎
    我們可以申請跨校遠距和均質化嗎
    我們可以申請延期嗎
    我們可以申請撤銷跨校遠距嗎
    我們可以申請變更跨校遠距的計畫嗎
    我們什麼時候可以申請跨校遠距
    我們可以申請跨校遠距到什麼時候
    我們要怎麼申請跨校遠距
    我們申請跨校遠距要附什麼文件
    我們申請跨校遠距要多久
    跨校遠距怎麼申請
    跨校遠距申請期限
    跨校遠距的申請資格
    跨校遠距的申請條件是什麼
    跨校遠距要什麼資格
    跨校遠距的資格是什麼
    申請跨校遠距的條件
    跨校遠距可以全線上嗎
    跨校遠距可以申請第二年嗎
    跨校遠距
    均質化
    入校陪伴計畫
    均質化的檢核點是什麼
    均質化自我檢核表要填什麼
    均質化要怎麼檢核成效
    檢核表要什麼時候交
    檢核機制是什麼
    成果評估怎麼做
    評估指標有哪些
    入校陪伴會評估什麼
    行動學習要怎麼評估
    行動學習的評估方式
    行動學習可以買平板嗎
    行動學習補助多少
    我們可以參加行動學習的研習嗎
    我們可以參加入校陪伴的說明會嗎
    我們學校老師可以參加入校陪伴嗎
    學校可以拿補助買冷氣嗎
    有哪些計畫
    有哪些計畫可以買設備
    哪些計畫可以補助設備
    哪些計畫補助最多
    哪些計畫的期限還沒過
    我們可以申請什麼時候開始
    我們可以申請哪些項目
    我們可以申請哪些經費
    跨校遠距我們可以申請哪些費用
    我們的合作學校可以申請跨校遠距嗎
    我們可以不申請跨校遠距嗎
    我們申請了跨校遠距
    我們申請跨校遠距被退件
    我們不能申請跨校遠距嗎
    我們沒有申請跨校遠距
    我們辦跨校遠距的學生人數不夠
    如果我們申請跨校遠距呢
    為什麼我們不能申請跨校遠距
    國小我們可以申請嗎
    補助多少錢
    你好
    取消
    12
    檢查
    檢查表
    評估
    檢視
    學校適合什麼
    我們做什麼
    我們可以做什麼
    可以做什麼
    你可以做什麼
    能做什麼
    學校可以申請嗎
    學校可以申請跨校遠距嗎
    我們可以做跨校遠距的研究嗎
    我們要提跨校遠距
    評估跨校遠距
    跨校遠距評估
    檢視均質化
    檢查跨校遠距的文件
    確認跨校遠距的期限
    我們符合補助的項目有哪些
    我們適合用哪個平臺
    我們做跨校遠距
    我們辦跨校遠距
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("slug", "text"), [(slug, text) for slug, group in STARTS.items() for text in lines(group)])
def test_who_asks_about_the_own_school_or_says_check_is_walked_through(slug: str, text: str) -> None:
    assert read(text, NAMES) == Intent(CHECK, slug)


@pytest.mark.parametrize("text", lines(ALL))
def test_who_asks_what_is_possible_is_asked_about_the_school(text: str) -> None:
    assert read(text, NAMES) == Intent(WHICH)


@pytest.mark.parametrize("text", LISTS.split())
def test_who_asks_for_the_own_checklists_is_shown_them(text: str) -> None:
    assert read(text, NAMES) == Intent(MINE)


@pytest.mark.parametrize("text", lines(RULES))
def test_a_question_about_the_rules_starts_nothing(text: str) -> None:
    assert read(text, NAMES) is None


def test_there_are_enough_phrases() -> None:
    phrases = {text for group in (*STARTS.values(), ALL, RULES) for text in lines(group)} | set(LISTS.split())
    assert len({squash(text) for text in phrases}) >= 120


@given(st.text(alphabet="我們可以申請跨校遠距均質化檢核哪些計畫嗎？資格的 幾門多少", max_size=30))
def test_whatever_is_typed_is_read_without_an_error(text: str) -> None:
    found = read(text, NAMES)
    assert found is None or found.what in (CHECK, WHICH, MINE)


def test_a_long_text_is_no_wish() -> None:
    assert read("我們可以申請跨校遠距嗎" * 1000, NAMES) is None
    assert read("想要" * 400, NAMES) is None
    assert read("請問想請問我想知道" * 50, NAMES) is None
