"""Planning a province's check: a keys-only pass over its cities, which of them reach across, and what is checked together.

A city's delivery is read as a check reads it; only its keys are kept, in an engine for the whole plan that spills to disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check import __version__, following
from planning_check.engine import opened
from planning_check.errors import ActionableError, Place, SourceError, Text, UsageError
from planning_check.pipeline.options import Options
from planning_check.pipeline.province.checking import delivery_digest, rules_digest
from planning_check.pipeline.room import in_engine
from planning_check.pipeline.rules import load_rules, rule_folder
from planning_check.pipeline.running import read
from planning_check.province.apart import Side, clashing_name, why_apart
from planning_check.province.cities import find_cities
from planning_check.province.joining import joined, linked
from planning_check.province.linking import KEY_TABLE, Pair, Shared, add_borders, kinds_in_order, shared_keys, take_keys
from planning_check.province.plan_file import with_digest
from planning_check.record.province import ALONE, JOIN_BELOW, JOINED, LINKED, City, Link, ProvincePlan, Shard

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from planning_check.province.borders import Widths
    from planning_check.province.keys import Told
    from planning_check.rulebook.loading import Rulebook

Progress = Callable[[str, float | None], None]
_ZONE_DEGREES = 3.0
_MOST_NAMED = 20
#: What the keys of all cities may take before they spill, where nobody said.
_MEMORY = "2GB"


@dataclass(frozen=True)
class _Kept:
    """What was read of a city: ``told`` and its tables of keys and layers; none where it could not be read."""

    city: City
    told: Told | None = None


def plan_province(
    folders: Sequence[Path], as_of: dt.date | None = None, *, rule_dirs: Sequence[Path] = (), select: Sequence[str] = (),
    ignore: Sequence[str] = (), crs: Sequence[str] = (), join_below: int = JOIN_BELOW, threads: int | None = None,
    memory: str | None = None, progress: Progress | None = None,
) -> ProvincePlan:  # fmt: skip
    """Which cities are checked together, and all that a run over them depends on. ``as_of``: the day of the check; None: the one that all
    of them state who state any, which counts for the others, too. ``join_below``: shards of fewer projects are joined, 0: none.

    A city that cannot be read is a shard of its own, with its problem. Raises UsageError for wrong folders, rules or days, SourceError
    where no city can be read.
    """
    from planning_check.province.borders import across, near_cities
    from planning_check.rulebook.kept import plan_kept

    places = find_cities(folders)
    with following.restored():
        book = load_rules(rule_dirs)
        plan_kept(book, select, ignore)  # or it says what is wrong with them
        stated = {label: _stated(folder) for label, folder in places.items()}
        day = as_of or _day_of({label: told for label, told in stated.items() if not isinstance(told, Text)})
        given = Options([], day, day, crs=crs, rule_dirs=rule_dirs, select=select, ignore=ignore, threads=threads, memory=memory)
        with ExitStack() as stack:
            stack.enter_context(following.in_force(book.own))
            con = stack.enter_context(opened(threads=threads, memory=memory or _MEMORY))
            con.execute(KEY_TABLE)
            kept = []
            for number, (label, folder) in enumerate(places.items()):
                if progress:
                    progress(label, number / (len(places) + 1))
                kept.append(_kept(con, number, label, folder, stated[label], given, book))
            if all(one.told is None for one in kept):
                raise _none_readable(kept)
            found = shared_keys(con, list(places), book.measuring.common_projects)
            if any(one.told and one.told.reach for one in kept):
                widths = _widths(book)
                for one, other in near_cities(con, widths):
                    pair = kept[one].city.label, kept[other].city.label
                    add_borders(found, pair, across(con, one, other, day, widths))
            return _planned(kept, found, given, day, rules_digest(book), join_below)


def _stated(folder: Path) -> dt.date | Text | None:
    """The day that a delivery states as its own, none, or what is wrong with its ``delivery.yaml``."""
    from planning_check.ingest.delivery import find_files, read_manifest

    try:
        day = read_manifest([folder]).get("as_of")
        return day if day or find_files([folder]) else Text("文件夹是空的", "the folder is empty")
    except (ActionableError, OSError) as error:
        return _problem(error)


def _problem(error: ActionableError | OSError) -> Text:
    if isinstance(error, ActionableError):
        return Text(error.render("zh"), error.render("en"))
    return Text(f"文件夹读不出：{error.strerror}", f"the folder cannot be read: {error.strerror}")


def _day_of(stated: Mapping[str, dt.date | Text | None]) -> dt.date:
    """The one day that all state who state any."""
    days = {day for day in stated.values() if isinstance(day, dt.date)}
    if len(days) == 1:
        return days.pop()
    of_day: dict[str, list[str]] = {}
    for label, told in stated.items():
        of_day.setdefault(told.isoformat() if isinstance(told, dt.date) else "", []).append(label)
    zh, en = (
        "".join(
            f"\n  {each or none}{colon}{comma.join(labels[:_MOST_NAMED])}" + (more.format(len(labels)) if len(labels) > _MOST_NAMED else "")
            for each, labels in sorted(of_day.items())
        )
        for none, colon, comma, more in (("没有写", "：", "、", "等 {} 个"), ("none", ": ", ", ", " ... ({})"))
    )
    raise UsageError(
        Text("各城市的日期不同，或都没有写", "the cities state different days, or none of them any"), why=Text(zh, en),
        fix=Text("用 --as-of 说明截至哪一天", "say the day of the check with --as-of"),
    )  # fmt: skip


def _kept(
    con: duckdb.DuckDBPyConnection, number: int, label: str, folder: Path, stated: dt.date | Text | None, given: Options, book: Rulebook
) -> _Kept:  # fmt: skip
    """Read one city and keep its keys in ``con``; where it cannot be read, why."""
    from planning_check.ingest.delivery import read_manifest
    from planning_check.province.keys import read_keys, what_is_told
    from planning_check.province.map import LAYERS, read_map

    try:
        city = City(label, str(folder), delivery_digest(folder, label), _bytes(folder))
    except (ActionableError, OSError) as error:
        return _Kept(City(label, str(folder), "", 0, problem=_problem(error)))
    if isinstance(stated, Text):
        return _Kept(replace(city, problem=stated))

    def looked_at(own: duckdb.DuckDBPyConnection) -> tuple[Told, pa.Table, dict[str, pa.Table]]:
        read(own, [folder], book, None, given.crs, given.day(None), None, given.as_of, labels=[label])
        keys = read_keys(own, given.day(None), book.measuring)
        told, layers = read_map(own, what_is_told(own), given.day(None), book.measuring)
        layers["projects"] = own.sql("SELECT project_id, developer_code, developer_name FROM projects ORDER BY ALL").to_arrow_table()
        return told, keys, layers

    try:
        told, keys, layers = in_engine(replace(given, paths=[folder]), looked_at)
    except (ActionableError, OSError) as error:
        return _Kept(replace(city, problem=_problem(error)))
    take_keys(con, number, keys)
    for layer in (*LAYERS, "projects"):
        _take_layer(con, number, layer, layers[layer])
    manifest = read_manifest([folder])
    return _Kept(replace(
        city, projects=told.projects, title=manifest.get("title"), notice=manifest.get("notice"), districts=told.districts,
        registers=tuple(sorted(told.registers)), planes=told.planes, is_whole=not told.open_registers,
        has_whole_figures=told.has_whole_figures, as_of=stated,
    ), told)  # fmt: skip


def _take_layer(con: duckdb.DuckDBPyConnection, city: int, layer: str, rows: pa.Table) -> None:
    con.register("rows_of_it", rows)
    con.execute(f"CREATE TABLE IF NOT EXISTS map_{layer} AS SELECT 0 AS city, * FROM rows_of_it LIMIT 0")
    con.execute(f"INSERT INTO map_{layer} SELECT ?, * FROM rows_of_it", [city])
    con.unregister("rows_of_it")


def _bytes(folder: Path) -> int:
    """Of the files that are read; of a layer that is a folder, all in it."""
    from planning_check.ingest.delivery import find_files

    paths = [file.path for file in find_files([folder])]
    within = [path for one in paths if one.is_dir() for path in one.rglob("*")]
    return sum(path.stat().st_size for path in (*paths, *within) if path.is_file())


def _none_readable(kept: Sequence[_Kept]) -> SourceError:
    told = [(one.city.label, one.city.problem or Text("", "")) for one in kept]
    zh, en = ("".join(f"\n  {label}: {problem.get(lang).splitlines()[0]}" for label, problem in told) for lang in ("zh", "en"))
    return SourceError(
        Text("没有一个城市的报送读得出", "none of the cities can be read"), where=Place(kept[0].city.folder), why=Text(zh, en),
        fix=Text("用 planning-check inspect 逐个查看", "look at each with planning-check inspect"),
    )  # fmt: skip


def _widths(book: Rulebook) -> Widths:
    """How far what lies on the map reaches, by the rules that ask for it and the matching."""
    from planning_check.province.borders import Widths

    near = [float(str(m)) for r in book.rules if r.subject in ("office", "idle_facility") for m in r.values_of("near_m")]
    edges = [float(str(m)) for r in book.rules if r.subject in ("parcel", "community") for m in r.values_of("edge_m")]
    return Widths(book.measuring, max([float(book.matching.far_m) if book.matching else 0.0, *near]), min(edges, default=0.0))


def _planned(
    kept: Sequence[_Kept], found: Mapping[Pair, Shared], given: Options, day: dt.date, rules: str, join_below: int
) -> ProvincePlan:  # fmt: skip
    """Links, components and shards of what was read."""
    sides = {one.city.label: Side(one.city.label, one.told, one.city.as_of or day) for one in kept if one.told}
    _price_links(found, sides)
    why: dict[Pair, Text | None] = {}

    def apart(one: str, other: str) -> Text | None:
        pair = min(one, other), max(one, other)
        if pair not in why:
            why[pair] = why_apart(sides[pair[0]], sides[pair[1]], found.get(pair))
        return why[pair]

    pairs = [pair for pair in sorted(found) if found[pair].counts]
    groups, left = linked(sides, [pair for pair in pairs if apart(*pair) is None], lambda a, b: apart(a, b) is not None)
    links = [
        Link(
            *pair, kind, found[pair].counts[kind], found[pair].examples[kind], apart(*pair) or (_by_others(pair) if pair in left else None)
        )
        for pair in pairs
        for kind in kinds_in_order(found[pair].counts)
    ]
    projects = {label: side.told.projects for label, side in sides.items()}

    def never_joined(one: str, other: str) -> bool:
        pair = found.get((min(one, other), max(one, other)))
        return (
            (pair is not None and bool(pair.counts or pair.prices or pair.may_be_misread))
            or apart(one, other) is not None
            or _read_otherwise(sides[one], sides[other])
        )

    together = joined(groups, projects, join_below, lambda label: _kind(sides[label]), never_joined)
    unread = [[one.city.label] for one in kept if not one.told]
    options = [rules, day.isoformat(), list(given.select), list(given.ignore), list(given.crs), __version__]
    by_label = {one.city.label: one.city for one in kept}
    shards = [
        _shard(number, [by_label[label] for label in group], LINKED if group in groups else JOINED, options)
        for number, group in enumerate(sorted([*together, *unread]), 1)
    ]
    dirs = tuple(str(rule_folder(path).resolve()) for path in given.rule_dirs)
    plan = ProvincePlan(
        day, __version__, rules, tuple(one.city for one in kept), tuple(links), tuple(shards), dirs, tuple(given.select),
        tuple(given.ignore), tuple(given.crs),
    )  # fmt: skip
    return with_digest(plan)


def _price_links(found: Mapping[Pair, Shared], sides: Mapping[str, Side]) -> None:
    """A price list that has other prices for a district of the other city."""
    for pair, shared in found.items():
        districts = {code for label in pair for code, _ in sides[label].told.districts}
        for zone in shared.prices:
            if zone in districts and zone.isdigit():
                shared.add("districts", 1, zone)


def _by_others(pair: Pair) -> Text:
    return Text(
        f"{pair[0]} 与 {pair[1]} 各自连着的城市里，有不能合在一起的",
        f"among the cities that {pair[0]} and {pair[1]} are linked with, some cannot be united",
    )


def _kind(side: Side) -> Hashable | None:
    """What must be equal of cities that are joined; None for one that is joined to nobody: its unknowns would be others', too."""
    told = side.told
    if (
        told.open_registers
        or told.by_names
        or told.has_corrections
        or told.has_whole_figures
        or not told.is_framed
        or told.has_all_borders is False
    ):
        return None
    return told.speaking, side.as_of, told.has_all_borders, frozenset((layer, plane) for layer, (plane, _, _) in told.reach.items())


def _read_otherwise(one: Side, other: Side) -> bool:
    """Whether names of districts would be read, or the map measured, in another way together."""
    if clashing_name(one.told, other.told, stems=True):
        return True
    mine, theirs = one.told.reach, other.told.reach
    return any(
        not plane.startswith("EPSG:") or max(east, theirs[layer][2]) - min(west, theirs[layer][1]) > _ZONE_DEGREES
        for layer, (plane, west, east) in mine.items()
        if layer in theirs
    )


def _shard(number: int, cities: Sequence[City], why: str, options: Sequence[Any]) -> Shard:
    digests = [[city.label, city.digest] for city in cities]
    return Shard(
        f"s{number:03d}", tuple(city.label for city in cities), why if len(cities) > 1 else ALONE, sum(city.projects for city in cities),
        sum(city.bytes for city in cities), sha256(dumps([digests, *options], sort_keys=True).encode()).hexdigest(),
    )  # fmt: skip
