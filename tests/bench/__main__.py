"""`make bench`: every benchmark, each a table of ratios against its named peers in the same run."""

from __future__ import annotations

from tests.bench import answering, draining, eligibility, progress, records, reminders, sending, turns, webhooks, year


def main() -> None:
    """Run them one after the other: they share two cores."""
    answering.run()
    eligibility.run()
    turns.show(turns.turns(turns.SCRIPT))
    records.show(records.run())
    progress.show(progress.run())
    year.show(year.run())
    reminders.show(reminders.run())
    sending.show(sending.run())
    draining.show(draining.run())
    webhooks.show(webhooks.run())


if __name__ == "__main__":
    main()
