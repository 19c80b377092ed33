"""What a line is a record of: its kind, how it was held, who came, which meeting or deliverable it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.spoken import kind_words as words

_KINDS = [(kind, re.compile(pattern)) for kind, pattern in words.KINDS]
_NOUNS = [(kind, re.compile(pattern)) for kind, pattern in words.DELIVERABLES]
_HANDED_IN, _MADE = re.compile(words.HANDED_IN), re.compile(words.MADE)
_MODES = [(mode, re.compile(getattr(words, mode.upper()))) for mode in ("onsite", "online", "written")]
_MENTORS = [(kind, re.compile(pattern)) for kind, pattern in words.MENTORS]
_MEETINGS = [(kind, re.compile(pattern)) for kind, pattern in words.MEETINGS]
_TOPIC_KINDS = [(kind, re.compile(pattern)) for kind, pattern in words.TOPIC_KINDS]
_COMPOUND = re.compile(r"(?:的|之|線上|實體|專業|教師|教學|跨校|成長|增能|課程|[前後]|\s)*")
_WHOSE = re.compile(r"(?:[^,。;]*?(?:協助|指導|引導|輔助|支持))?(?:了|我們|我|本校|學校|校內|各|的)*")
_DAY_BETWEEN = re.compile(
    r"(?:民國)?\s*[\d./\-年月日號 ]{1,14}(?:[(週星期][一二三四五六日期)]*)?\s*"
    r"|[^,。;!?\n沒未]{0,6}(?:已|於|在)[^,。;!?\n沒未]{0,16}"
)
"""「模組1份已於115年3月30日上傳」."""
_ONLY_ABOUT = re.compile(r"(?:的)?(?:活動|計畫)?(?:說明會|籌備會?|行前會|準備會|協調會|檢討會)")
"""「公開授課說明會」 is a meeting about one, and no kind of ours."""
_SOME = re.compile(
    r"\d\s*[人位名師](?:老師|教師|夥伴)?(?:是|用|採|改|走|以)?(?:線上|視訊)|(?:線上|視訊)\s?(?:的|參加|參與|出席)*\d{1,3}\s?[人位名]"
)
"""「8人（2人線上）」 says nothing of how the meeting was held."""
_PREPARED = re.compile(r"(?:準備|籌備|規畫|籌畫|檢討|回顧)(?!好|的|了)[^,。;、\n\s]{0,8}\Z")
"""「準備公開課」 was no open class yet."""
_WATCHED = re.compile(r"(?:教授|專家|領航(?:教師|老師)?|督學|委員)[^,。;\n]{0,6}觀議?課")
_OPEN = re.compile(r"公開|教學演示|公觀")
_COUNTED = re.compile(r"\d\s*[人位名]")
_VISITED = re.compile(r"入校|到校(?![長史園門務])|來校|(?<!融)入班(?!級)|陪伴|蒞校")
_VISITOR = re.compile(r"教授|專家|領航|輔導委員|諮詢委員|教育[局處]")
_PUPILS_MET = re.compile(r"共學(?:活動|課程)?|(?:兩校|校際|跨校|線上|夥伴學校)[^,。]{0,4}交流")
_MINISTRY, _MEETING = re.compile(r"國教署|教育部"), re.compile(r"會議|說明會|交流會|座談")
_TITLE_OF_VISIT = re.compile(
    r"(?:\A|\n)[\[(\s]*(?:入校|到校|線上|視訊|校本)?(?:輔導|諮詢|陪伴)(?:輔導|諮詢)?記錄[\])\s:]*(?:\n|\Z)"
)
_EXPERT_HERSELF = re.compile(r"專家(?!教師|諮詢|輔導|入校|到校)")
_SWITCHED = re.compile(
    r"改(?:成|為|採|用|以)?(?:線上|視訊|實體|到校|書面)|(?:原本|原訂|本來|原定)[^,。]{0,8}(?:線上|視訊|實體|到校)"
)
_NOT_HELD_SO = re.compile(r"(?:(?:非|不是|沒有?|無法|不)\s*|(?:原本|本來|原訂|原定|原先)[^,。;()改\d]{0,4})\Z")


@dataclass(frozen=True, slots=True)
class KindMention:
    """A kind of record that a line names, and where."""

    kind: str
    span: tuple[int, int]


def find_kinds(text: str) -> list[KindMention]:
    """The kinds a folded text names; of a compound only its head, the last word: 社群成果分享會 is a 分享會."""
    found = [KindMention(kind, match.span()) for kind, pattern in _KINDS for match in pattern.finditer(text)]
    found.sort(key=lambda m: (m.span[0], -m.span[1]))
    heads = list[KindMention]()
    for mention in _outermost(found):
        if heads and _is_object(text, heads[-1], mention):
            heads += [] if _VISITOR.search(text) else [mention]
        elif heads and (
            heads[-1].span[1] > mention.span[0] or _COMPOUND.fullmatch(text, heads[-1].span[1], mention.span[0])
        ):
            heads[-1] = KindMention(mention.kind, (heads[-1].span[0], mention.span[1]))
        else:
            heads.append(mention)
    return [head for head in heads if not _is_only_talked_of(text, head.span)]


def _is_object(text: str, verb: KindMention, mention: KindMention) -> bool:
    """「教授輔導社群」: the community is who was mentored, and 輔導 what was done."""
    return (verb.kind, mention.kind) == ("mentoring_visit", "community_meeting") and bool(
        _WHOSE.fullmatch(text, verb.span[1], mention.span[0])
    )


def _is_only_talked_of(text: str, span: tuple[int, int]) -> bool:
    return bool(_ONLY_ABOUT.match(text, span[1]) or _PREPARED.search(text[max(0, span[0] - 12) : span[0]]))


def _outermost(found: list[KindMention]) -> Iterator[KindMention]:
    """Of mentions in order, the longest first where they begin together, those that lie in no longer one."""
    longest = (0, 0)
    for mention in found:
        if mention.span[1] > longest[1] or mention.span == longest:
            longest = mention.span
            yield mention


def implied(text: str) -> str:
    """A kind that no word of its own names: a visitor came to the school, a meeting of the ministry; "" for none."""
    if _visited(text) or _TITLE_OF_VISIT.search(text):
        return "mentoring_visit"
    if _PUPILS_MET.search(text) and "學生" in text:
        return "student_activity"
    return "official_meeting" if _MINISTRY.search(text) and _MEETING.search(text) else ""


def _visited(text: str) -> bool:
    # A professor, an expert or a lead teacher who came to the school has come to mentor.
    return bool(_VISITED.search(text) and _VISITOR.search(text))


def is_visit_to_class(text: str) -> bool:
    """「教授入班觀課」: a mentor watched a lesson; an open class or a mentoring visit, who knows."""
    return bool(_WATCHED.search(text)) and not _OPEN.search(text)


def handed_in(text: str, *, strongly: bool) -> str:
    """Which deliverable the text says was handed in (or, not `strongly`, at least made); "" for none."""
    verbs = list(_HANDED_IN.finditer(text)) + ([] if strongly else list(_MADE.finditer(text)))
    for kind, noun in _NOUNS:
        for match in noun.finditer(text):
            near = (
                verb
                for verb in verbs
                if -1 <= match.start() - verb.end() <= 14
                or 0 <= verb.start() - match.end() <= 8
                or _DAY_BETWEEN.fullmatch(text, match.end(), verb.start())
            )
            if any(True for _ in near):
                return kind
    return ""


def mode_of(text: str) -> str:
    """onsite, online, written; "" where the text does not say, or says more than one."""
    found = [
        (match.start(), mode)
        for mode, pattern in _MODES
        for match in pattern.finditer(text)
        if not _denied(text, match)
    ]
    modes = {mode for _, mode in found}
    if len(_COUNTED.findall(text)) > 1 and _SOME.search(text):
        return ""
    if len(modes) > 1 and _SWITCHED.search(text):
        return max(found)[1]
    if (
        modes == {"onsite", "online"}
        and re.search(r"入校陪伴|入校輔導|到校輔導|到校諮詢", text)
        and not re.search(r"實體|現場", text)
    ):
        return "online"  # 「線上入校陪伴」: the visit is the kind's name
    return modes.pop() if len(modes) == 1 else ""


def _denied(text: str, match: re.Match[str]) -> bool:
    return bool(_NOT_HELD_SO.search(text[max(0, match.start() - 8) : match.start()]))


def mentor_of(text: str) -> str:
    """Who came to mentor; "" where nobody or several kinds are named."""
    found = {kind for kind, pattern in _MENTORS if pattern.search(text)}
    if len(found) > 1 and not _EXPERT_HERSELF.search(text):
        found.discard("expert")  # 「專家諮詢 陳教授」: the visit is called so, whoever came
    return found.pop() if len(found) == 1 else ""


def meeting_of(kind: str, text: str) -> str:
    """Which of the programme's own meetings an official meeting or a workshop is; "" where the text does not say."""
    if kind not in ("official_meeting", "workshop"):
        return ""
    return next((meeting for meeting, pattern in _MEETINGS if pattern.search(text)), "")


def topic_kind_of(kind: str, text: str) -> str:
    """Whether a consultation was about transfer between schools or about courses across schools."""
    if kind != "mentoring_visit":
        return ""
    found = [topic for topic, pattern in _TOPIC_KINDS if pattern.search(text)]
    return found[0] if len(found) == 1 else ""
