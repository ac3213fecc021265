"""Where to build, at the size of a large city: time, memory and gap, greedy beside the exact answer.

    python benchmarks/siting.py --communities 3000 --sites 20000 --choose 50 --seconds 120

Communities stand in a square of one every 0.5 km2, with 4,000 people at points every 150 m; half of them have a room for some hundred
people; sites lie anywhere, for 300 to 2,000 people each (`--most`: with 6,000 what lies within reach is fewer). Everything comes from the
number of the draw: the same for the same options.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from planning_check.siting.choice import ORDERS, Problem, choose
from planning_check.siting.reach import places_within

_AREA_M2, _PEOPLE, _SPACING_M, _REACH_M = 500_000, 4_000, 150, 300


def drawn(communities: int, sites: int, choose_at_most: int, budget_yuan: int | None, most: int = 2_000, seed: int = 1) -> Problem:
    """An invented city of this size."""
    draw = np.random.default_rng(seed)
    side = np.sqrt(communities * _AREA_M2)
    steps = np.arange(_SPACING_M / 2, side, _SPACING_M)
    points = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)
    weight = draw.uniform(0.2, 1.8, len(points))
    people = np.floor(weight / weight.sum() * communities * _PEOPLE).astype(np.int64)
    present = places_within(points, draw.uniform(0, side, (communities // 2, 2)), draw.integers(200, 900, communities // 2), _REACH_M)
    dm2 = draw.integers(15_000, 75_000, sites)
    new = places_within(points, draw.uniform(0, side, (sites, 2)), draw.integers(300, most, sites), _REACH_M)
    fen = dm2 * draw.choice([800, 1_200, 3_500], sites)
    return Problem(people, present, new, fen, dm2, choose_at_most, None if budget_yuan is None else budget_yuan * 100)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--communities", type=int, default=3_000)
    asked.add_argument("--sites", type=int, default=20_000)
    asked.add_argument("--choose", type=int, default=50)
    asked.add_argument("--budget", type=int, default=None)
    asked.add_argument("--most", type=int, default=2_000, help="people whom the largest site serves")
    asked.add_argument("--seconds", type=float, default=120)
    options = asked.parse_args()
    problem = drawn(options.communities, options.sites, options.choose, options.budget, options.most)
    pairs = len(problem.sites.points) + len(problem.present.points)
    print(f"{len(problem.people):,} points, {len(problem.sites):,} sites, {pairs:,} pairs within {_REACH_M} m")
    begun, worked = time.perf_counter(), time.process_time()
    answer = choose(problem, options.seconds)
    took, cpu = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{took:.0f} s ({cpu:.0f} s of the processor), {peak:,.0f} MB at the peak")
    print(f"served now {answer.served_now:,}; newly {answer.best.people:,}, at most {answer.bound:,}: gap {answer.gap:.2%}, "
          f"{'proven' if answer.is_proven else 'not proven'}{', from the greedy answer' if answer.from_greedy else ''}")  # fmt: skip
    for order in ORDERS:
        print(f"greedy by {order}: {answer.greedy[order].people:,} newly")


if __name__ == "__main__":
    main()
