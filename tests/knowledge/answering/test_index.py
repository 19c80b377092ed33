"""The index finds by wordings first, by answers faintly, and at a cost that does not grow with its size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.index import BUDGET, Document, Index

TOKENS = st.frozensets(st.sampled_from("abcdefgh"), max_size=5)
DOCUMENTS = st.lists(st.builds(Document, st.tuples(TOKENS, TOKENS), TOKENS), min_size=1, max_size=20)


def document(*wordings: str, answer: str = "") -> Document:
    return Document(tuple(map(frozenset, wordings)), frozenset(answer))


def plain(tokens: str) -> dict[str, float]:
    return dict.fromkeys(tokens, 1.0)


def test_a_token_that_more_wordings_hold_counts_more() -> None:
    index = Index.build([document("ab", "ac", "ad"), document("ab", "xy", "zw")])
    assert index.strength("a", 0) > index.strength("a", 1) > 0


def test_an_answer_is_found_but_more_faintly_than_a_wording() -> None:
    index = Index.build([document("ab", answer="cd"), document("cd", answer="ab")])
    assert [hit.document for hit in index.search(plain("cd"))] == [1, 0]


def test_a_token_never_seen_lowers_the_share() -> None:
    index = Index.build([document("ab"), document("cd")])
    assert index.search(plain("ab"))[0].score > index.search(plain("abz"))[0].score > 0


def test_a_question_of_unknown_tokens_finds_nothing() -> None:
    assert Index.build([document("ab")]).search(plain("xyz")) == []
    assert Index.build([document("ab")]).search({}) == []


def test_context_counts_less_than_what_was_asked() -> None:
    index = Index.build([document("ab"), document("cd")])
    assert index.search({"a": 1.0, "c": 0.3})[0].document == 0


def test_common_tokens_past_the_budget_still_count_for_the_candidates() -> None:
    rare = document("cr")
    many = [document("c") for _ in range(BUDGET + 10)]
    index = Index.build([rare, *many])
    hits = index.search(plain("cr"))
    assert hits[0].document == 0
    assert len(hits) == 1, "the common token alone brings no candidates once the rare one has"


@given(DOCUMENTS, TOKENS)
def test_search_agrees_with_scoring_each_document(documents: list[Document], tokens: frozenset[str]) -> None:
    index = Index.build(documents)
    query = dict.fromkeys(tokens, 1.0)
    hits = index.search(query, limit=len(documents))
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(abs(h.score - index.score(query, h.document)) < 1e-9 for h in hits)
    assert {h.document for h in hits} == {n for n in range(len(documents)) if index.score(query, n) > 0}
