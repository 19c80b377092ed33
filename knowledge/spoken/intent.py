"""Whether a line is a log at all: no question, cancelled meeting, announcement, change of a record, or talk."""

from __future__ import annotations

import re

_TO_WRITE = re.compile(
    r"(?:幫(?:我|忙|個忙)?|替我|麻煩|請|拜託|可以|可否|能否|能不能|可不可以|是否|協助|能|可|想|要).{0,6}?(?:記(?!得|者|憶|不)|登(?![山革機入場陸])|登記|登錄|補登|新增|存檔|補記|加一?筆|加上|補一?筆|輸入|打進|key)"
)
_SOFT = re.compile(r"[?？]|請問|想問|嗎|呢\s*\Z")
_OF_COURSE = re.compile(
    r"(?:可以|好|行|ok|對|沒問題|方便)(?:嗎|吧|嘛)?[?~!。,\s]*(?:謝謝|感謝|感恩|thanks)?[?~!。\s]*\Z"
)
_HARD = re.compile(
    r"多少|(?:[要訂有]|需要)[^,。;]{0,3}幾個(?!人)|只有[^,。;]{0,8}(?:可以|行|算)嗎|時數[^,。;]{0,4}(?:還沒|尚未)|還沒核發|(?<![前這好十百])幾(?:小時|次|場|個小時|筆|點|號|人|天|月|時|分|位|節)|怎麼|如何(?=.{0,8}(?:登|記|申請|填|算|辦|查))|什麼時候|何時|哪[些個裡天一]|有沒有|還差|還缺|還要|還剩|夠不夠|"
    r"要不要|是不是|為什麼|誰(?!說)|會不會|算不算|[記登錄存]了?沒|(?:登記|記錄|登錄|記|存)(?:了|好了?|進去了?|到了?)嗎|有記到|在哪|什麼(?!的)|想知道|查詢|查一下|查看|列出|看一下|看看|給我看|顯示|統計|幫我查|累計|進度(?:如何|到)"
    r"|(?:需要|應該|必須|一定要|要)(?:登記|記錄|登錄|補登|記|登|寫)嗎|可以算|算(?:時數|進去|入)|(?:總|總共|一共|已經)(?:有|開了?|辦了?|做了?).{0,4}(?:多少|幾)"
)
_TOPIC_QUESTION = re.compile(
    r"(?:討論|主題|談|聊|研討|分享|題目|講|介紹|說明|示範|教大家|學習|練習)[^,。]{0,30}(?:如何|怎麼|什麼|哪些|是否|為什麼|多少)"
)
_FORGOT = re.compile(
    r"(?:忘記?了?|不(?:太|大)?記得|記不得|不(?:太|大)?確定|不知道|沒注意|沒看)(?:是|到)?(?:從|到)?幾[點時人位個分]"
)
_CANCELLED = re.compile(
    r"取消|延[到至]\s*(?:\d{1,2}/\d|[\d一二三四五六七八九十廿]{1,3}[月日號]|[下明後週]|禮拜|星期)|延期|延後(?!\d|到\s*(?:\d{1,2}[:點]|[一二兩三四五六七八九十]{1,2}點|[上下]午))|順延|停辦|暫停(?!\d)|(?<!交)流會|沒(?:有)?(?:開成|辦成|辦|開會|開|舉行|去成|成行)|不開了|不辦了|改期|因故(?:未|沒)|未能(?:舉行|召開|辦理)|暫緩|停開|停一次|停了?\s*\Z|作罷|擇期|另訂|另行|改天|不上了|假沒上(?![線傳課])|沒(?:有)?人(?:來(?!晚|遲)|參加|出席)|沒來成|未開成|未舉行|沒去"
)
_ABSENT = re.compile(
    r"(?:大家|全部|全都|全員)都?沒(?:有)?[來到]|沒(?:有)?人(?:來|到|參加)|我.{0,2}(?:請假|缺席)|(?:我|請假|有事|生病|公假).{0,4}沒(?:有)?(?:辦法)?(?:參加|出席|[來去到])"
)
_NOT_CANCELLED = re.compile(
    r"(?:差一?點|險些|沒有?|並未|並沒有|不會|未)(?:被|要)?(?:取消|延期|停辦)|(?<!下週)(?<!下次)(?<!禮拜)(?<!星期)照常|如期|照樣|還是(?:有?[開辦去]|如)"
)
_HELD_AFTER = re.compile(
    r"(?:補開|補辦|改(?:成|為|採|用|以)?(?:線上|實體|視訊)|改在|改到|延到|延至|順延至|順延到|改期到|改至|延後到|延期到|改於)[^,。]{0,20}"
)
_ANNOUNCED = re.compile(
    r"請(?:各[校處室科組班]|惠予|查照|派員|各位|大家|老師們|同仁們?|夥伴們?|準時|踴躍|務必|記得|撥冗|攜帶|自備|留意|全體|同學|有興趣|尚未|還沒|先準備|準備|老師準時|所有|社群老師|社群夥伴|參加(?:的|者)|與會|大家|在|於|至|到(?!了)|儘?速|盡速|盡快|協助(?!記|登))"
    r"|歡迎|敬請|敬邀|誠摯|報名(?!人數|者|[:\s]*\d|的人)(?<!\d人報名)(?<!\d位報名)|記得(?:要|帶|來|參加|準時|交|繳|明|下|在|去)|別忘|不要忘|轉知|公告|通知(?!書|單)|提醒(?:我|大家|各位|您|你|老師|一下)|準時(?:出席|參加|到)|踴躍|截止|逾期|不予受理|[日號\d]\s*[之以]?前(?:請|繳交?|交|上傳|回傳|送)(?![了出])|敬備|懇請|預告|記得提醒|提醒\s*\Z|有空的|誰要|要來的|(?<![不需])(?:要|得|該|須)(?:交|繳|補交)(?![了的過])|起,?\s*每(?:週|個?禮拜|個?星期)|(?:的|請|者|想來|要來|參加|報名|出席|揪團?)\s*\+1|預留時間"
)
_EDITS = re.compile(
    r"(?:登記|記|登|打)成(?!功|績|果|員|長|立)|(?:已經?|都)(?:登記|登錄|記)(?:了|好|過)*\W*\Z|(?:上一?筆|前一?筆|最後一?筆|那一?筆|這一?筆|剛才那|剛剛那|剛才的|剛剛的|上次那|第[一二三四五六\d]+筆|上一?則|前一?則|剛記的|剛登記的|剛剛記的).{0,24}?(?:改|刪|修|取消|更正|移除|撤|錯|去掉|不要|換|作廢)"
    r"|(?:刪掉|刪除|移除|撤銷|撤回|取消|修改|復原|還原|作廢|更正|把|將).{0,14}?(?:上一?筆|前一?筆|最後一?筆|那一?筆|這一?筆|剛才的|剛剛的|剛記的|記錄|登記|紀錄|第[一二三四五六\d]+筆)"
    r"|(?:上次|之前|先前)(?:登記|記錄|登錄|登|記)的.{0,24}?(?:改|刪|錯|更正)|\A\s*(?:更正|修正)(?![後過完課教])"
    r"|(?:不要|不用|(?<![分個級類區特性])別|先不)再?(?:幫我)?(?:記(?!得)|登)|刪掉|刪除|移除|撤銷|作廢|\A\s*(?:刪掉|刪除|移除|撤銷|撤回|復原|還原|取消|修改|不要了)"
)
_CHANGE = re.compile(
    r"改(?:成|為|到|至|在|回|用)|換成|更改為|修正為|更正為|修改為|調整為|調成|改\s*(?=[\d一二兩三四五六七八九十上下])"
)
_TALK = re.compile(
    r"講得[很真好]|很棒|超[讚棒]|好好|便當|好吃|好喝|好熱|好冷|不錯|精彩|感動|好累|累死|辛苦了|好棒|真棒|加油|無聊|期待|哈哈|呵呵|唉|好煩|好忙|好玩|有趣|開心|難過|希望|打算|規畫(?=[明下要在])|想要|想辦|想開|考慮|計畫要|好多|好難|討厭|不想|覺得|早安|晚安|午安|你好|您好\s*\Z|哈囉|收穫(?:滿滿|很多)|受益"
)
_GREETING = re.compile(r"[您你]好(?!好)|哈囉|[早午晚]安|(?<=[,。!\s])辛苦了")
_RECORD_VERB = re.compile(
    r"記錄|登記|登錄|補登|補記|記一下|記一筆|加一筆|補一筆|新增|記上|記下|補報|幫我?(?:記|登|補|key)|回報|報告一下"
)
_DONE = re.compile(
    r"(?:開|辦|參加|進行|完成|上|舉行|舉辦|辦理|召開|做|來|去|聽|觀|討論|結束)(?:完|了|過)|(?:結束|完成|已)|剛(?:剛|才|開|辦|上|結)"
)
_MEETING = re.compile(
    r"會議|會後|聚會|開了?[個場完]?會|[一場個晨發研]會|活動|聚|講座|課|參訪|訪視|座談|討論|交流|陪伴|輔導|諮詢|到校|入校|來校|入班|[寫繳交]完?了|完成|上傳|分享|觀摩"
)
_PLANNED = re.compile(r"預計|將於|將在|預定|預訂|排定|訂於|定於|擬於|規畫於|將會?(?:在|於|辦理|舉辦|召開|進行)")


_SOON = re.compile(
    r"(?:待會|等等|等一?下|晚點|稍後|等會)兒?\s*(?:[要還就有去]|開|\d{1,2}[:點]|[一二兩三四五六七八九十]{1,2}點)"
)


_OF_RECORDS = re.compile(
    r"\A\s*(?:看|查|找|刪|匯出|下載|列印|調閱|請假單|調課|代課|公假)|[打登記寫填]錯|核銷|收據|鐘點費|車馬費|餐費|撞期|衝[堂突]|在雲端|重複了?\s*\Z|[記登]了?[兩二]次|(?:登記|記錄|登錄|記)過了"
    r"|(?:已經?|都)(?:登記|登錄|記)(?:了|好|\s*\Z)|忘[了記]?(?:要)?(?:登記|登錄|記)(?!錄)|(?:社群|研習|輔導|觀課)的?(?:照片|影片|記錄表?|簽到[單表])"
    r"|改[到至在](?:下|明|後天)|(?:固定|每個?[週月]|每學期)|\A\s*(?:謝謝|感謝|感恩)"
)
"""Of records, papers and habits; beside a length it is a remark."""
_WISHED = re.compile(r"想(?:請|約|邀)|[已先]約了?")
_STILL_TO_DO = re.compile(
    r"快[寫做編弄完]|還沒|尚未|還未|忘記?了?[交繳上]|忘記?了?(?:要)?[交繳上]|沒[交繳]|[明後]天|下週|待[交繳]"
)


_PAPERS = re.compile(
    r"\A(?:[^,。;:~!\s]{1,6}[,。~!\s]+)?\W*(?:我?要?)?(?:(?:請假|公假|差假|出差|假)單|差勤|差假|請[公事病]?假|公假|調課|代課(?!老師|教師|的)|課務(?!會|組)|派代)"
    r"|(?:(?:請|以)公假|(?:我|[要想得需])[^,。;\n]{0,4}請[事病]?假)(?=[^,。;\n]*\Z)"
)
"""Leave and who stands in are the school's papers; 「…，林老師請公假」 behind a record is a remark."""
_TO_BE_KEPT = re.compile(r"\W*(?:記錄|補登|登記|幫我記|幫我登)")
_INQUIRED = re.compile(
    r"(?:\A\W*|[想要來]|跟您?|向您?)\s*(?:詢問|洽詢|請教(?![授練師])|[想再]?確認一下)(?!技巧|策略)|(?:[想要]|幫我?)(?:報名|預約)"
    r"|(?:社群|會議|研習|工作坊|輔導)\s*缺席\s*\Z"
)
_EXCUSED = re.compile(r"我忘了?\s*\Z|因為|由於|不(?!同|錯|限|只|斷|知|確|記|太|大|[到足滿])|沒(?!注意|看|記)")
_ALL_DONE = re.compile(r"都(?:已經?)?(?:完成|開完|辦完|結束|做完|順利|如期)")
_HABIT = re.compile(
    r"都是?(?:在|排)?(?:週|禮拜|星期)[一二三四五六日]|每個?(?:週|禮拜|星期|月)"
    r"|學期[^,。;\n]{0,12}(?:共|都|開了?\s*[\d一二三四五六七八九十兩]+\s*[次場])"
)
_ARRANGED = re.compile(
    r"預約(?!制)|[借租]用|商借|租借|借場地|申請|報名|徵求|代課|請公?假"
    r"|連結|稍後|再公告|改(?:成|為|在|到)?[^,。;\n]{0,4}(?:線上|實體|視訊|教室|圖書館|舉行|進行)|地點改|時間改|不見不散|[室館廳上]見"
    r"|大家(?:都?要|記得|一起來)|麻煩(?:各位|大家|老師們)|訂便當|便當\d|換我|我排|輪到|打算|我會到|我可以|我?有課|不能去|沒辦法去|\A\W*(?:收到|了解|知道了|ok|好的?)\W|[有要]空|能來|可以來|會(?:到|來|出席)嗎"
)


def is_of_the_office(text: str, kind_at: int) -> bool:
    """A leave note, an inquiry: words of a school's day that name a day, a time and a kind, and record none.

    `kind_at`: where the text names its kind; its length where it names none.
    """
    on_leave = _PAPERS.search(text[:kind_at]) and not _TO_BE_KEPT.match(text)
    return bool(_INQUIRED.search(text) or on_leave)


def is_excused(text: str) -> bool:
    """Whether a reason or a negation stands where a time could: 「3/26社群因為段考…」."""
    return bool(_EXCUSED.search(text))


def is_summing_up(text: str, *, dated: bool) -> bool:
    """Whether all of several are spoken of: 「每週三下午社群」, and where no day is named 「社群都開完了」."""
    return bool(_HABIT.search(text)) or (not dated and bool(_ALL_DONE.search(text)))


def is_arranged(text: str) -> bool:
    """Whether something ahead is booked, applied for or enrolled in, rather than planned."""
    return bool(_ARRANGED.search(text))


def is_of_records(text: str) -> bool:
    """Whether a line without a length speaks of records, papers or habits: 「看11/18的社群」."""
    return bool(_OF_RECORDS.search(text))


def is_wish(text: str) -> bool:
    """Whether something ahead is only wished for or agreed: 「想請教授來」."""
    return bool(_WISHED.search(text))


def is_still_to_do(text: str) -> bool:
    """Whether what is to be handed in has not been: 「教材還沒上傳」."""
    return bool(_STILL_TO_DO.search(text))


def is_soon(text: str) -> bool:
    """Whether it is about to begin: 待會兩點社群."""
    return bool(_SOON.search(text))


def is_planned(text: str) -> bool:
    """Whether it is said to lie ahead."""
    return bool(_PLANNED.search(text))


def asks_to_write(text: str) -> bool:
    """Whether a record is asked for in words: 記錄, 幫我登記."""
    return bool(_RECORD_VERB.search(text))


def names_a_meeting(text: str) -> bool:
    """Whether people came together, of whatever kind it was: 開會, 活動."""
    return bool(_MEETING.search(text))


def sounds_done(text: str) -> bool:
    """Whether something is told as over: 開完, 參加了."""
    return bool(_DONE.search(text))


def is_talk(text: str, *, besides_greeting: bool = False) -> bool:
    """Feelings, wishes and greetings; they may stand beside a full record, a greeting beside half of one."""
    return bool(_TALK.search(_GREETING.sub("", text) if besides_greeting else text))


def is_question(text: str, *, whole: bool) -> bool:
    """A question about records or rules.

    `whole`: the line states a day or kind and a time too. Then a polite question is a log: 「可以幫我記…嗎」.
    """
    if _HARD.search(_FORGOT.sub("", _TOPIC_QUESTION.sub("", text))):
        return True
    if not _SOFT.search(text):
        return False
    return not (whole and (_TO_WRITE.search(text) or _OF_COURSE.search(text)))


def is_cancelled(text: str) -> bool:
    """A meeting that was not held, and not made up for."""
    return bool(_CANCELLED.search(text)) and not _NOT_CANCELLED.search(text)


def is_absence(text: str) -> bool:
    """Someone, or everyone, did not come; beside a full record it is a remark."""
    return bool(_ABSENT.search(text))


def names_another_time(text: str) -> bool:
    """Whether a cancelled or moved meeting was held at another time after all."""
    return bool(_HELD_AFTER.search(text))


def announced_at(text: str) -> int | None:
    """Where a call to take part in something, or to do something, begins."""
    match = _ANNOUNCED.search(text)
    return match.start() if match else None


def is_edit(text: str) -> bool:
    """A change of an earlier record, named as such: 刪掉上一筆."""
    return bool(_EDITS.search(text))


def change_at(text: str) -> tuple[int, int] | None:
    """Where a text says that something becomes something else: 改成, 改到."""
    match = _CHANGE.search(text)
    return match.span() if match else None
