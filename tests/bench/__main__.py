"""`make bench`: every benchmark, each a table of ratios against its named peers in the same run.

`python -m tests.bench NAME …` runs some of them.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping

from tests.bench import (
    answering,
    draining,
    eligibility,
    load_busy,
    load_replicas,
    load_report,
    progress,
    records,
    reminders,
    sending,
    turns,
    webhooks,
    year,
)

PARTS: Mapping[str, Callable[[], object]] = {
    "answering": answering.run,
    "eligibility": eligibility.run,
    "turns": lambda: turns.show(turns.turns(turns.SCRIPT)),
    "records": lambda: records.show(records.run()),
    "progress": lambda: progress.show(progress.run()),
    "year": lambda: year.show(year.run()),
    "reminders": lambda: reminders.show(reminders.run()),
    "sending": lambda: sending.show(sending.run()),
    "draining": lambda: draining.show(draining.run()),
    "webhooks": lambda: webhooks.show(webhooks.run()),
    "load": lambda: load_report.show(load_busy.run()),
    "replicas": lambda: load_replicas.show(load_replicas.run()),
}


def main() -> None:
    """Run them one after the other, since they share the processors; all, or those named."""
    names = sys.argv[1:] or list(PARTS)
    if unknown := set(names) - set(PARTS):
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    begun = time.monotonic()
    for name in names:
        load, start = os.getloadavg()[0], time.monotonic()
        PARTS[name]()
        print(f"[{name}: {time.monotonic() - start:.0f} s, load of the machine before {load:.1f}]\n", flush=True)
    print(f"{len(names)} parts in {(time.monotonic() - begun) / 60:.1f} min on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
