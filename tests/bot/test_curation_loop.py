"""From a question to knowledge: refused, decided about, written down, deployed, and the asker told once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

import knowledge
from bot.channels.web import WebChannel
from bot.clock import ShiftedClock, epoch_ms
from bot.inbox.worker import Worker
from bot.messages import Message, Outgoing
from bot.reminding import make_teller
from bot.store import curation, inbox
from bot.store.access import unlimited
from bot.store.database import Database
from bot.store.inbox import NewEvent
from bot.store.tables import outbox
from handlers.checklist.checklists import Checklists
from handlers.router import Router
from knowledge.answering.engine import Answerer
from knowledge.answering.nearest import Nearby
from knowledge.lint import lint
from knowledge.loader import load_base
from knowledge.patching import Kind, Verdict, patch
from knowledge.schema import Base

QUESTION = "均質化開幕式要放煙火嗎"
ANN = "a" * 32


async def ask(database: Database, clock: ShiftedClock, base: Base, text: str) -> str:
    """What the chat page says to a question."""
    at = epoch_ms(clock.now())
    event = {"id": f"e{at}", "session": ANN, "text": text, "at": at}
    new = NewEvent("web", f"e{at}", ANN, ANN, False, f"e{at}", event, at)
    router = Router(Answerer(base, []), checklists=Checklists(load_base()))
    async with database.write() as tx:
        await inbox.store(tx, [new], at)
    assert await Worker(database, {"web": WebChannel()}, router, clock, on_outgoing=lambda: None).step()
    return (await messages(database))[-1]


async def messages(database: Database) -> list[str]:
    """All that was said, the oldest first."""
    async with database.read() as tx:
        rows = await tx.execute(select(outbox.c.payload).order_by(outbox.c.seq))
        return [message["text"] for payload in rows.scalars() for message in payload["messages"]]


def copy_of_the_base(root: Path) -> Path:
    """The knowledge folder, to be edited."""
    package = Path(knowledge.__file__).parent
    shutil.copytree(package / "programmes", root / "programmes")
    shutil.copy(package / "other_programmes.yaml", root)
    return root


def apply(text: str, root: Path) -> None:
    """Do what a curator does with a patch that adds aliases."""
    for file, keys in yaml.safe_load(text)["add_aliases"].items():
        path = root.parent / file
        content: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text("utf-8"))
        for item in next(iter(content.values())):
            item["aliases"] += keys.get(item["key"], [])
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


class DiedError(BaseException):
    """The process is gone."""


class DyingWeb(WebChannel):
    """A page in a replica that dies while it draws."""

    def render_push(self, address: str, messages: Sequence[Message]) -> Outgoing:
        raise DiedError


async def test_from_a_refusal_to_telling_the_asker_once(
    database: Database, clock: ShiftedClock, tmp_path: Path
) -> None:
    root = copy_of_the_base(tmp_path / "knowledge")
    before = load_base(root)
    assert "查不到" in await ask(database, clock, before, QUESTION)

    nearby = Nearby(Answerer(before, []))
    async with database.write() as tx:
        [cluster] = await curation.open_clusters(tx, unlimited())
        assert (cluster.text, cluster.askers, cluster.programme) == (QUESTION, 1, "equalization")
        ref = nearby.several(cluster.text, 5, cluster.programme)[0].ref
        keys = [wording.key for wording in cluster.wordings]
        verdict = Verdict(Kind.ALIAS, cluster.programme, ref)
        assert await curation.decide(tx, unlimited(), keys, verdict, epoch_ms(clock.now())) is not None
        assert await curation.open_clusters(tx, unlimited()) == []
        decided = await curation.decisions(tx, unlimited())

    clock.move_to(clock.now() + timedelta(days=1))
    assert await make_teller(before).tick(database, clock.now()) == 0

    apply(patch((each.change for each in decided), before), root)
    after = load_base(root)
    assert lint(after, root=root) == []
    assert yaml.safe_load(patch((each.change for each in decided), after))["add_aliases"] == {}

    with pytest.raises(DiedError):
        await make_teller(after, [DyingWeb()]).tick(database, clock.now())
    assert len(await messages(database)) == 1
    replicas = [make_teller(after), make_teller(after)]
    assert sum(await asyncio.gather(*(each.tick(database, clock.now()) for each in replicas))) == 1
    clock.move_to(clock.now() + timedelta(hours=1))
    assert sum(await asyncio.gather(*(each.tick(database, clock.now()) for each in replicas))) == 0

    found = after.find(ref)
    assert found is not None
    _, told = await messages(database)
    assert told.startswith(f"您 11/20 問的「{QUESTION}」")
    assert found[1].answer in told
    assert found[1].answer in await ask(database, clock, after, QUESTION)
