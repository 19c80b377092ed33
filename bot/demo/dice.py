"""Chance that comes out the same each time."""

from __future__ import annotations

import random
import uuid

NAMESPACE = uuid.UUID("0b1f4c1e-7a55-5a43-9b0e-2f2f4d3c9a10")


def dice(seed: int, *of: object) -> random.Random:
    """Dice of their own for each thing, so that one more school does not change the others."""
    return random.Random(":".join(map(str, (seed, *of))))  # nosec B311 # noqa: S311 - nothing secret hangs on a demo


def number(seed: int, *of: object) -> str:
    """32 hex digits that are the same each time."""
    return uuid.uuid5(NAMESPACE, ":".join(map(str, (seed, *of)))).hex
