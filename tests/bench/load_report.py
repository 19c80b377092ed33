"""What came of the load beside what was asked for, in words and figures; see `load_busy`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.load_open import Seen, percentile

SECONDS = int(os.environ.get("XUEBAN_BENCH_SECONDS", "120"))
PER_SECOND = 50
TARGET_MS = 100
"""Of the 99th percentile."""
FLAT_MB_A_MINUTE = 5.0
"""Less than two kilobytes for each webhook; the allocator's own steps are of a megabyte or two."""


@dataclass(frozen=True, slots=True)
class Memory:
    """MB of resident set of one process; `slope` in MB a minute once it has settled."""

    name: str
    start: float
    end: float
    peak: float
    slope: float


@dataclass(frozen=True, slots=True)
class Busy:
    """One run. Times in milliseconds."""

    name: str
    seen: Seen
    lags: Sequence[float]
    """From each message to its reply, sorted."""
    pushes: int
    """Reminders, and replies whose token was over."""
    left: int
    """Events without their answer, or answers that were not sent, when the wait for them was over."""
    failed: int
    """Events and deliveries that went wrong."""
    complaints: Sequence[str]
    """What the service wrote at level error."""
    pages: Sequence[tuple[float, str]]
    """Each page of the console: how long it took, from the intended moment, and its address."""
    bad_pages: int
    memory: Sequence[Memory]
    cpu: Sequence[tuple[str, float]]
    """Of one core, by process."""
    load: tuple[float, float]
    """Average of the machine before and after."""


def show(found: Sequence[Busy]) -> None:
    """Print what came of each."""
    for each in found:
        seen, late = each.seen, [percentile(each.lags, share) for share in (0.5, 0.99)]
        marks = [word for is_bad, word in _faults(each) if is_bad]
        print(
            f"Load on PostgreSQL, {each.name}: {PER_SECOND}/s for {SECONDS} s, {os.cpu_count()} cores,"
            f" load {each.load[0]:.1f} before, {each.load[1]:.1f} after{''.join(f'  {word}' for word in marks)}"
        )
        print(
            f"  webhooks  {seen.sent:,} sent, {seen.per_second:.1f}/s answered, {seen.bad} bad; the 200 in ms:"
            f" p50 {seen.p50:.1f}, p95 {seen.p95:.1f}, p99 {seen.p99:.1f}, longest {seen.longest:.1f}"
        )
        print(
            f"  replies   {len(each.lags):,} sent, lag in ms: p50 {late[0]:.0f}, p99 {late[1]:.0f};"
            f" {each.pushes:,} pushes (reminders, and replies too late for their token); {each.left} left,"
            f" {each.failed} failed, {len(each.complaints)} errors in the log"
        )
        times = [ms for ms, _ in each.pages]
        print(
            f"  console   {len(times)} pages, {each.bad_pages} bad, ms: p50 {percentile(times, 0.5):.0f},"
            f" p99 {percentile(times, 0.99):.0f}, longest {times[-1]:.0f} ({each.pages[-1][1]})"
        )
        for memory, (_, cpu) in zip(each.memory, each.cpu, strict=True):
            print(
                f"  {memory.name:22} MB at start {memory.start:.0f}, end {memory.end:.0f}, peak {memory.peak:.0f},"
                f" slope {memory.slope:+.1f} MB/min (flat: ≤ {FLAT_MB_A_MINUTE:.0f}); {cpu:.2f} cores"
            )
        for complaint in each.complaints[:5]:
            print(f"  {complaint}")


def _faults(each: Busy) -> list[tuple[bool, str]]:
    return [
        (each.seen.p99 > TARGET_MS, f"p99 above {TARGET_MS} ms"),
        (bool(each.seen.bad or each.bad_pages or each.failed or each.complaints), "errors"),
        (bool(each.left), "not all answered"),
        (any(memory.slope > FLAT_MB_A_MINUTE for memory in each.memory), "memory grows"),
    ]
