"""A province: what a shard costs of itself, what a second worker gains, how long the merge takes; and from it an estimate for a large one.

    python benchmarks/province.py                                       # 6 cities of 3,000 projects
    python benchmarks/province.py --cities 20 --projects 20000 --plain 4

Everything is typed as a person would, on invented cities (``synthetic.py``) without a map. Figures are processor seconds, those of all
processes that a command begins, beside seconds by the clock; read the ratios. ``--plain``: of how many of the cities the plain loop is held
beside two workers; the workers then go on with the rest.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import synthetic

_SMALL_CITIES, _SMALL_PROJECTS = 6, 200
_LARGE = (120, 30_000, 8)  # cities, projects, workers: what is estimated


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, processor seconds, and the peak of the largest process that any command began up to then, in MB."""

    seconds: float
    cpu: float
    peak_mb: float

    def __str__(self) -> str:
        return f"{self.seconds:8.0f} s {self.cpu:8.0f} CPU s"


def typed(folder: Path, *words: object) -> Took:
    """Type a command of the program and wait for its end."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "planning_check", *map(str, words), "-q"], cwd=folder, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - begun, cpu, after.ru_maxrss / 1024)


def planned(folder: Path, name: str, places: Sequence[Path], *, join_below: int = 0) -> Took:
    """Plan these cities into ``name.json``; none is joined to another unless it is asked for."""
    return typed(folder, "province", "plan", *places, "--as-of", "2011-06-30", "--join-below", join_below, "-o", f"{name}.json")


def run(folder: Path, name: str, workers: int, out: str) -> Took:
    return typed(folder, "province", "run", f"{name}.json", "--out", out, "--workers", workers)


def roots(folder: Path, out: str) -> dict[str, str]:
    """The root of each shard below a folder of results."""
    marks = [json.loads(path.read_text("utf-8")) for path in (folder / out).glob("run=*/shard=*/_commit.json")]
    return {mark["shard"]: mark["root"] for mark in marks}


def a_shard_itself(folder: Path) -> float:
    """The processor seconds that a shard takes of itself: small cities each alone beside the same in one shard."""
    places = synthetic.write_cities(folder / "small", _SMALL_CITIES, _SMALL_PROJECTS, first=800)
    planned(folder, "alone", places)
    planned(folder, "joined", places, join_below=1_000_000)
    alone, joined = (run(folder, name, 0, f"{name}_results") for name in ("alone", "joined"))
    own = (alone.cpu - joined.cpu) / (_SMALL_CITIES - 1)
    print(f"{_SMALL_CITIES} cities of {_SMALL_PROJECTS} projects, each a shard {alone}, in one {joined}: "
          f"a shard takes {own:.1f} CPU s of itself")  # fmt: skip
    return own


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cities", type=int, default=6)
    parser.add_argument("--projects", type=int, default=3_000)
    parser.add_argument("--plain", type=int, default=4, help="of how many cities the plain loop is held beside two workers")
    given = parser.parse_args()
    plain, total = min(given.plain, given.cities), given.cities * given.projects
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = a_shard_itself(folder)
        places = synthetic.write_cities(folder / "large", given.cities, given.projects)
        size = sum(path.stat().st_size for place in places for path in place.iterdir())
        planning = planned(folder, "all", places)
        print(f"{given.cities} cities of {given.projects:,} projects, {size / 1e6:,.0f} MB: planned {planning}")
        planned(folder, "some", places[:plain])
        loop, two = run(folder, "some", 0, "loop"), run(folder, "some", 2, "two")
        if roots(folder, "loop") != roots(folder, "two"):
            sys.exit("the plain loop and two workers came to different roots")
        print(f"{plain} of them one after the other {loop}, two workers {two}: {loop.seconds / two.seconds:.2f} times as fast by the "
              f"clock, {two.cpu / loop.cpu:.2f} of the processor, equal roots")  # fmt: skip
        whole = run(folder, "all", 2, "results")
        kept = sum(path.stat().st_size for path in (folder / "results").rglob("*") if path.is_file())
        print(f"all of them, two workers {whole}, {kept / 1e6:,.0f} MB of results, at most {whole.peak_mb:,.0f} MB of memory a process")
        merging = typed(folder, "province", "merge", "all.json", "--out", "results")
        record = (folder / "planning_check.sqlite").stat().st_size
        print(f"merged into SQLite {merging}, a database of {record / 1e6:,.0f} MB, at most {merging.peak_mb:,.0f} MB of memory")
        estimate(own, whole, planning, merging, given.cities, total)


def estimate(own: float, whole: Took, planning: Took, merging: Took, cities: int, projects: int) -> None:
    """What a large province would take, from what was measured: straight lines, no more."""
    large, each, workers = _LARGE
    a_project = max(whole.cpu - own * cities, 0) / projects
    checking = large * (own + each * a_project)
    plan_cpu, merge_cpu = (large * each * took.cpu / projects / 60 for took in (planning, merging))
    print(f"ESTIMATE, not run: {large} cities of {each:,} projects at {own:.1f} CPU s a shard and {a_project * 1000:.1f} ms a project: "
          f"{checking / 3600:.1f} CPU hours, {checking / workers / 60:.0f} min on {workers} cores that do nothing else; "
          f"planning {plan_cpu:.0f} CPU min, merging {merge_cpu:.0f} CPU min on one machine")  # fmt: skip


if __name__ == "__main__":
    main()
