"""Measure the results morning (issue 6, F34) and say whether its targets were met.

    python -m bench.morning postgres://postgres@127.0.0.1:5432/postgres --redis redis://127.0.0.1:6379/1

Makes a database beside the one named, starts gunicorn with two workers and nginx as docker-compose.yml does, and lets people come: 300 in a minute
who then read ten pages each, then 960 in a minute. Every browser is fresh, every hash of production's cost, every wait counted from the moment it was due.
Ends with 1 when a target was missed. `--quick` plays a twentieth.
"""

import argparse
import sys
from typing import Any, Final

from bench.morning.morning import Morning, Plan, play
from bench.morning.run import opened
from bench.morning.stack import Stack
from bench.morning.weighing import Scales

TARGETS: Final = {"300 in 60 s, then 10 reads each": 0.3, "960 in 60 s": 1.0}
"""Seconds of a whole sign-in at the 95th of 100 (issue 6)."""
MEMORY: Final = 1024 * 1024
"""Kilobytes of all web processes together (F34)."""


def main() -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description="The results morning")
    asked.add_argument("server")
    asked.add_argument("--redis", default="redis://127.0.0.1:6379/1")
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--reads-960", type=int, default=0, help="pages that the 960 read as well")
    wanted = asked.parse_args()
    part = 20 if wanted.quick else 1
    first, second = Plan(300 // part, 60 / part, 10), Plan(960 // part, 60 / part, wanted.reads_960)
    good = True
    with Stack(wanted.server, wanted.redis) as stack:
        people = opened(stack, first.people + second.people, warm=8)
        for (name, target), plan in zip(TARGETS.items(), (first, second), strict=True):
            some, people = people[: plan.people], people[plan.people :]
            with Scales(stack.processes["web"].pid, stack.processes["proxy"].pid, stack.name) as scales:
                morning = play(stack.port, some, plan)
            good &= _report(name, target, plan, morning, scales, stack.logs())
    return int(not good)


def _report(name: str, target: float, plan: Plan, morning: Morning, scales: Scales, logs: str) -> bool:
    seconds = sorted(morning.sign_ins)
    reads = sorted(one for some in morning.reads.values() for one in some)
    print(f"\n{name}: {len(seconds)} of {plan.people} signed in, {len(reads)} reads of {plan.people * plan.reads}")
    print(f"  {'':34} {'p50':>7} {'p95':>7} {'max':>7}  s")
    rows: list[tuple[str, list[float]]] = [("whole sign-in", seconds), *((f"  {one}", some) for one, some in morning.steps.items())]
    for title, some in [*rows, ("reads", reads), *((f"  {page}", some) for page, some in morning.reads.items())]:
        if some:
            print(f"  {title:34} {at(some, 0.5):7.3f} {at(some, 0.95):7.3f} {max(some):7.3f}")
    spent = scales.spent()
    said = ", ".join(f"{kind} {spent.get(kind, 0.0):.1f}" for kind in ("web", "database", "proxy", "load"))
    print(f"  processor seconds in {scales.seconds:.0f} s: {said}; the load began a visit at most {morning.late * 1000:.0f} ms late")
    verdicts = {
        f"p95 of a sign-in {at(seconds, 0.95):.3f} s (at most {target})": bool(seconds) and at(seconds, 0.95) <= target,
        f"failures {len(morning.failures)} (0)": not morning.failures and len(seconds) == plan.people,
        f"web processes {scales.pss // 1024} MiB PSS, {scales.rss // 1024} MiB RSS (under 1024)": 0 < scales.rss < MEMORY,
    }
    for said, met in verdicts.items():
        print(f"  {'met   ' if met else 'MISSED'} {said}")
    for failure in sorted(set(morning.failures))[:10]:
        print(f"         {failure}")
    if morning.failures:
        print(logs[-3000:])
    return all(verdicts.values())


def at(values: list[float], part: float) -> float:
    """Return the value that this part of the values does not exceed."""
    ranked: list[Any] = sorted(values)
    return float(ranked[min(len(ranked) - 1, int(len(ranked) * part))]) if ranked else 0.0


if __name__ == "__main__":
    sys.exit(main())
