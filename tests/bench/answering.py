"""Accuracy and speed of answering beside plain retrievers on the same base and questions, in one run.

The peers get all wordings of all entries and gaps as documents, without the programme gate and without zones: what
one gets from a library in an afternoon. A gap as the best document counts as not answering.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from knowledge.answering.engine import Answerer
from knowledge.answering.model import Status
from knowledge.loader import load_base
from knowledge.schema import Base, Entry

Ask = Callable[[str], str]
"""From a question to the text that is asserted, empty where nothing is."""

OWN_QUESTIONS = Path(__file__).parent.parent / "knowledge" / "questions"


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what a right answer matches; nothing where the base does not answer it."""

    question: str
    must: tuple[str, ...]

    def hit(self, text: str) -> bool:
        """Whether a text is a right answer."""
        folded = unicodedata.normalize("NFKC", text)
        return bool(text) and all(re.search(unicodedata.normalize("NFKC", must), folded) for must in self.must)


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of asking, and the answer it leads to (empty for a gap)."""

    text: str
    answer: str


def cases(files: Iterable[Path]) -> list[Case]:
    """Single questions of question files; dialogues are left out, because the peers know no conversation."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [Case(row["q"], tuple(row.get("must", ()))) for row in rows if "q" in row]


def wordings(base: Base) -> list[Wording]:
    """All titles and aliases of the base."""
    return [
        Wording(text, item.answer if isinstance(item, Entry) else "")
        for programme in base.programmes
        for item in programme.items
        for text in (item.title, *item.aliases)
    ]


def xueban(base: Base) -> Ask:
    """Our own answering."""
    answerer = Answerer(base)
    answerer.warm()

    def ask(question: str) -> str:
        answer = answerer.answer(question)
        return answer.text if answer.status is Status.ANSWERED else ""

    return ask


def bm25_words(documents: Sequence[Wording]) -> Ask:
    """bm25s over words cut by jieba."""
    import bm25s
    import jieba

    jieba.setLogLevel("ERROR")
    index = bm25s.BM25()
    index.index([list(jieba.cut(d.text)) for d in documents], show_progress=False)

    def ask(question: str) -> str:
        found, scores = index.retrieve([list(jieba.cut(question))], k=1, show_progress=False)
        return documents[int(found[0, 0])].answer if scores[0, 0] > 0 else ""

    return ask


def bm25_characters(documents: Sequence[Wording]) -> Ask:
    """bm25s over characters and their pairs: the yardstick of speed, for it does the same look-up as we do."""
    import bm25s

    def cut(text: str) -> list[str]:
        return [*text, *(a + b for a, b in pairwise(text))]

    index = bm25s.BM25()
    index.index([cut(d.text) for d in documents], show_progress=False)

    def ask(question: str) -> str:
        found, scores = index.retrieve([cut(question)], k=1, show_progress=False)
        return documents[int(found[0, 0])].answer if scores[0, 0] > 0 else ""

    return ask


def tfidf_characters(documents: Sequence[Wording]) -> Ask:
    """scikit-learn's TF-IDF over characters and pairs, nearest by cosine."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    matrix = vectorizer.fit_transform([d.text for d in documents])

    def ask(question: str) -> str:
        scores = (matrix @ vectorizer.transform([question]).T).toarray().ravel()
        best = int(scores.argmax())
        return documents[best].answer if scores[best] > 0 else ""

    return ask


def edit_distance(documents: Sequence[Wording]) -> Ask:
    """rapidfuzz's ratio."""
    from rapidfuzz import fuzz, process

    texts = [d.text for d in documents]

    def ask(question: str) -> str:
        found = process.extractOne(question, texts, scorer=fuzz.ratio)
        return documents[found[2]].answer

    return ask


def accuracy(name: str, ask: Ask, questions: Sequence[Case]) -> str:
    """One row: hit and wrong of those in scope, refusal of those out of it."""
    inside = [(case, ask(case.question)) for case in questions if case.must]
    outside = [ask(case.question) for case in questions if not case.must]
    hit = sum(case.hit(text) for case, text in inside) / len(inside)
    wrong = sum(bool(text) and not case.hit(text) for case, text in inside) / len(inside)
    refusal = sum(not text for text in outside) / len(outside) if outside else float("nan")
    return f"{name:38}{hit:9.1%}{wrong:9.1%}{refusal:9.1%}{len(questions):8d}"


def latency(ask: Ask, questions: Sequence[str]) -> tuple[float, float]:
    """Median and 99th percentile of one question, in milliseconds."""
    for question in questions[:50]:
        ask(question)
    times = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def enlarged(base: Base, size: int) -> Base:
    """A base of `size` synthetic entries in one programme: titles and aliases of real ones, varied by a number word."""
    real = [item for programme in base.programmes for item in programme.entries]
    first = base.programmes[0]
    entries = tuple(
        replace(
            item := real[number % len(real)],
            key=f"synthetic-{number}",
            title=_varied(item.title, number),
            aliases=tuple(_varied(alias, number) for alias in item.aliases[:2]),
        )
        for number in range(size)
    )
    return Base((replace(first, entries=entries, gaps=()),), ())


_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def _varied(text: str, number: int) -> str:
    first, second = divmod(number, len(_STEMS))
    middle = len(text) // 2
    return f"{text[:middle]}{_STEMS[first % len(_STEMS)]}{_STEMS[second]}{text[middle:]}"


def run() -> None:
    """Print both tables."""
    base = load_base()
    shared = Path(os.environ.get("XUEBAN_SHARED", "../shared")) / "eval" / "dev" / "questions"
    sets = {"own": sorted(OWN_QUESTIONS.glob("*.jsonl")), "dev": sorted(shared.glob("*.jsonl"))}
    documents = wordings(base)
    peers: dict[str, Callable[[Sequence[Wording]], Ask]] = {
        "bm25s, jieba words": bm25_words,
        "scikit-learn TF-IDF, characters 1-2": tfidf_characters,
        "rapidfuzz ratio": edit_distance,
    }
    for label, files in sets.items():
        questions = cases(files)
        if not questions:
            print(f"accuracy on {label} questions: not there, left out")
            continue
        print(f"\n{'accuracy, ' + label + ' questions':38}{'hit':>9}{'wrong':>9}{'refusal':>9}{'n':>8}")
        print(accuracy("xueban", xueban(base), questions))
        for name, make in peers.items():
            print(accuracy(name, make(documents), questions))
    _speed(base)


def _speed(base: Base) -> None:
    print(f"\n{'milliseconds a question':38}{'entries':>9}{'p50':>9}{'p99':>9}{'p99 / bm25s':>12}")
    files = sorted(OWN_QUESTIONS.glob("*.jsonl"))
    questions = [case.question for case in cases(files)][:600]
    for size in (0, 10_000, 100_000):
        large = enlarged(base, size) if size else base
        asked = [_varied(question, number) for number, question in enumerate(questions)] if size else questions
        documents = wordings(large)
        peer = latency(bm25_characters(documents), asked)
        own = latency(xueban(large), asked)
        entries = sum(len(p.items) for p in large.programmes)
        print(f"{'bm25s, characters and pairs':38}{entries:9d}{peer[0]:9.2f}{peer[1]:9.2f}{1:12.2f}")
        print(f"{'xueban':38}{entries:9d}{own[0]:9.2f}{own[1]:9.2f}{own[1] / peer[1]:12.2f}")


if __name__ == "__main__":
    run()
