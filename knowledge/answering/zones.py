"""The three zones: one answer asserted, suggestions that assert nothing, or an honest refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from knowledge.answering import wording
from knowledge.answering.model import Answer, Citation, Status, Suggestion
from knowledge.answering.ranking import Candidate
from knowledge.schema import Entry, Gap, Programme

ASSERT_AT = 0.7
"""Probability from which one answer is asserted."""
ASSERT_BESIDE_GAP_AT = 0.62
"""The same where a known gap is next: a rule and a gap can't be given side by side."""
ASSERT_BOTH_AT = 0.45
"""Sum of the two best of one programme from which both are given, each under its title."""
REFUSE_BELOW = 0.12
"""Below this nothing is worth suggesting."""
FLOOR = 7.0
OPEN_FLOOR = 9.0
"""Likeness below which nothing is asserted however small the rest; the second where no programme is named."""
SUGGESTIONS = 3
AMBIGUOUS_LIKENESS = 15.0
AMBIGUOUS_MARGIN = 5.0
"""Another programme with a candidate of this likeness, this little behind, could be meant as well: ask which."""


def which_programme(ranked: Sequence[Candidate]) -> Answer | None:
    """Where several programmes answer the question equally well: which one is meant? None where one stands out."""
    best: dict[str, Candidate] = {}
    for candidate in sorted(ranked, key=lambda c: -c.likeness):
        best.setdefault(candidate.shelf.programme.slug, candidate)
    top = max((c.likeness for c in best.values()), default=0.0)
    likely = [c for c in best.values() if c.likeness >= max(AMBIGUOUS_LIKENESS, top - AMBIGUOUS_MARGIN)]
    if len(likely) < 2:
        return None
    suggestions = tuple(_suggestion(c, by_programme=True) for c in likely)
    return Answer(Status.UNSURE, wording.WHICH_PROGRAMME, suggestions=suggestions)


def decide(ranked: Sequence[Candidate], today: date, *, is_open: bool) -> Answer | None:
    """What may be said of the candidates, the most probable first; None where none is worth naming.

    `is_open`: nothing says which programme is meant, so that a stray likeness is likelier.
    """
    if not ranked or ranked[0].probability < REFUSE_BELOW:
        return None
    best = ranked[0]
    if best.score < (OPEN_FLOOR if is_open else FLOOR):
        return None if is_open else _suggest(ranked)
    beside_gap = len(ranked) > 1 and ranked[1].is_gap
    if best.probability >= (ASSERT_BESIDE_GAP_AT if beside_gap else ASSERT_AT):
        return assertion(best.shelf.programme, best.shelf.items[best.number], today)
    return _both(ranked, today) or _suggest(ranked)


def assertion(programme: Programme, item: Entry | Gap, today: date) -> Answer:
    """What an entry says, with its source; what a gap says is a refusal."""
    citations = tuple(Citation(programme.slug, programme.edition, section) for section in item.cite)
    gap = isinstance(item, Gap)
    note = wording.lapsed_note(item, today, room=wording.LONGEST_ANSWER - len(item.answer))
    if not note and not gap:
        note = wording.past_note(programme, item.answer, today)
    return Answer(
        Status.REFUSED if gap else Status.ANSWERED,
        item.answer + note,
        programme.slug,
        programme.edition,
        programme.ref(item),
        item.title,
        citations,
    )


def _both(ranked: Sequence[Candidate], today: date) -> Answer | None:
    """The two best rules of one programme together, where both are short and little else is possible."""
    if len(ranked) < 2 or ranked[0].shelf is not ranked[1].shelf:
        return None
    if ranked[0].probability + ranked[1].probability < ASSERT_BOTH_AT:
        return None
    shelf = ranked[0].shelf
    items = [item for c in ranked[:2] if isinstance(item := shelf.items[c.number], Entry)]
    text = wording.both(items, today) if len(items) == 2 else ""
    if not text:
        return None
    text += wording.past_note(shelf.programme, text, today)
    answers = [assertion(shelf.programme, item, today) for item in items]
    citations = tuple(dict.fromkeys(c for answer in answers for c in answer.citations))
    return replace(answers[0], text=text, title="", citations=citations)  # each part stands under its own title


def _suggest(ranked: Sequence[Candidate]) -> Answer | None:
    rules = [c for c in ranked if not c.is_gap][:SUGGESTIONS]
    if not rules:
        return None
    slugs = {c.shelf.programme.slug for c in rules}
    suggestions = tuple(_suggestion(c, by_programme=len(slugs) > 1) for c in rules)
    programme = slugs.pop() if len(slugs) == 1 else ""
    text = wording.WHICH_ENTRY if len(suggestions) > 1 else wording.THIS_ENTRY
    return Answer(Status.UNSURE, text, programme, suggestions=suggestions)


def _suggestion(candidate: Candidate, *, by_programme: bool) -> Suggestion:
    programme, item = candidate.shelf.programme, candidate.shelf.items[candidate.number]
    if not by_programme:
        return Suggestion(candidate.ref, item.title, item.answer)
    return Suggestion(candidate.ref, f"{programme.short_name}：{item.title}", item.answer)
