"""The form in which a curator says what is to become of a question: what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.console.visit import Form
from knowledge.answering.nearest import Nearest
from knowledge.clusters import Cluster
from knowledge.parsing import TITLE_LIMIT
from knowledge.patching import Kind, Verdict, problems
from knowledge.schema import Base, Programme
from knowledge.triage import what_to_do

SECTION_LIMIT = 200
KINDS = {
    Kind.ALIAS: ("加到現有的條目", "條目已經說了，只是沒認出這種問法。"),
    Kind.ENTRY: ("新增一條", "文件有寫，知識庫還沒有。"),
    Kind.GAP: ("記成文件沒有寫", "文件沒有寫：以後老實說沒有，並說該問誰。"),
    Kind.REJECT: ("不處理", "和計畫無關，以後不再列出來。"),
}
"""What may be done, and when to choose it."""
NOTHING_TICKED = "請至少勾一種問法。"
NO_KIND = "請選要怎麼處理。"
NOT_YOURS = "請選您的計畫裡的條目或年度。"


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form."""

    ticked: frozenset[str] = frozenset()
    """Keys of wordings."""
    kind: str = ""
    ref: str = ""
    """Of the entry that is chosen."""
    edition: str = ""
    """`slug/edition` of what is new."""
    title: str = ""
    text: str = ""
    section: str = ""

    @property
    def verdict(self) -> Verdict | None:
        """What it asks for; None where no kind is chosen."""
        if self.kind not in KINDS:
            return None
        kind = Kind(self.kind)
        if kind is Kind.REJECT:
            return Verdict(kind)
        if kind is Kind.ALIAS:
            return Verdict(kind, self.ref.partition("/")[0], self.ref)
        return Verdict(kind, self.edition.partition("/")[0], self.edition, self.title, self.text, self.section)


def read(form: Form) -> Draft:
    """What was sent."""
    title, text = " ".join(form.get("title").split()), form.get("text").replace("\r\n", "\n")
    return Draft(
        ticked=frozenset(form.all("wording")), kind=form.get("kind"), ref=form.get("ref"),
        edition=form.get("edition"), title=title, text=text, section=form.get("section"),
    )  # fmt: skip


def proposed(cluster: Cluster, nearest: Nearest | None, edition: str) -> Draft:
    """What most probably mends it, for a form that nobody has touched yet."""
    kind = what_to_do(cluster, nearest)
    ref = nearest.ref if nearest and kind == Kind.ALIAS else ""
    title = " ".join(cluster.text.split())[:TITLE_LIMIT]
    return Draft(frozenset(each.key for each in cluster.wordings), kind, ref, edition, title)


def mistakes(draft: Draft, base: Base, programmes: Collection[str], wordings: int) -> list[str]:
    """Why it can't be stored, as sentences.

    Args:
        programmes: those whose knowledge the curator may change.
        wordings: how many that are still open are ticked.
    """
    said = [] if wordings else [NOTHING_TICKED]
    verdict = draft.verdict
    if verdict is None:
        return [*said, NO_KIND]
    said += problems(verdict, base)
    if verdict.programme and verdict.programme not in programmes and not said:
        said.append(NOT_YOURS)
    if len(verdict.section) > SECTION_LIMIT:
        said.append(f"出處有 {len(verdict.section)} 個字，最多 {SECTION_LIMIT} 個字。")
    return said


def sections(programme: Programme) -> list[str]:
    """The sections of the source that are known, with those around them, in the order of the entries."""
    return list(dict.fromkeys(_all_of(programme)))


def _all_of(programme: Programme) -> Iterator[str]:
    for item in programme.items:
        for path in item.cite:
            labels = path.split("/")
            yield from ("/".join(labels[:depth]) for depth in range(1, len(labels) + 1))
