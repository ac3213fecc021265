"""This program beside its peers, in one run: the same steps on the same data, answers compared, medians, ratios and peak memory."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.ways import inputs, machine
from benchmarks.ways.answers import differences
from benchmarks.ways.page import Part, Target, render
from benchmarks.ways.rows import JUDGED
from benchmarks.ways.workers import Entrant, Measured, measure

GEOMETRY = (
    Entrant("product_map:Way", "this program"),
    Entrant("shapely_map:Way", "shapely pipeline, vectorised, in threads"),
    Entrant("geopandas_map:Way", "geopandas as usually written"),
    Entrant("postgis_map:Way", "PostGIS, best form", on_server=True),
)
GEOMETRY_TARGETS = (
    Target("at most 1.2 times the shapely pipeline", "shapely_map:Way", 1 / 1.2),
    Target("5 times as fast as PostGIS", "postgis_map:Way", 5),
    Target("5 times as fast as geopandas", "geopandas_map:Way", 5),
)
RULES = (
    Entrant("product_rules:Way", "this program: who violates"),
    Entrant("product_rules:WithEvidence", "this program: with all evidence, as a check keeps it"),
    Entrant("pandera_rules:Way", "pandera, checks on the table, failure cases"),
    Entrant("pandera_rules:Finished", "pandas judges, pandera collects"),
    Entrant("loop_rules:Way", "Python, row by row"),
    Entrant("postgresql_rules:Way", "PostgreSQL", on_server=True),
)
RULES_TARGETS = (
    Target("25 times as fast as pandera (checks on the table)", "pandera_rules:Way", 25),
    Target("25 times as fast as pandera (where pandas judges)", "pandera_rules:Finished", 25),
    Target("15 times as fast as a loop", "loop_rules:Way", 15),
    Target("5 times as fast as PostgreSQL", "postgresql_rules:Way", 5),
)


def on_the_map(folder: Path, given: argparse.Namespace) -> Part:
    communities = max(4, given.parcels * 3 // 200)
    vertices = inputs.write_map(folder, given.parcels, communities)
    measured = measure(_entrants(GEOMETRY, given.postgis), folder, given.postgis, given.repeat)
    about = (
        "Read from WKB; judge validity and repair what keeps its area within 1 %; what each community has of each parcel; pairs of parcels "
        "that share 1 m2 or more. Of a thousand parcels ten overlap their neighbours, ten share a sliver with them, two cross themselves. "
        "This program does more in the same steps: it says what is wrong with a shape, tells a project's own overlaps from those of "
        "others, and keeps the land shared for the map."
    )
    return Part(
        f"The map: {given.parcels:,} parcels ({vertices:,} vertices), {communities:,} communities", about, measured, GEOMETRY_TARGETS
    )


def on_the_rules(folder: Path, given: argparse.Namespace) -> Part:
    from benchmarks.ways.facts import write_projects  # every way's process reads this file, and its peers need nothing of this program

    write_projects(folder, given.projects)
    measured = measure(_entrants(RULES, given.postgis), folder, given.postgis, given.repeat)
    about = (
        f"Rules {', '.join(JUDGED)} on projects whose facts and measures stand: which projects violate which rule. This program's are the "
        "rules as compiled from YAML, on exact decimals, each with seven outcomes and what is missing; the peers' are written by hand and "
        "ask only for violations, on floating point but for PostgreSQL. Planning the compiled query is counted: the fewer projects, the "
        "more it weighs. This program's processes hold every fact and measure of the projects, the peers' the columns that the eight rules "
        "read."
    )
    return Part(f"The rules: {given.projects:,} projects", about, measured, RULES_TARGETS)


def _entrants(entrants: Sequence[Entrant], url: str | None) -> list[Entrant]:
    return [entrant for entrant in entrants if url or not entrant.on_server]


def disagreements(part: Part) -> list[str]:
    """Whoever answers otherwise than this program, and where."""
    ours: Measured = part.measured[0]
    return [f"{m.entrant.title}: {told}" for m in part.measured[1:] for told in differences(ours.answers, m.answers)]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=200_000)
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=("geometry", "rules"))
    parser.add_argument("--postgis", metavar="URL", default=os.environ.get("PLANNING_CHECK_POSTGRESQL"), help="a server with PostGIS")
    parser.add_argument("-o", "--output", type=Path, help="write the page here")
    given = parser.parse_args(arguments)
    machine.touch(20_000 * given.parcels + 30_000 * given.projects)
    with tempfile.TemporaryDirectory(prefix="planning_check_peers.") as folder:
        chosen = {"geometry": on_the_map, "rules": on_the_rules}
        parts = [make(Path(folder), given) for name, make in chosen.items() if given.only in (None, name)]
    wrong = [told for part in parts for told in disagreements(part)]
    if wrong:
        print("the answers differ:", *wrong, sep="\n  ", file=sys.stderr)
        return 1
    page = render(parts, machine.described(), dt.date.today().isoformat(), given.repeat)
    print(page, end="")
    if given.output:
        given.output.write_text(page, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
