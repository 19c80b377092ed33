"""What curators decided lately: one question is nothing for the base, one is a known gap; the others wait."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.demo.people import Person
from bot.demo.questions import NOT_KNOWN
from bot.demo.schools import DISTANCE
from bot.store import console_log, curation
from knowledge.patching import Kind, Verdict

REJECTED, GAP = NOT_KNOWN[-1], NOT_KNOWN[-2]
SAYS = "示範資料：文件沒有寫。請洽承辦單位。"


async def curate(tx: AsyncConnection, admin: Person, edition: str, now: int) -> None:
    """Decide about what is there of the two. `now` in epoch milliseconds."""
    gap = Verdict(Kind.GAP, DISTANCE, f"{DISTANCE}/{edition}", title=f"{GAP}？", text=SAYS)
    for text, verdict in ((REJECTED, Verdict(Kind.REJECT)), (GAP, gap)):
        waiting = [each for each in await curation.wordings(tx, admin.scope) if each.text == text]
        made = await curation.decide(tx, admin.scope, [each.key for each in waiting], verdict, now)
        if made is not None:
            await console_log.note(
                tx, admin.scope.person, "decide", now, programme=verdict.programme, subject=f"decision:{made.id}",
                data={"kind": verdict.kind.value},
            )  # fmt: skip
