"""knowledge.clusters: near-duplicate wordings are one question, ranked by how many people asked it."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from knowledge.clusters import Wording, clusters, wording_key

texts = st.text(alphabet="種菜養雞鴨鵝停車嗎嘛可以", min_size=1, max_size=12)


def wording(text: str, *askers: str, **fields: Any) -> Wording:
    return Wording(text, text, **{"programme": "school-garden", "askers": frozenset(askers or ("p",)), **fields})


def test_wordings_of_one_question_are_one_cluster_named_by_the_most_asked() -> None:
    few, many = wording("菜園可以養雞鴨鵝嗎", "a"), wording("菜園可以養雞鴨鵝嘛", "b", "c")
    [only] = clusters([few, many])
    assert (only.text, only.texts, only.key) == (many.text, (many.text, few.text), many.key)


def test_questions_that_only_begin_alike_stay_apart() -> None:
    assert len(clusters([wording("菜園可以養雞嗎"), wording("菜園可以停車嗎")])) == 2


def test_the_same_words_of_another_programme_are_another_question() -> None:
    here, there = wording("可以養雞嗎"), wording("可以養雞嗎", programme="rooftop")
    assert len(clusters([here, there])) == 2
    assert here.key != there.key


def test_somebody_who_puts_it_in_two_ways_is_one_asker() -> None:
    [only] = clusters([wording("菜園可以養雞鴨鵝嗎", "a", "b"), wording("菜園可以養雞鴨鵝嘛", "b", "c")])
    assert only.askers == 3


def test_most_askers_come_first_then_most_dislikes_then_the_newest() -> None:
    asked = [
        wording("種菜", "a"),
        wording("澆水器材", "a", "b", last_asked_at=1),
        wording("除草的人力", "a", "b", last_asked_at=2),
        wording("施肥的方法", "a", "b", disliked=1),
    ]
    assert [each.text for each in clusters(asked)] == ["施肥的方法", "除草的人力", "澆水器材", "種菜"]


def test_what_was_counted_is_added_up() -> None:
    pair = [
        wording("菜園可以養雞鴨鵝嗎", "a", times=2, disliked=1, outdated=1, shown=frozenset({"x"}), last_asked_at=5),
        wording("菜園可以養雞鴨鵝嘛", "b", times=3, disliked=2, shown=frozenset({"y"}), last_asked_at=9),
    ]
    [only] = clusters(pair)
    assert (only.times, only.disliked, only.outdated, only.last_asked_at) == (5, 3, 1, 9)
    assert only.shown == {"x", "y"}


@given(st.lists(st.tuples(texts, st.integers(0, 5)), max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_asking_changes_nothing_and_nothing_is_lost(
    asked: list[tuple[str, int]], chance: random.Random
) -> None:
    wordings = [wording(text, *map(str, range(count + 1))) for text, count in dict(asked).items()]
    found = clusters(wordings)
    assert sorted(w.folded for each in found for w in each.wordings) == sorted(dict(asked))
    chance.shuffle(wordings)
    assert clusters(wordings) == found


def test_a_key_is_of_the_programme_and_the_words_and_of_nothing_else() -> None:
    assert wording("養雞", "a").key == wording("養雞", "b", disliked=3).key == wording_key("school-garden", "養雞")
    assert wording_key("a", "b") != wording_key("", "ab")
