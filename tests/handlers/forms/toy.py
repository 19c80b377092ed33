"""A form of three questions: what to bring, how many, and, of cakes alone, with what on it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.messages import Message, Text
from bot.store.runs import Run
from handlers.desk import Desk
from handlers.forms.form import Field, Form, Reply

SNACKS = {"tea": "茶", "cake": "蛋糕"}
TOPPINGS = {"nuts": "堅果", "fruit": "水果"}
FIELDS = {
    "what": Field("what", "點心", "要帶什麼？", why="才知道要準備什麼。", unsure="請問總務處。", options=SNACKS),
    "count": Field("count", "份數", "要幾份？", how="請打數字。"),
    "top": Field("top", "配料", "上面放什麼？", unsure="隨意。", options=TOPPINGS, several=True),
}


class ToyForm:
    """See the module."""

    heading = "點心"
    numbered = True

    def field(self, key: str) -> Field | None:
        return FIELDS.get(key)

    def ahead(self, run: Run) -> tuple[Field, ...]:
        known = {*run.answers, *run.unsure}
        wanted = ["what", "count", *(["top"] if run.answers.get("what") == "cake" else [])]
        return tuple(FIELDS[key] for key in wanted if key not in known)

    def read(self, key: str, text: str, now: datetime) -> Reply:
        if key == "count":
            if re.fullmatch(r"-\d+", text):
                return Reply(problem="份數不能是負的。")
            return Reply(True, int(text)) if text.isdecimal() else Reply()
        chosen = [option for option, label in FIELDS[key].options.items() if label in text]
        return Reply(True, chosen if FIELDS[key].several else chosen[0]) if chosen and len(text) < 6 else Reply()

    def accept(self, key: str, value: Any) -> Reply:
        options = value if isinstance(value, list) else [value]
        fits = all(option in FIELDS[key].options for option in options)
        return Reply(True, value) if fits else Reply(problem="沒有這個選項。")

    def say(self, key: str, value: Any) -> str:
        options = FIELDS[key].options
        return "、".join(options[each] for each in value) if isinstance(value, list) else str(options.get(value, value))

    def changes(self, before: Run, after: Run) -> tuple[str, ...]:
        return ("要多烤一爐。",) if after.answers.get("count", 0) > before.answers.get("count", 0) else ()


class Toys:
    """The kind. `version` stands for the file's fingerprint."""

    name = "toy"
    version = "1"

    def form_of(self, run: Run, today: date) -> Form | None:
        return ToyForm() if run.programme != "gone" else None

    def renewed(self, run: Run, form: Form) -> tuple[Run, str]:
        if run.fingerprint == self.version:
            return run, ""
        return replace(run, fingerprint=self.version), "題目更新過。"

    def opening(self, form: Form) -> str:
        return "來準備點心。"

    async def finish(self, run: Run, form: Form, desk: Desk) -> tuple[Run, tuple[Message, ...]]:
        said = "、".join(form.say(key, value) for key, value in sorted(run.answers.items()))
        return replace(run, outcome="done"), (Text(f"都好了：{said}"),)

    async def hear(self, run: Run, form: Form, text: str, desk: Desk) -> tuple[Run, tuple[Message, ...]] | None:
        return (run, (Text("那就多帶一點。"),)) if text == "如果下雨呢" else None
