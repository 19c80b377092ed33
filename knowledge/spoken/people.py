"""How many came, who led, and which group it was. Works on folded text; days, times and topics may be blanked out."""

from __future__ import annotations

import re

from knowledge.spoken.amounts import amount

MOST_PEOPLE = 5_000
"""More did not come to a school's meeting; a larger number is a slip."""

_N = r"(\d{1,9}|[一二兩三四五六七八九十百]{1,5})"
_PERSON = (
    r"(?:人次?(?!一[組機桌]|1[組機]|力|員|士|才|社|工)|位(?!置|階)"
    r"|名(?!稱|額|單|字)|師(?![生大範])|員(?!工|會)|個(?:人|老師|夥伴|教師|同事|同仁))"
)
_VAGUE_AROUND = re.compile(
    r"[幾多餘][^\S\n]*\Z|\d\s*\+\s*\Z|(?<!人)數\s*\Z|\d\s*[-~到至、]\s*\Z|[一二三四五六七八九]、\Z"
)
_OTHERS_BEFORE = re.compile(
    r"(?:(?:缺席|請假|未到|缺|遲到|早退|沒到|沒來|少|差)(?:了|的|有)?|另外|其他|其餘|剩下|其它|[我你他](?:跟|和|與|及|還有|加|加上)|外加|每組|每班|每隊|每校|每|邀請|邀|請了?|請到|聘請|外聘|應到|應出席|預計|預估|另有|含|包含|其中|包括|第|-|負|報名|上限|限額|名額)\s*:?\s*\Z"
)
_MENTOR_AFTER = re.compile(
    r"\s*(?:外聘|外部|大學|諮詢|輔導)?(?:教授|專家|講師|委員|領航|輔導員|講者|學者|督學|長官|一組|1組|小組|未到|缺席|請假|(?:老師|教師|學生|同學|夥伴|同仁)?(?:上[臺台])?(?:分享|發表|報告|發言|示範|提問|獲獎|回饋|試教)|沒來|沒到|應到|應出席|受邀|報名|遲到|早退|中(?!心|午|文|等|學|國|山|間))"
)
_CAME = re.compile(r"\s*(?:出席|到場|與會|參加|參與|實到)")
_AWAY = re.compile(r"\s*[人位名]\s*(?:老師|教師|夥伴)?\s*(?:請假|缺席|未到|遲到|早退|沒[來到])")
_CAME_BEFORE = re.compile(
    r"(?:\A|[^應到席:\s\d一二兩三四五六七八九十])\s*(?:\d{1,3}|[一二兩三四五六七八九十]{1,3})\s*[人位名](?:老師|教師|夥伴)?\Z"
)
_ONLINE_ONES = re.compile(r"(?:老師|教師|夥伴)?(?:是|用|採|改|走)?(?:線上|視訊|到校|實體|現場|入班)")
"""「8人（2人線上）」."""
_PRESENT = re.compile(
    rf"(?:實到|實際出席|實際參加|實際到)\s*(?:人數)?\s*[:是為有]?\s*(?:共|約)?\s*{_N}(?!\s*[:/點校班節小.]|\d)"
)
_STATED = re.compile(
    rf"(?:(?:出席|參加|參與|與會|到場|研習|總|師生)*人數|出席|與會|到場|簽到)\s*(?:人數|人員|者|老師|教師|夥伴)?\s*[:是為有共計]*\s*約?\s*{_N}(?!\s*(?:[:點校班節所場次小月日號年.])|/\d+/|\d)"
)
_TOTAL = re.compile(
    rf"(?:總共|一共|合計|總計|共計|共有|共|計|等|連我|含我)\s*{_N}\s*(?:{_PERSON}|個(?!小時|半|月|鐘|學校|議題|主題|單元|班))"
)
_COUNT = re.compile(rf"(?<![\d.第兆億萬千一二兩三四五六七八九十百])(?<!\d[:/]){_N}\s*(?:多)?\s*{_PERSON}")

_TITLE = r"(?:副校長|校長|主任|組長|老師|教師|教授|博士|督學|科長|專員|講師|委員|專家|輔導員|召集人|局長|處長|老师)"
_NAMED_BY_TITLE = re.compile(
    rf"(?:主持人|(?<![任長師授員家人])主持|召集人|主講人?|講師|講者|帶領人|(?<![任長師授員家人])帶領|主席|授課教師|授課者|教學者|演示者|演示教師)\s*(?:[:=]|是|為)?\s*([\u4e00-\u9fff]{{1,6}}?{_TITLE})"
)
_NAMED = re.compile(
    r"(?:主持人?|召集人|主講人?|講師|講者|帶領人?|帶領者|主持者|授課者|授課教師|教學者|演示者|演示教師|主席|領導人|諮詢委員|輔導委員|輔導教授|輔導專家)\s*(?:[:=]|是|為)\s*([^\s,。;、()\[\]\0\1\n|]{2,15})"
)
_LED = re.compile(
    rf"([\u4e00-\u9fffa-z]{{0,8}}?{_TITLE}(?:[\u4e00-\u9fff]{{2,3}})??)\s*(?:親自|來|蒞臨|線上|視訊|書面|實體|遠距)?"
    r"(?:主持|帶領|主講|召集|到校|入校|來校|入班|帶(?!來)|開課|授課|講授|講|分享|指導|輔導|演示|公開|擔任|蒞校|示範|諮詢|陪伴|教學|導讀|觀課)"
)
_INSTEAD = re.compile(rf"了?[,\s]*(?:應該)?(?:是|為)?\s*([\u4e00-\u9fff]{{1,3}}?{_TITLE})")
_ALONE = re.compile(rf"(?<![\u4e00-\u9fffa-z])([\u4e00-\u9fff]{{1,3}}{_TITLE})(?![\u4e00-\u9fff])")
_BY = re.compile(
    r"(?:由|請到?了?|邀請?到?了?)\s*([\u4e00-\u9fffa-z]{2,10}?)\s*(?:來|到校|入校)?(?:主持|帶領|主講|擔任|召集|分享|指導|演示|授課|講|公開)"
)
_NO_NAME = re.compile(r"[的是有請跟和與位名了由來到]")
_CUT = re.compile(r".*(?:邀請|謝謝|感謝|[請由邀跟和與的了在於是到及,])")
_NO_ONE = re.compile(
    r"(?:[位名個]|各|出席|參與|與會|到場|觀課|全體|全校|所有|本校|我們|新進|校內|參加|三|兩|一|幾|外聘|社群)*(?:老師|教師|教授|專家|委員|講師|領航教師|領航老師|諮詢委員|輔導委員|夥伴)"
)
_GROUP_LABEL = re.compile(r"(?:組別|群組|社群名稱|社群別|社群)\s*[:=]\s*([^\s,。;()\0\1\n|]{1,30})")
_GROUP = re.compile(r"([\u4e00-\u9fffa-z0-9+]{1,14}?(?:教師)?(?:專業)?(?:學習|成長)?(?:共備)?(?:社群|plc))")
_SUBJECT = (
    r"(?:國語文?|國文|本土語|閩南語|客語|英語文?|英文|雙語|數學|自然科?學?|社會|健體|健康與體育|體育|藝文|藝術與?人文|藝術|綜合活動?|綜合|科技|生活|資訊|特教|幼教|語文)"
    r"(?:科|領域|組)?|[一二三四五六七八九高中低\d]{1,2}(?:年級|學年)"
)
_NUMBERED = re.compile(r"[一二兩三四五六七八九十日\d]{1,2}(?:社群|plc)")
_GROUP_BESIDE = re.compile(
    rf"(?:(?<=[\s,\0])|\A)({_SUBJECT})\s(?:教師)?(?:社群|plc)|(?:社群|plc)(?:會議)?\s*[\s(]({_SUBJECT})(?=[\s,)\0]|\Z)"
)
_NO_GROUP = re.compile(
    r"[昨今明隔前]天|[昨今明](?:社群|plc)|前後?(?:的)?(?=社群|plc)|[之以]後|左右|[前後](?:的)?(?:教師)?(?:社群|plc)|禮拜|星期|週[一二三四五六日]|[月週]第|節(?:社群|plc)|觀課|公開課|公開授課|公開觀課|混成|混合|打算|謝謝|應該|沒有?|記錄|登記|教授|專家|領航|督學|到校|參加|參與|邀|老師|主任|校長|取消|\d位|改成|要開"
)
_GENERIC = re.compile(
    r"(?:記錄|登記|登錄|紀錄|補登|新增|幫我?|要|想|我們|我|今天|參加|舉辦|辦理|召開|進行|完成|開完?了?|剛剛?|本校|校內|跨校|全校|線上|實體|視訊|到校|教師|專業|學習|成長|共備|有|的|次|第|場|在|去|上|下午|上午|晚上|一|個|是|跟|和|與|麻煩|請|一下|用|早上|中午|又|了|預計|預定|預訂|排定|訂於|將|\d+|meet|teams|zoom|google|plc|記|補|週)*(?:社群?|plc)"
)


def headcount_of(text: str) -> int | None:
    """How many people came; None where the text does not say, says it vaguely, or says two things."""
    for pattern in (_PRESENT, _STATED, _TOTAL):
        found = [
            number
            for match in pattern.finditer(text)
            if (number := _people(text, match)) is not None and not _is_of_the_absent(text, match)
        ]
        if found:
            return found[-1] if pattern is not _STATED or len(set(found)) == 1 else None
    counts = {
        number for match in _COUNT.finditer(text) if not _someone_else(text, match) and (number := _people(text, match))
    }
    return counts.pop() if len(counts) == 1 else None


def _is_of_the_absent(text: str, match: re.Match[str]) -> bool:
    """「12位出席2位請假」: 出席 belongs to the count before it."""
    before = text[max(0, match.start() - 16) : match.start()]
    counted = match[0].startswith(("出席", "與會", "到場")) and _CAME_BEFORE.search(before)
    return bool(_AWAY.match(text, match.end(1)) or counted)


def _people(text: str, match: re.Match[str]) -> int | None:
    before, behind = text[max(0, match.start(1) - 8) : match.start(1)], text[match.end(1) : match.end(1) + 2]
    if (
        _VAGUE_AROUND.search(before[-3:])
        or re.match(r"\s*[幾數多餘來]|\s*[-~]\s*\d", behind)
        or re.search(r"(?:-|負)\s*\Z", before)
    ):
        return None
    number = amount(match[1])
    if number is None or (
        len(set(match[1])) == 2 == len(match[1]) and not match[1].isdigit() and match[1] in "三四五六七八九"
    ):
        return None
    return int(number) if number.denominator == 1 and 1 <= number <= MOST_PEOPLE else None


def _someone_else(text: str, match: re.Match[str]) -> bool:
    """A count of guests, of a small team, or of those who did not come."""
    before = text[max(0, match.start() - 8) : match.start()]
    if _ONLINE_ONES.match(text, match.end()) and len(_COUNT.findall(text)) > 1:
        return True
    away = _OTHERS_BEFORE.search(before)
    if away and before[: away.start()][-1:] in "人位名" and _CAME.match(text, match.end()):
        away = None  # 「2人請假8人出席」
    if away or _MENTOR_AFTER.match(text, match.end()) or _AWAY.match(text, match.end(1)):
        return True
    return amount(match[1]) == 1 and bool(
        re.match(r"\s*(?:[\u4e00-\u9fff]{0,4}(?:教授|專家|老師))", text[match.end() : match.end() + 8])
    )


def host_span(text: str, slip: int = 0) -> tuple[int, int] | None:
    """Where the text names who led or came; what stands behind the correction at `slip` comes first."""
    instead = _INSTEAD.match(text, slip) if slip else None
    return instead.span(1) if instead else (_host_from(text, slip) if slip else None) or _host_from(text, 0)


def _host_from(text: str, begin: int) -> tuple[int, int] | None:
    named = _NAMED.search(text, begin) or _NAMED_BY_TITLE.search(text, begin)
    if named:
        return named.span(1)
    for pattern in (_LED, _BY):
        for match in pattern.finditer(text, begin):
            start, end = match.span(1)
            cut = _CUT.match(text, start, end)
            start = cut.end() if cut else start
            before = text[max(0, start - 1) : start]
            if end - start >= 2 and not _NO_ONE.fullmatch(text, start, end) and not before.isdigit():
                return start, end
    return None


def alone_span(text: str) -> tuple[int, int] | None:
    """The one person of a title who stands alone in the text: 「到校輔導 楊教授 9:30」."""
    found = [
        match.span(1)
        for match in _ALONE.finditer(text)
        if not _NO_ONE.fullmatch(match[1]) and not _NO_NAME.search(match[1])
    ]
    return found[0] if len(found) == 1 else None


def group_span(text: str, slip: int = 0) -> tuple[int, int] | None:
    """Where the text names the community: 國文科社群, 素養共備社群; None for a bare 社群.

    What stands behind the correction at `slip` comes first.
    """
    return (_group_from(text, slip) if slip else None) or _group_from(text, 0)


def _group_from(text: str, begin: int) -> tuple[int, int] | None:
    label = _GROUP_LABEL.search(text, begin)
    if label:
        return label.span(1)
    for match in _GROUP.finditer(text, begin):
        start, end = match.span(1)
        while (lead := LEAD.match(text, start, end)) and lead.end() > start:
            start = lead.end()
        if (
            end - start > 2
            and not _GENERIC.fullmatch(text, start, end)
            and not _NUMBERED.fullmatch(text, start, end)
            and not _NO_GROUP.search(text, start, end)
        ):
            return start, end
    beside = _GROUP_BESIDE.search(text, begin)
    return beside.span(1 if beside[1] else 2) if beside else None


LEAD = re.compile(
    r"(?:開始的?|始的|要辦|要開|改成|改為|下次|上次|這次|本次|每次|記錄|登記|登錄|補登|新增|幫我?|我們|我(?!們)|參加|舉辦|辦理|召開|進行|完成|開完?了?|剛剛?|本校|線上|實體|視訊|有|的|在|去|上午|下午|晚上|早上|中午|是|跟|和|與|麻煩|請|一下|用|又|了|記|補|第?\d+次?|第[一二三四五六七八九十]+[次場]|[上下]學期|學年度?|第[一二]學期|[那這]場|[補加]一?筆|要(?=登記)|將於|[早晚](?=[^\s]*社群)|這學期|每[週月日天]?[一二三四五六日]?|固定|開了\d*次?|月|起|要交|上傳|午休|時間|時|點半?|[到至]|小時|分鐘|人|位|開)"
)
