"""
Count what is lost or doubled when the bot is killed with -9: python -m bench.kills [--kills 50] [--seed 1] [--together]

A tutor and two students live through whole lessons while the bot is killed at drawn moments and started again.
`lost`: somebody was told something that is not in the database. A notice is `doubled` when the kill fell between
sending it and writing down that it was sent; doubled without such a kill it would be a fault, as is anything lost.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.e2e.kills import Moment, Report, killed_on_the_way
from tests.e2e.processes import Tutorbot

LAST = 40  # lines of what the processes said, where a person was not answered


async def main(*, kills: int, seed: int, apart: bool) -> int:
    with tempfile.TemporaryDirectory() as folder:
        tutorbot = Tutorbot(Path(folder))
        try:
            report = await killed_on_the_way(tutorbot, apart=apart, kills=kills, seed=seed)
        except AssertionError:
            print(*tutorbot.said()[-LAST:], sep="\n")
            raise
        finally:
            await tutorbot.kill_all()
    return tell(report)


def tell(report: Report) -> int:
    """Print the table; return the exit status."""
    rows = [
        *((f"kills {moment.value}", report.kills[moment]) for moment in Moment),
        ("kills", sum(report.kills.values())),
        ("answers seen", report.answers),
        ("lost", len(report.lost)),
        ("notices and reminders", report.notices),
        ("doubled by a kill", report.doubled - len(report.doubled_without_a_kill)),
        ("doubled without a kill", len(report.doubled_without_a_kill)),
    ]
    for name, count in rows:
        print(f"{name:<40}{count:>6}")
    for fault in (*report.lost, *report.doubled_without_a_kill):
        print("  ", fault)
    return 1 if report.lost or report.doubled_without_a_kill else 0


if __name__ == "__main__":
    given = argparse.ArgumentParser(description="Kill the bot on the way.")
    given.add_argument("--kills", type=int, default=50)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--together", action="store_true", help="bot and sandbox in one process")
    chosen = given.parse_args()
    sys.exit(asyncio.run(main(kills=chosen.kills, seed=chosen.seed, apart=not chosen.together)))
