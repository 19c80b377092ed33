"""Forms that people fill in: each person's own, as they were left."""

from dataclasses import replace

from bot.store import runs
from bot.store.database import Database
from bot.store.runs import FINISHED, Run
from tests.bot.store.school_house import NOW, person


def run(key: str, who: str = "ann", *, form: str = "checklist", programme: str = "equalization") -> Run:
    return Run(key, who, form, programme, "111", fingerprint="f", touched_by=f"web:{who}")


async def test_a_run_is_found_again_as_it_was_left(database: Database) -> None:
    full = replace(
        run("r1"), answers={"level": "senior_high", "count": 3}, unsure=("mode",), order=("level", "count", "mode"),
        asked="count", picked=("a",), go_on=True, outcome="eligible", state=FINISHED,
    )  # fmt: skip
    async with database.write() as tx:
        await person(tx, "ann")
        assert await runs.save(tx, full, NOW) == 1
    async with database.write() as tx:
        found = await runs.get(tx, "r1", "ann")
        assert found == replace(full, revision=1, created_at=NOW, updated_at=NOW)
        assert await runs.save(tx, replace(found, asked=""), NOW + 5) == 2
        assert await runs.get(tx, "r1", "ann") == replace(found, asked="", revision=2, updated_at=NOW + 5)


async def test_another_persons_run_is_as_if_it_were_not_there(database: Database) -> None:
    async with database.write() as tx:
        for who in ("ann", "bob"):
            await person(tx, who)
        await runs.save(tx, run("r1"), NOW)
        assert await runs.get(tx, "r1", "bob") is None
        await runs.save(tx, replace(run("r1", "bob"), revision=1, asked="stolen"), NOW)
        kept = await runs.get(tx, "r1", "ann")
        assert kept is not None
        assert (kept.asked, kept.revision) == ("", 1)
        assert await runs.of_person(tx, "bob") == []
        assert await runs.forget_of(tx, "bob") == 0
        assert await runs.forget_of(tx, "ann") == 1


async def test_runs_are_listed_the_last_changed_first_and_by_what_is_asked_for(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        await runs.save(tx, run("old"), NOW)
        await runs.save(tx, run("new", programme="mobile-learning"), NOW + 2)
        await runs.save(tx, replace(run("done", form="survey"), state=FINISHED), NOW + 1)

        async def keys(**wanted: str) -> list[str]:
            return [each.id for each in await runs.of_person(tx, "ann", **wanted)]  # type: ignore[arg-type]

        assert await keys() == ["new", "done", "old"]
        assert await keys(state=FINISHED) == ["done"]
        assert await keys(programme="equalization") == ["done", "old"]
        assert await keys(form="survey", state="open") == []
        assert [each.id for each in await runs.of_person(tx, "ann", limit=1)] == ["new"]


def test_ids_are_short_and_not_the_same() -> None:
    made = {runs.new_id() for _ in range(100)}
    assert len(made) == 100
    assert all(len(each) <= 16 for each in made)
