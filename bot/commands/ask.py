"""`xueban ask`: one question, or a batch of them as JSON lines. Imports no SDK, no database and no web server."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.clock import parse_local
from bot.commands.failures import BadInputError
from handlers.ask import STATUS_WORDS, Asks, source_line
from knowledge.answering.engine import Answerer
from knowledge.answering.model import Answer, Focus, Status
from knowledge.loader import load_base

MOST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a batch."""

    id: Any
    q: str
    session: str = ""
    """Names the conversation that the question belongs to; empty for one on its own."""


def ask_one(question: str | None, *, explain: bool, as_json: bool, batch: bool) -> None:
    """Answer one question on standard output."""
    if question is None or batch:
        raise BadInputError("請給一個問題，或以 --batch 給一批問題，兩者擇一。")
    if not question.strip():
        raise BadInputError("問題是空的，請給一個問題。")
    now, answerer = present(), Answerer(load_base())
    answer = answerer.answer(whole(question), None, now)
    if as_json:
        reasons = {"reasons": list(answer.reasons)} if explain else {}
        _print(_dump({**as_data(answer), **reasons}))
        return
    _print(in_words(answer, answerer))
    if explain:
        _print("\n".join(["", "為什麼：", *(f"  {reason}" for reason in answer.reasons)]))


def ask_batch(path: str) -> None:
    """Answer each line of a file (`-` is standard input), each as soon as it is read."""
    present()  # so that a wrong XUEBAN_NOW is told before the first answer
    answerer = Answerer(load_base())
    with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as source:
        for reply in answers(answerer, read(source)):
            _print(_dump(reply))


def answers(answerer: Asks, questions: Iterable[Question]) -> Iterator[dict[str, Any]]:
    """The reply to each question in order; questions of one session are one conversation."""
    talks: dict[str, Focus | None] = {}
    for question in questions:
        answer = answerer.answer(question.q, talks.get(question.session), present())
        if question.session:
            talks[question.session] = answer.focus
        yield {"id": question.id, **as_data(answer)}


def read(lines: Iterable[bytes]) -> Iterator[Question]:
    """The questions of a batch; blank lines are skipped. Raises `BadInputError`, which names the line."""
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode("utf-8-sig").strip()
            data = json.loads(text) if text else None
        except (ValueError, RecursionError):
            raise BadInputError(f"第 {number} 行不是 JSON（UTF-8）。") from None
        if text:
            yield _question(data, number)


def _question(data: Any, number: int) -> Question:
    if not isinstance(data, dict) or "id" not in data or "q" not in data:
        raise BadInputError(f'第 {number} 行要是 {{"id": …, "q": …}} 這樣的 JSON 物件。')
    session = data.get("session")
    if not isinstance(data["q"], str):
        raise BadInputError(f"第 {number} 行的 q 要是文字。")
    if isinstance(session, bool) or not isinstance(session, (str, int, type(None))):
        raise BadInputError(f"第 {number} 行的 session 要是文字。")
    return Question(data["id"], whole(data["q"]), "" if session is None else str(session))


def present() -> datetime:
    """The present moment: `XUEBAN_NOW`, or the system's. The settings of the service are not needed for it."""
    fixed = os.environ.get("XUEBAN_NOW", "").strip()
    try:
        return parse_local(fixed) if fixed else datetime.now(UTC)
    except ValueError:
        raise BadInputError("XUEBAN_NOW：要是日期或時間，例如 2025-09-05 或 2025-09-05T14:00。") from None


def whole(text: str) -> str:
    """The text without halves of characters, which JSON and a broken terminal can bring."""
    return text.encode("utf-8", "replace").decode()


def as_data(answer: Answer) -> dict[str, Any]:
    """An answer as the contract has it, without an id."""
    suggestions = answer.suggestions[:MOST_SUGGESTIONS]
    return {
        "status": answer.status.value,
        "answer": answer.text,
        "programme": answer.programme or None,
        "citations": [{"programme": c.programme, "edition": c.edition, "section": c.section} for c in answer.citations],
        "suggestions": [{"title": s.title, "answer": s.answer} for s in suggestions],
    }


def in_words(answer: Answer, answerer: Asks) -> str:
    """An answer for the eye."""
    lines = [f"【{STATUS_WORDS[answer.status]}】{answer.title}", answer.text]
    lines += [f"  {number}. {s.title}" for number, s in enumerate(answer.suggestions, 1)]
    source = source_line(answerer.base, answer.citations, refused=answer.status is Status.REFUSED)
    return "\n".join([*lines, source] if source else lines)


def _dump(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)


def _print(text: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Whatever the locale says; half a surrogate pair, which JSON can carry, must not end the batch.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    print(text, flush=True)
