"""「我的資料」 as one web page: everything that is stored of a person, under headings, in words.

A page and not a table or a data file, because whoever asks for it has a phone: HTML opens there by a tap, without an
app, can be printed, and each of its tables can still be copied into a spreadsheet. It loads nothing from anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from bot.clock import TAIPEI, from_epoch_ms
from bot.papers import person_words
from bot.store.access import Role
from bot.store.my_data import MyData
from bot.store.my_reminders import Note
from bot.store.my_work import Deed, SaidFact
from bot.store.runs import Run
from bot.store.stored_record import WORD_OF
from handlers.account.words import CHANNELS, ROLES
from handlers.account.words import programme as programme_words
from handlers.forms.form import FormKind
from knowledge.schema import Base

TITLE = "學伴存的，和您有關的全部資料"
EMPTY = "沒有。"
REPLIES = "我給您的回覆另存 {count} 則，期限和訊息相同；因為內容可能提到別人，這裡不列。"
WRONG_CODES = "打錯代碼的次數（一小時後不計）：{count} 次。"
RANDOM = "內部編號：一個亂數，不是您的任何證號；{day}開始。"
_STYLE = (
    "body{font:16px/1.6 'Noto Sans TC','Microsoft JhengHei','PingFang TC',sans-serif;margin:1rem auto;max-width:60rem;"
    "padding:0 1rem;color:#1f2937}table{border-collapse:collapse;width:100%}th,td{border:1px solid #9ca3af;"
    "padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f3f4f6}"
)
_ACTIONS = {"create": "記下", "change": "修改", "delete": "刪除", "restore": "復原", "join": "我也參加"}
_STATES = {
    "waiting": "下載中", "stored": "已存", "refused": "沒收下", "gone": "拿不到", "deleted": "已刪除", "open": "進行中",
    "finished": "完成", "left": "暫停", "done": "已辦", "planned": "預定", "answered": "查到了", "unsure": "想確認",
    "helpful": "有幫助", "other": "不是我要問的", "outdated": "內容過期", "none_of_these": "都不是",
}  # fmt: skip
_COLUMNS = {
    "kind": "類別", "day": "日期", "starts_at": "開始", "minutes": "分鐘", "mode": "方式", "topic": "主題",
    "host": "主持或主講", "headcount": "人數", "group_name": "社群", "mentor_kind": "輔導者", "meeting": "會議",
    "deliverable": "成果", "topic_kind": "諮詢主題", "state": "狀態",
}  # fmt: skip
_TOKENS = {"link": "連結代碼", "invite": "邀請碼", "person": "我的資料", "checklist": "檢核結果"}

Row = Sequence[str]


class PersonPage:
    """Writes the page. `kinds`: every kind of form, so that answers are told in its words."""

    def __init__(self, base: Base, kinds: Iterable[FormKind]) -> None:
        self._base = base
        self._kinds: Mapping[str, FormKind] = {kind.name: kind for kind in kinds}

    def write(self, data: MyData, now: int) -> bytes:
        """The whole page as UTF-8. `now` in epoch milliseconds."""
        parts = [
            f"<h1>{TITLE}</h1>",
            f"<p>{escape(_moment(now))}製作。{escape(RANDOM.format(day=_moment(data.since)))}</p>",
            *self._identity(data),
            *self._work(data, from_epoch_ms(now).astimezone(TAIPEI).date()),
            *self._talk(data),
        ]
        head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{TITLE}</title>'
        page = f'<!doctype html><html lang="zh-Hant-TW"><head>{head}<style>{_STYLE}</style></head><body>'
        return (page + "\n".join(parts) + "</body></html>").encode("utf-8", "replace")

    def _identity(self, data: MyData) -> Iterator[str]:
        yield from _table("身分", ("身分", "學校", "計畫", "稱呼", "加入", "結束"), map(self._role, data.held))
        yield from _table(
            "聊天的帳號",
            ("管道", "帳號代碼", "一對一或群組", "開始", "最近", "正在談的問題"),
            (
                (_channel(each.channel), each.id.partition(":")[2], _where(each.in_group), _moment(each.created_at),
                 _moment(each.updated_at), each.focus)
                for each in data.conversations
            ),
        )  # fmt: skip
        tokens = (
            (_word(_TOKENS, each.kind), _moment(each.expires_at), "是" if each.used else "") for each in data.codes
        )
        yield from _table("您產生的代碼（只存雜湊）", ("種類", "到期", "用過"), tokens)
        links = ((_word(_TOKENS, each.kind), _moment(each.expires_at)) for each in data.links)
        yield from _table("下載連結（只存雜湊）", ("檔案", "到期"), links)
        feeds = ((_moment(at), "不會到期，打「換一個網址」或「停用行事曆」就失效") for at in data.calendars)
        yield from _table("行事曆網址（只存雜湊）", ("產生", "到期"), feeds)
        yield f"<p>{escape(WRONG_CODES.format(count=data.wrong_codes))}</p>"

    def _work(self, data: MyData, today: date) -> Iterator[str]:
        deeds = (
            (_moment(each.at), _channel(each.channel), _word(_ACTIONS, each.action), each.record, each.school,
             self._programme(each.programme, each.edition), _stated(each))
            for each in data.deeds
        )  # fmt: skip
        yield from _table(
            "您對紀錄做的事（只列您自己填的內容）",
            ("時間", "管道", "動作", "紀錄編號", "學校", "計畫", "您填的"),
            deeds,
        )
        yield from _table("您說也參加的", ("時間", "學校"), ((_moment(at), school) for at, school in data.attended))
        files = (
            (_moment(each.at), _channel(each.channel), each.name, each.media_type, f"{each.size:,}",
             _word(_STATES, each.state) + each.problem, "是" if each.attached else "否")
            for each in data.sent
        )  # fmt: skip
        heads = ("時間", "管道", "檔名", "格式", "位元組", "狀態", "附在紀錄上")
        yield from _table("您傳的檔案", heads, files)
        yield from _table(
            "您填的學校資料", ("時間", "管道", "學校", "計畫", "項目", "內容"), map(self._fact, data.facts)
        )
        yield from _table("提醒與期限", ("時間", "種類", "學校", "計畫", "項目", "內容"), map(self._note, data.notes))
        traces = (
            (_moment(each.at), person_words.TRACES[each.what], each.action, each.subject) for each in data.console
        )
        yield from _table("您在管理網頁做的事", ("時間", "種類", "動作", "對象"), traces)
        forms = (self._run(each, today) for each in data.runs)
        yield from _table("檢核與表單", ("開始", "最近", "表單", "狀態", "答案"), forms)

    def _talk(self, data: MyData) -> Iterator[str]:
        asked = (
            (_moment(each.at), each.text, _word(_STATES, each.status), _word(_STATES, each.feedback))
            for each in data.asked
        )
        yield from _table("問過的問題（看的人不知道是誰問的）", ("時間", "問題", "結果", "您的意見"), asked)
        said = ((_moment(each.at), _channel(each.channel), _where(each.in_group), each.text) for each in data.said)
        yield from _table("您傳來的訊息", ("時間", "管道", "一對一或群組", "內容"), said)
        yield f"<p>{escape(REPLIES.format(count=data.replies))}</p>"

    def _role(self, each: Any) -> Row:
        ended = _moment(each.ended_at) if each.ended_at else ""
        where = self._programme(each.programme, each.edition)
        return (ROLES[Role(each.role)], each.school, where, each.name, _moment(each.joined_at), ended)

    def _fact(self, said: SaidFact) -> Row:
        where = self._programme(said.programme, said.edition)
        title, value = person_words.fact_title(said), person_words.fact_value(said)
        return (_moment(said.at), _channel(said.channel), said.school, where, title, value)

    def _note(self, note: Note) -> Row:
        where = self._programme(note.programme, note.edition)
        subject, detail = person_words.subject(note), person_words.detail(note)
        return (_moment(note.at), _word(person_words.KINDS, note.what), note.school, where, subject, detail)

    def _run(self, run: Run, today: date) -> Row:
        kind = self._kinds.get(run.form)
        form = kind.form_of(run, today) if kind else None
        answers = []
        for key, value in run.answers.items():
            field = form.field(key) if form else None
            said = form.say(key, value) if form and field else _plain(value)
            answers.append(f"{field.title if field else key}：{said}")
        answers += [f"{(found.title if form and (found := form.field(key)) else key)}：不確定" for key in run.unsure]
        heading = form.heading if form else run.form
        state = _word(_STATES, run.state) + (f"（{run.outcome}）" if run.outcome else "")
        return (_moment(run.created_at), _moment(run.updated_at), heading, state, "；".join(answers))

    def _programme(self, slug: str, edition: str) -> str:
        return programme_words(self._base, slug, edition) if slug else ""


def _table(title: str, heads: Row, rows: Iterable[Row]) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    lines = [_line("td", row) for row in rows]
    if lines:
        yield f"<table>{_line('th', heads)}{''.join(lines)}</table>"
    else:
        yield f"<p>{EMPTY}</p>"


def _line(tag: str, cells: Row) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _stated(deed: Deed) -> str:
    """What somebody stated of a record, in words."""
    told: dict[str, Callable[[Any], str]] = {"starts_at": _moment, "state": lambda value: _word(_STATES, value)}
    found = []
    for column, value in deed.words.items():
        if column not in _COLUMNS or value in ("", None):
            continue
        word = WORD_OF.get(column, {}).get(value)
        said = word.words if word else told.get(column, _plain)(value)
        found.append(f"{_COLUMNS[column]}：{said}")
    return "；".join(found)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _word(words: Mapping[str, str], value: str) -> str:
    return words.get(value, value)


def _channel(name: str) -> str:
    return CHANNELS.get(name, name)


def _where(in_group: bool) -> str:
    return "群組" if in_group else "一對一"


def _moment(at: int) -> str:
    return f"{from_epoch_ms(at).astimezone(TAIPEI):%Y-%m-%d %H:%M}"
