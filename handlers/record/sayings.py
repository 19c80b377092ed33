"""What logging says."""

REASONS = {
    "no_kind": "要記的是哪一類活動？",
    "several_kinds": "這裡面像有兩種活動，這筆先記哪一種？",
    "no_day": "是哪一天的事？",
    "vague_day": "還不知道是哪一天。",
    "impossible": "沒有這個日期或時間，請再確認。",
    "weekday_contradicts": "日期和星期（或「昨天」這類說法）對不起來，請再確認是哪一天。",
    "future": "這個時間還沒到。辦完了請給正確的日期；如果是預定的，選那一天就會記成預定。",
    "far": "這個日期離現在太遠了，請再確認年份。",
    "several": "這裡面有兩天以上，請一次記一天。",
    "ambiguous": "這個時間可以有兩種讀法。",
    "no_hours": "還不知道幾點到幾點，或多久。",
    "lesson": "各校一節課的分鐘數不同。",
    "vague_length": "時數說得不夠確切。",
    "disagree": "起訖時間和時數對不起來。",
    "end_before_start": "結束時間在開始之前。",
    "out_of_bounds": "時數要在 0 到 24 小時之間。",
}
SAVED = "已存好：{line}"
SAVED_PLAN = "已記成預定：{line}"
CHANGED = "已改好：{line}"
ALREADY_SAVED = "這一筆已經存好了。"
DROPPED = "好，這一筆不存。"
STALE = "這張卡片之後又改過，這是最新的內容："
CONFLICT = "這一筆剛才{who}改過，現在是：\n{line}\n{differing}\n您的修改還沒有存。要蓋過去，請再按一次「確認」。"
DIFFERS = "・{title}：現在是「{now}」，您要存的是「{mine}」"
SAME_AS_YOURS = "・內容和您要存的一樣。"
IS_DELETED = "這一筆已經刪除：{line}\n要改的話，請先按「復原」。"
ALREADY_DROPPED = "這一筆先前取消了，沒有存。要存的話，請按「修改」。"
NOT_YET = "還有題目沒有答；答完會先給您看卡片，按「確認」才會存。"
NOTHING_WAITS = "目前沒有等您確認的紀錄。"
NOTED = "好，已記下：{noted}。"
NO_ACCESS = "這一筆存不進去：您目前不是這個學校的成員，或紀錄已經刪除。可以打「我的學校」看看。"
GONE = "找不到這筆紀錄，可能已經刪除。"
JOINED = "好，已經把您加到這一筆：{line}"
NOT_MEMBER = "要記錄活動，請先用邀請碼加入學校，例如「加入 ABCD-EFGH-JKMN」；邀請碼請向貴校召集人或計畫辦公室索取。"
NOTHING_YET = "還沒有紀錄。直接打一行就可以記，例如「11/18 14:00-16:00 社群會議 6人」，或打「記錄」一步一步來。"
NONE_ON_DAY = "{day}沒有紀錄。"
LIST_HEAD = "{school}・{month}的紀錄，共 {count} 筆、{hours}："
LIST_MORE = "（先列前 {count} 筆；全部的請按「匯出」。）"
LIST_EMPTY = "{school}・{month}還沒有紀錄。"
CONFIRM_DELETE = "要刪掉這一筆嗎？\n{line}"
DELETED = "已刪除：{line}"
RESTORED = "已復原：{line}"
NOT_LATEST = "這一筆剛才改過或已經刪除，現在是：{line}"
HELD = "{day}的{kind}有開成嗎？"
HELD_YES = "好，已列入進度：{line}"
HELD_NO = "好，先刪掉這筆預定：{line}"
WHICH_RECORD = "是哪一筆？"
SEVERAL_ONES = "這段話裡有 {count} 筆，我一筆一筆請您確認。"
TOO_LONG = "這段話太長，從「{said}…」起沒有讀。請分成幾則再打，一則最多 1,000 個字。"
UNREAD = "這一段沒有記：「{said}」。要問或要記，請另外打一次。"
NO_CHANGE = "這樣我改不了，請再說一次，例如「人數改 8 人」「改成 14:00-16:00」「主題改成…」，或按「修改」。"
UNCONFIRMED = "（上一筆還沒按「確認」，我先留著，沒有存。）"
NEXT_ONE = "接著是下一筆："
