"""What a meeting was about, and where the line says so: a date, a way or a kind named there belongs to the topic."""

from __future__ import annotations

import re

from knowledge.spoken import corrections, kinds

LONGEST = 200
"""Characters of a topic, a host or a group that are kept."""

_STOP = re.compile(
    r"[,。;!?\n|]|\0"
    r"|[\s、]+(?=\d|[上下]午|週|星期|禮拜|[上這本](?:個|週|禮拜|星期|月)|昨|大?前天|[兩一二三四五六七八九十]+天前|今天|前天|地點|時間|時數|日期|人數|線上|實體|到校|視訊|主持|出席|參加|參與|與會|共|約|總共|實到|應到|應出席|由|講師|主講|[一二兩三四五六七八九十半]+個?半?小時|(?:民國|google|meet|teams|zoom))"
    r"|(?<!第)(?<!第\d)(?:\d+(?:\.\d+)?|[一二兩三四五六七八九十半]+)\s*(?:個?半?小時|個半鐘頭|個鐘頭|hr|h(?![a-z])|分鐘|人(?![一])|位|名|師|節課)"
    r"|[\d一二兩三四五六七八九十]{1,3}點(?:[半整]|[\d一二三四五十]{1,3}分?)?\s*[到至~-]\s*[\d一二兩三四五六七八九十]"
    r"|(?<!\d)\d{4}\s?[-~到至]\s?\d{4}(?!\d)"
    r"|\d{1,2}:\d{2}|\d{1,2}\s?[ap]m(?![a-z])|(?:總共|一共|共)\s*\d|(?:,|\s)(?:主持|出席|參加|與會)|(?:主持人|召集人|出席人員|參加人員|與會人員|地點|時間|人數)\s*:"
    r"|進行(?:討論|諮詢|輔導|研討|共備)|由[^,。]{1,8}(?:主持|帶領|主講)|(?<![\d日號天])的(?:社群|工作坊|研習|輔導|諮詢|共備|分享會|校內|推動|公開|教學團隊|學生|會議|plc)|[,、\s]*(?:請假|缺席|公假|病假|遲到)(?=\d|[一二兩三四五六七八九])|(?:上午|下午|晚上)[一二兩三四五六七八九十\d]"
)
_LABEL = re.compile(
    r"(?:討論|研習|社群|會議|共備|活動|課程|分享|觀課|輔導|諮詢)?(?:(?:主題|議題|題目|單元)(?:名稱)?\s*(?:[:=]|是|為|訂為|定為|\s|在)|(?P<bare>主題)(?!社群|工作坊|研習|式|性|月|週))[^\S\n]*"
)
_JOINED = re.compile(r"[\u4e00-\u9fffa-z](?<![人位名])\Z")
_COURSE = re.compile(r"課程|教學")
_VERB = re.compile(
    r"(?:討論(?!會|時間|後|前)|探討|研討(?!會)|(?<![座洽訪面])談論?(?!話)|聊聊?|研讀|共讀|聚焦(?:在|於)?|針對|(?<!\A)關於|(?<!\A)有關|(?<!成果)(?<!典範)(?<!教案)(?<!經驗)(?<!教學)(?<!課程)(?<!教材)分享(?!人|者|會|活動|交流)|研究(?!所|會|室)|內容(?:是|為|:))(?:了|的是|:)?[^\S\n]*"
)
_ABOUT = re.compile(
    r"(?:檢討|準備|籌備|規畫|檢視|回顧|安排|預備|籌畫|布置|演練)(?!會|小組|委員|書|階段|好|完|工作)(?:了|的是|:)?[^\S\n]*"
)
"""Verbs that name what a meeting was about, where a kind stands before them: 「社群 準備11/28公開課」."""
_EMPTY = re.compile(r"\s*(?:[、)]|到|至|完|過|結束|時間|很|得|好|一下|熱烈)|\s*\Z")
_REGARDING = re.compile(r"(?:有關|關於)(?:了|的是|:)?[^\S\n]*\Z")
_DAY = (
    r"(?:\d{2,4}([./-])\d{1,2}\1\d{1,2}|(?<!\d)(?:1|20)\d{6}(?!\d)|\d{1,2}/\d{1,2}|\d{1,2}月\d{1,2}[日號]?|[昨今][天日]|大?前天"
    r"|(?:(?:上|這|本)+(?:一?個)?)?(?:週|禮拜|星期)[一二三四五六日天])"
)
_ANY_DAY = re.compile(_DAY + r"|\d{1,2}\.\d{1,2}|\d{1,2}[日號]|剛[才剛]|昨晚|今[早晚]|(?<!\d)\d{4}(?!\d)")
_DAY_OF_IT = re.compile(
    _DAY + r"(?=\s*(?:\([^()]{1,4}\)|(?:週|星期|禮拜)[一二三四五六日天])?\s*(?:[上下]午|早上|晚上|中午|\d{4}\s?[-~]"
    r"|[\d一二兩三四五六七八九十]{1,3}\s*(?:點|:\d|個?半?小時|個半小時)))"
)
"""A day with its time, in a sentence that runs on without a stop: 「社群討論評量11/18下午三點到四點」."""
_QUOTED = re.compile(r"[「『《〈\"“]([^」』》〉\"”\n]{1,300})[」』》〉\"”]")
_NEXT_TIME = re.compile(r"下(?:一)?次(?:再[約見聊說議續會]|繼續|待續|見|[^,。;、\n]*)")
_TAGS = re.compile(r"<[^<>]{0,200}>?")
_EDGES = " \t,、:;-~.\"'「」『』《》()[]=|"


def find_topic(folded: str) -> tuple[str, list[tuple[int, int]]]:
    """How a topic is named (label, quoted, verb; "" for none) and every stretch of the text that belongs to a topic.

    The first stretch is the topic itself, where `how` names one.
    """
    label = _value_after(folded, _LABEL)
    quoted = [match.span() for match in _QUOTED.finditer(folded)]
    verb = _value_after(folded, _VERB)
    verb += [] if verb else [s for s in _value_after(folded, _ABOUT) if kinds.find_kinds(folded[: s[0]])]
    verb = _ended_by_day(folded, [span for span in verb if not _opens(folded, span)])
    how = "label" if label else "quoted" if quoted else "verb" if verb else ""
    slip = corrections.last_slip(folded)
    label = [span for span in label if span[0] >= slip] or label
    spans = [*label[:1], *quoted, *verb]
    spans.extend(match.span() for match in _NEXT_TIME.finditer(folded))  # 「下次3/25」 is not what was held
    return how, spans


def _opens(folded: str, span: tuple[int, int]) -> bool:
    """「您好，有關115年3月3日社群一案…」: what the whole message is about."""
    lead = _REGARDING.search(folded, 0, span[0])
    return lead is not None and not kinds.find_kinds(folded[: lead.start()])


def _ended_by_day(folded: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches up to the day of the meeting, where the text names no other day outside them."""
    if not spans or _ANY_DAY.search(blank(folded, spans)):
        return spans
    ended = list[tuple[int, int]]()
    for start, end in spans:
        day = _DAY_OF_IT.search(folded, start + 1, len(folded))
        ended.append((start, day.start() if day and day.start() < end else end))
    return ended


def _value_after(folded: str, lead: re.Pattern[str]) -> list[tuple[int, int]]:
    found = list[tuple[int, int]]()
    for match in lead.finditer(folded):
        if _EMPTY.match(folded, match.end()) or (found and match.start() < found[-1][1]):
            continue
        # The blank behind a verb may be the end of it: 「共讀 主持人…」.
        begin = match.end() if lead is _LABEL else match.start() + len(match[0].rstrip())
        stop = _STOP.search(folded, begin)
        end = stop.start() if stop else len(folded)
        if end > match.end() and not (lead is _LABEL and match["bare"] and _is_title(folded, match, end)):
            found.append((_first(folded, match, lead), end))
    return found


def _first(folded: str, match: re.Match[str], lead: re.Pattern[str]) -> int:
    """Where the topic begins: 「討論主題課程發展」 may be about 主題課程."""
    whole = (
        lead is _LABEL and match["bare"] and match.start() < match.start("bare") and _COURSE.match(folded, match.end())
    )
    return match.start("bare") if whole else match.end()


def _is_title(folded: str, match: re.Match[str], end: int) -> bool:
    """「主題課程社群」 is the name of what was held, 「社群會議 主題課程執行狀況」 a label that lacks its colon."""
    said = folded[match.end() : end]
    if match.start() == match.start("bare") and _JOINED.search(folded, 0, match.start()):
        return _COURSE.match(said) is not None
    return said.strip() in ("課程", "教學") or bool(
        kinds.find_kinds(said) and not kinds.find_kinds(blank(folded, [(match.start(), end)]))
    )


def clean(text: str) -> str:
    """A topic, host or group fit to keep: without markup, in one line, at most `LONGEST` characters."""
    return " ".join(_TAGS.sub(" ", text).split()).strip(_EDGES)[:LONGEST]


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with these stretches made unreadable, every other character in its place."""
    for start, end in spans:
        text = text[:start] + "\1" * (end - start) + text[end:]
    return text
