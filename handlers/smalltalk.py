"""Small talk, answered in one line. A closed list: whatever else a person says is a question."""

from __future__ import annotations

import re
import unicodedata

from knowledge.answering.normalise import LONGEST, squash

REPLIES = {
    "hello": "您好！想查哪個計畫的規定？直接打字問我就可以。",
    "morning": "早安！想查哪個計畫的規定？直接打字問我就可以。",
    "presence": "我在，請直接打字問我計畫的規定。",
    "go_on": "請說，直接打字問就可以，例如哪個計畫、想知道什麼。",
    "how_are_you": "我很好，謝謝關心。想查哪個計畫的規定？",
    "thanks": "不客氣！還想知道什麼，隨時問我。",
    "bye": "再見！需要時隨時回來問我。",
    "sorry": "沒關係，請直接問我計畫的規定。",
    "ok": "好的，還想知道什麼，隨時問我。",
    "praise": "謝謝您！還想知道什麼，隨時問我。",
    "scolding": "抱歉沒幫上忙。請換個說法再問一次，加上計畫名稱我會答得更準。",
    "person": "我是聊天程式，沒有真人客服。請把問題打給我；查不到的，我會告訴您該洽哪個單位。",
    "again": "剛才的回答在上面，往上捲就看得到。想換個角度問，請再打一次問題。",
    "test": "收到，我在運作。請直接打字問我計畫的規定。",
    "laughter": "很高興您心情好！想查什麼規定，請直接打字問我。",
}

_LISTS = {
    "hello": """
        你好 您好 哈囉 哈嘍 哈羅 嗨 嗨嗨 hi hihi hello hey helo 安安 大家好 學伴 學伴你好 你好學伴
        學伴您好 午安 下午好 幸會
    """,
    "morning": """
        早 早安 早上好 早阿 早安你好 morning goodmorning
    """,
    "presence": """
        在嗎 在不在 有人嗎 有人在嗎 你在嗎 您在嗎 還在嗎 有在嗎 請問有人嗎 請問在嗎 請問有人在嗎 在
        喂
    """,
    "go_on": """
        請問 請問一下 請教 請教一下 想請問 想請教 我想問 想問 想問一下 我想請問 我想請教 想請問一下
        我有問題 我有個問題 可以問你問題嗎 可以問問題嗎 可以請問嗎 可以請教嗎 問一下
        請問可以問問題嗎
    """,
    "how_are_you": """
        你好嗎 您好嗎 最近好嗎 最近如何 吃飽沒 吃飽了嗎 吃飯了嗎 howareyou
    """,
    "thanks": """
        謝謝 謝謝你 謝謝您 謝謝學伴 感謝 感謝你 感謝您 非常感謝 十分感謝 多謝 謝啦 謝了 謝囉 感恩
        感激 辛苦了 辛苦您了 3q thx thanks thankyou thank tks 謝謝幫忙 謝謝回覆 謝謝說明 感謝回覆
        感謝說明 麻煩你了 麻煩您了 太感謝了
    """,
    "bye": """
        再見 掰掰 拜拜 掰 bye byebye goodbye 下次見 明天見 先這樣 那先這樣 就這樣 晚安 goodnight 88
    """,
    "sorry": """
        對不起 抱歉 不好意思 sorry 歹勢 失禮 拍謝 打錯了 打錯 傳錯了
    """,
    "ok": """
        好 好的 好好 好了 好吧 好滴 ok okok okay okok的 ok的 oki 了解 瞭解 我了解了 了解了 知道了
        我知道了 收到 嗯 嗯嗯 恩 恩恩 是 是的 對 對的 沒問題 沒事 沒事了 可以 行 明白 明白了 懂了
        我懂了 原來如此 這樣啊 是喔 沒關係 不用了 不用 不用謝謝 沒有了 沒了 沒有 都沒有 喔 哦 噢 喔喔 哦哦 yes
        no 讓我想想 我再想想 我看看 我再看看
    """,
    "praise": """
        棒 好棒 真棒 很棒 太棒了 你好棒 你很棒 你真棒 好厲害 厲害 太厲害了 你好厲害 真厲害 讚 好讚
        真讚 按讚 很好 太好了 真好 好用 很好用 真好用 聰明 好聰明 你好聰明 你真聰明 很清楚 太強了
        好強 幫大忙了 很有用 有用 good nice great cool excellent 愛你 我愛你 你真好 優秀 完美
        perfect 很方便 好方便
    """,
    "scolding": """
        笨 笨蛋 好笨 你好笨 你很笨 白痴 智障 爛 好爛 很爛 真爛 爛透了 垃圾 廢物 沒用 沒有用 真沒用
        難用 很難用 好難用 亂講 亂答 胡說 胡說八道 騙人 騙子 答錯了 錯了 不對 你錯了 答非所問
        不是 不是啦 都不是 以上皆非 都不對 你在說什麼 聽不懂 聽不懂人話 看不懂 有病 滾 閉嘴 幹 靠 靠北
        媽的 他媽的 去死 fuck fuckyou shit 什麼爛東西 沒幫助 很爛欸 笨死了
    """,
    "person": """
        真人 真人客服 轉真人 找真人 轉接真人 我要真人 客服 人工客服 轉客服 找客服 專人 轉專人
        我要找真人 有真人嗎 有客服嗎 我要客服 我要找客服 人工 可以跟真人說話嗎 我可以跟真人說話嗎
        可以跟真人講話嗎 我想跟真人說話 我要跟真人說話 可以找真人嗎 可以轉真人嗎
    """,
    "again": """
        再說一次 再說一遍 再講一次 再講一遍 重複一次 重說一次 請再說一次 可以再說一次嗎 再一次
    """,
    "test": """
        測試 測試中 測試一下 測試測試 test testing 試試 試試看 123
    """,
    "laughter": """
        哈 哈哈 哈哈哈 呵呵 嘻嘻 嘿嘿 笑死 笑死我 lol lmao xd 科科 www 哈哈哈哈
    """,
}
_KINDS = {squash(word): kind for kind, words in _LISTS.items() for word in words.split()}
_PARTICLES = f"[{squash('呀啊阿喔哦囉嘍啦耶欸唷喲噢捏齁')}]*"
_WORD = re.compile(f"({'|'.join(sorted(map(re.escape, _KINDS), key=len, reverse=True))}){_PARTICLES}")
_LAUGHTER = re.compile(r"[哈呵嘿嘻科]+|(?:lo+l)+|xd+|w{2,}|(?:ha|he)+h?")
_BOPOMOFO = {"ㄏ": "laughter", "ㄎ": "laughter", "ㄅ": "bye", "ㄤ": "hello"}
LONGEST_TALK = 24
"""Characters, folded; a longer text is no small talk."""

TOO_LONG = f"這一則有 {{count:,}} 字，太長了，我一次最多讀 {LONGEST:,} 字。請把想問的濃縮成一兩句再傳一次。"
BLANK = "這一則是空的，我看不到內容。請直接打字提問，或輸入「選單」。"
ONLY_SIGNS = "這一則沒有字，我不確定您想問什麼。請直接打字提問，或輸入「選單」。"
ONLY_EMOJI = "收到您的表情！想查哪個計畫的規定，請直接打字問我。"
OTHER_SCRIPT = "抱歉，我只看得懂中文。請用中文問我計畫的規定。"


def reply(text: str) -> str | None:
    """One line in answer to small talk; None for everything that may be a question.

    Several in a row are small talk too (「好的，謝謝」); a greeting with a question behind it is a question.
    """
    kind = _kind(text)
    return REPLIES[kind] if kind else None


def _kind(text: str) -> str | None:
    letters = set(text.strip("～~!！。.… "))
    if len(letters) == 1 and (bopomofo := _BOPOMOFO.get(letters.pop())):
        return bopomofo
    folded = squash(text)
    if not folded or len(folded) > LONGEST_TALK:
        return None
    if folded in _KINDS:
        return _KINDS[folded]
    if _LAUGHTER.fullmatch(folded):
        return "laughter"
    return _last_of_several(folded)


def _last_of_several(folded: str) -> str | None:
    """The kind of the last word where the text is nothing but such words; no backtracking."""
    place, word = 0, ""
    while place < len(folded):
        found = _WORD.match(folded, place)
        if found is None:
            return None
        place, word = found.end(), found[1]
    return _KINDS[word]


def unreadable(text: str) -> str | None:
    """A kind sentence about a text that holds no question at all; None where it may hold one."""
    if len(text) > LONGEST:
        return TOO_LONG.format(count=len(text))
    if squash(text) or any(letter in _BOPOMOFO for letter in text):
        return None
    kinds = {unicodedata.category(letter) for letter in text}
    if not kinds - {"Cc", "Cf", "Cn", "Co", "Cs", "Zs", "Zl", "Zp", "Mn"}:
        return BLANK
    if any(kind.startswith("L") for kind in kinds):
        return OTHER_SCRIPT
    return ONLY_EMOJI if kinds & {"So", "Sk"} else ONLY_SIGNS
