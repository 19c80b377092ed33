"""What curators decided about questions, as a patch of the base: YAML that says which file to change, and how.

    add_aliases:     file -> key of an entry or known gap -> wordings to add to its `aliases`
    new:             file -> what to put into it: `entries` or `gaps`, to be completed first
    unresolved:      decisions whose entry is not in the base any more

What the base holds already is left out, so that a patch shows what is still to be done. Nothing is changed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import yaml

from knowledge.answering.normalise import squash
from knowledge.parsing import ANSWER_LIMIT, TITLE_LIMIT
from knowledge.schema import Base, Programme


class Kind(StrEnum):
    """What is to become of a question."""

    ALIAS = "alias"
    """It asks for what an entry or known gap says: add its wordings there."""
    ENTRY = "entry"
    """The document says it: a new entry."""
    GAP = "gap"
    """The document does not say it: a new known gap."""
    REJECT = "reject"
    """Nothing for the base."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a curator decided."""

    kind: Kind
    programme: str = ""
    """Slug of the programme whose knowledge changes; empty for `REJECT`."""
    ref: str = ""
    """`slug/edition/key` of the entry or gap that an alias is for; of a new one `slug/edition`, until it is `named`."""
    title: str = ""
    """Of a new entry or gap: the question as a person would put it; empty: its first wording."""
    text: str = ""
    """A proposed answer; may be empty."""
    section: str = ""
    """Where that stands, labels as `柒/一/(一)`, several separated by 、; may be empty."""

    def named(self, decision_id: str) -> Verdict:
        """The same with a key of its own for what is new."""
        if self.kind not in (Kind.ENTRY, Kind.GAP) or self.ref.count("/") != 1:
            return self
        key = f"{'gap-' if self.kind is Kind.GAP else ''}asked-{decision_id[:8]}"
        return replace(self, ref=f"{self.ref}/{key}")


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict on the wordings of a question."""

    verdict: Verdict
    wordings: tuple[str, ...]
    """As people wrote them."""


def problems(verdict: Verdict, base: Base) -> list[str]:
    """Why a verdict can't be written down, as sentences for whoever fills in the form; empty where it can."""
    if verdict.kind is Kind.REJECT:
        return []
    if verdict.kind is Kind.ALIAS:
        found = base.find(verdict.ref)
        return [] if found and found[0].slug == verdict.programme else ["請選一條現有的條目。"]
    said = []
    if verdict.ref not in {programme.id for programme in base.programmes if programme.slug == verdict.programme}:
        said.append("請選計畫與年度。")
    for what, text, limit in (("標題", verdict.title, TITLE_LIMIT), ("答案", verdict.text, ANSWER_LIMIT)):
        if len(text) > limit:
            said.append(f"{what}有 {len(text)} 個字，最多 {limit} 個字。")
    return said


def patch(changes: Iterable[Change], base: Base) -> str:
    """The patch as YAML with comments in Chinese; its three parts may be empty."""
    parts = _Parts(base)
    for change in changes:
        parts.take(change)
    return "".join(parts.lines())


class _Parts:
    """Collects changes by the file that they are for."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._aliases: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._new: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        self._unresolved: list[dict[str, Any]] = []
        self._notes: dict[tuple[str, str], str] = {}
        self._taken = {
            programme.id: {squash(words): item.key for item in programme.items for words in (item.title, *item.aliases)}
            for programme in base.programmes
        }

    def take(self, change: Change) -> None:
        verdict = change.verdict
        wordings = _distinct(change.wordings)
        found = self._base.find(verdict.ref)
        if verdict.kind is Kind.REJECT or not wordings:
            return
        if found is not None:
            self._add(verdict.ref, wordings)
        elif verdict.kind is Kind.ALIAS or self._edition(verdict) is None:
            self._unresolved.append({"ref": verdict.ref, "wordings": wordings})
        else:
            self._make(verdict, wordings)

    def _add(self, ref: str, wordings: list[str]) -> None:
        found = self._base.find(ref)
        assert found is not None
        programme, item = found
        taken = self._taken[programme.id]
        for words in wordings:
            owner = taken.get(squash(words))
            if owner == item.key:
                continue
            if owner is not None:
                self._note(item.file, item.key, f"「{words}」已經是 {owner} 的問法，只能留一處")
            taken[squash(words)] = item.key
            self._aliases[item.file][item.key].append(words)
        if item.key in self._aliases.get(item.file, {}):
            self._note(item.file, item.key, f"第 {item.line} 行：{item.title}")

    def _make(self, verdict: Verdict, wordings: list[str]) -> None:
        gap = verdict.kind is Kind.GAP
        programme = self._edition(verdict)
        assert programme is not None
        if all(squash(words) in self._taken[programme.id] for words in wordings):
            return  # it was written down under another key
        folder = f"{_root(self._base)}/programmes/{programme.id}/{'gaps' if gap else 'rules'}"
        sections = [label.strip() for label in verdict.section.replace("\n", "、").split("、") if label.strip()]
        title, *others = [verdict.title, *wordings] if verdict.title else [wordings[0][:TITLE_LIMIT], *wordings]
        item: dict[str, Any] = {"key": verdict.ref.rpartition("/")[2], "title": title, "answer": verdict.text}
        if sections or not gap:
            item["cite"] = sections
        item |= {"topic": [], "aliases": others}
        self._new[f"{folder}/asked.yaml"]["gaps" if gap else "entries"].append(item)

    def _edition(self, verdict: Verdict) -> Programme | None:
        owner = "/".join(verdict.ref.split("/")[:2])
        return next((programme for programme in self._base.programmes if programme.id == owner), None)

    def _note(self, file: str, key: str, words: str) -> None:
        before = self._notes.get((file, key))
        self._notes[file, key] = f"{before}；{words}" if before else words

    def lines(self) -> Iterator[str]:
        yield "# 從沒答好的問題來的修訂。對照原文之後才搬進知識庫，再執行 xueban knowledge lint。\n"
        yield "# 加到現有條目的 aliases：檔案 → 條目 → 問法\n"
        yield from self._alias_lines()
        yield "# 新的條目與缺口：補上空白，搬進同一個資料夾裡主題相近的檔案，或照這個檔名存成新檔\n"
        yield _dump({"new": {file: dict(self._new[file]) for file in sorted(self._new)}})
        if self._unresolved:
            yield "# 這些條目已經不在知識庫裡，請重新決定\n"
            yield _dump({"unresolved": self._unresolved})

    def _alias_lines(self) -> Iterator[str]:
        if not self._aliases:
            yield "add_aliases: {}\n"
            return
        yield "add_aliases:\n"
        for file in sorted(self._aliases):
            yield f"  {file}:\n"
            for key in sorted(self._aliases[file]):
                yield f"    # {_one_line(self._notes[file, key])}\n"
                yield _indent(_dump({key: self._aliases[file][key]}), 4)


def _distinct(wordings: Iterable[str]) -> list[str]:
    """Each once, as it was put first, in one line; without those that have no character that is compared."""
    found: dict[str, str] = {}
    for words in wordings:
        found.setdefault(squash(words), " ".join(words.split()))
    return [words for key, words in found.items() if key]


def _root(base: Base) -> str:
    """The base's own folder, as its files are named."""
    files = (item.file for programme in base.programmes for item in programme.items)
    return next(files, "knowledge/").split("/", 1)[0]


def _dump(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _indent(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}" for line in text.splitlines(keepends=True))


def _one_line(text: str) -> str:
    return " ".join(text.split())
