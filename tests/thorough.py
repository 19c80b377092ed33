"""How many examples a property is tried on: few in `make test`, many in `make torture`."""

from __future__ import annotations

import os

FACTOR = int(os.environ.get("XUEBAN_EXAMPLES", "1"))


def examples(count: int) -> int:
    """`count`, or as many times that as XUEBAN_EXAMPLES says."""
    return count * FACTOR
