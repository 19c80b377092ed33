"""The words by which people ask for something of their account: whole messages, never parts of a question."""

from __future__ import annotations

from enum import StrEnum

from knowledge.answering.normalise import squash


class Wish(StrEnum):
    """What is wanted; the same word follows `a:` in a button."""

    SCHOOLS = "schools"
    JOIN = "join"
    INVITE = "invite"
    MEMBERS = "members"
    LEAVE = "leave"
    LINK = "link"
    UNLINK = "unlink"
    RENAME = "name"
    DATA = "data"
    FORGET = "forget"
    FORGET_NOW = "forget-now"
    CONSOLE = "console"


_TYPED = {
    Wish.SCHOOLS: (
        "我的學校", "我的身分", "我的身份", "我是誰", "我的角色", "我加入了哪些學校", "我加入哪些學校", "換學校",
        "切換學校", "選學校", "我的計畫",
    ),
    Wish.JOIN: ("加入", "我要加入", "加入學校", "怎麼加入", "如何加入", "邀請碼", "輸入邀請碼", "我有邀請碼", "join"),
    Wish.INVITE: (
        "邀請", "我要邀請", "邀請成員", "邀請老師", "邀請同事", "邀請教師", "新增成員", "加成員", "產生邀請碼",
        "給我邀請碼", "邀請別人", "邀請人", "invite",
    ),
    Wish.MEMBERS: (
        "成員", "成員名單", "成員列表", "成員管理", "管理成員", "有哪些成員", "看成員", "我們學校的成員", "學校成員",
        "移除成員", "刪除成員", "members",
    ),
    Wish.LEAVE: ("退出", "退出學校", "我要退出", "離開學校", "退出計畫", "退出這所學校"),
    Wish.LINK: (
        "連結帳號", "連結", "綁定", "綁定帳號", "連結line", "連結telegram", "綁定line", "綁定telegram", "帳號連結",
        "連接帳號", "連結我的帳號",
    ),
    Wish.UNLINK: ("取消連結", "解除連結", "取消綁定", "解除綁定", "取消連結帳號", "解除帳號連結"),
    Wish.RENAME: ("改稱呼", "更改稱呼", "修改稱呼", "改名字", "改我的名字", "改姓名", "我要改名字", "我的稱呼", "改名"),
    Wish.DATA: (
        "我的資料", "看我的資料", "匯出我的資料", "下載我的資料", "你存了我什麼", "你存了我的什麼資料", "我的個資",
        "調閱我的資料", "查詢我的資料", "你有我的什麼資料",
    ),
    Wish.FORGET: (
        "刪除我的資料", "刪除我的個資", "刪掉我的資料", "清除我的資料", "我要刪除我的資料", "請刪除我的資料",
        "刪除帳號", "刪除我的帳號", "把我的資料刪掉", "刪除資料",
    ),
    Wish.FORGET_NOW: ("確認刪除", "確定刪除"),
    Wish.CONSOLE: (
        "後台", "管理後台", "開後台", "打開後台", "進後台", "進入後台", "我要進後台", "登入後台", "後台連結",
        "後台網址", "後台登入", "給我後台連結", "管理介面", "管理頁面", "控制台",
    ),
}  # fmt: skip
WORDS = {squash(word): wish for wish, words in _TYPED.items() for word in words}
WHATEVER_IS_IN_HAND = frozenset(
    {Wish.SCHOOLS, Wish.LINK, Wish.UNLINK, Wish.RENAME, Wish.DATA, Wish.FORGET, Wish.FORGET_NOW, Wish.CONSOLE}
)
"""Never an answer to a form's question: they come first even where a form asks for free text."""


def read(text: str) -> Wish | None:
    """What somebody wants of their account; None where the words are about something else."""
    return WORDS.get(squash(text))
