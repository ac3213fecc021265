"""Checking a delivery: read, measure, judge, record."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check import __version__, declared, following
from planning_check.cases import WHYS
from planning_check.errors import Text
from planning_check.pipeline.corrected import OUTCOME_WITHOUT, note_outcomes_without
from planning_check.pipeline.rules import load_rules, rule_folder
from planning_check.pipeline.waiving import waived
from planning_check.progress import Parts, Told
from planning_check.sql import create_with

if TYPE_CHECKING:
    import duckdb
    from sqlalchemy import Engine

    from planning_check.assess import Acts, Plan
    from planning_check.ingest import Delivery
    from planning_check.ingest.mapping import DeliveryMapping
    from planning_check.pipeline.options import Options
    from planning_check.record.correction import CorrectionRow
    from planning_check.report.told.summary import Summary
    from planning_check.rulebook.loading import Rulebook
    from planning_check.store.blocks import Telling

Progress = Callable[[str, float | None], None]


@dataclass
class Stages:
    """Names the stage under way to ``progress`` and keeps the seconds of each."""

    progress: Progress | None = None
    seconds: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[Told]:
        """What it gives is told how much of the stage is done."""

        def told(share: float) -> None:
            if self.progress:
                self.progress(name, share)

        if self.progress:
            self.progress(name, None)
        begun = time.perf_counter()
        try:
            yield told
        finally:
            self.seconds.append((name, time.perf_counter() - begun))


@dataclass(frozen=True)
class CheckResult:
    """A run as recorded: its number, its summary and the seconds of every stage."""

    run_id: int
    summary: Summary
    timings: list[tuple[str, float]]


def check(
    options: Options, *, created_at: dt.datetime, db_url: str, by: str = "", progress: Progress | None = None, full: bool = False,
    on_record: Callable[[int | None], None] | None = None, told: Callable[[Text], None] | None = None, book: Rulebook | None = None,
) -> CheckResult:  # fmt: skip
    """Check a delivery and record the run; ``on_record`` is told None as that begins, and its number as soon as it stands (0: it does not).

    ``created_at``: the time that the record bears, ``by``: who checks, for the log. ``full``: facts and message of the lines
    of the summary are read. ``book``: what is judged by, in place of the rules of the options.
    ``told`` hears what else the user should know of the database, such as that another program is waited for,
    or that cases were reopened.
    Raises SourceError if nothing could be read or nothing can be checked, RulebookError and UsageError before anything is read.
    """
    from planning_check.pipeline.asking import asked
    from planning_check.pipeline.room import in_engine
    from planning_check.report.told.summarising import summarise
    from planning_check.rulebook.kept import plan_kept
    from planning_check.store import open_store, totals

    stages = Stages(progress)
    with stages.stage("rules"):
        book = book or load_rules(options.rule_dirs)
        plan = plan_kept(book, options.select, options.ignore)
        mapping = mapping_of(options)
        now_asked = asked(options, book)  # before anything is read: what changes meanwhile is a change
        store = open_store(db_url, told=told)

    def recorded(con: duckdb.DuckDBPyConnection) -> int:
        delivery, day, acts = judged(con, options, book, plan, mapping, stages, progress)
        with stages.stage("record") as done:
            record = record_of(con, options, book, plan, delivery, day, created_at, mapping, by)
            record |= {"asked": now_asked, "acts": acts}
            return _recorded(store, con, record, told_by(plan), on_record or (lambda _run_id: None), done)

    run_id = in_engine(options, recorded)
    _tell_reopened(store, run_id, told)
    with stages.stage("summary"):
        summary = summarise(totals(store, run_id, told=None if full else {}))
    return CheckResult(run_id, summary, stages.seconds)


def judged(
    con: duckdb.DuckDBPyConnection, options: Options, book: Rulebook, plan: Plan, mapping: DeliveryMapping | None, stages: Stages,
    progress: Progress | None = None,
) -> tuple[Delivery, dt.date, Acts]:  # fmt: skip
    """Read, measure and judge a delivery in ``con``: all that a record is made of. The delivery, the day of the check, the acts watched."""

    def again(con: duckdb.DuckDBPyConnection, cause: str, choice: int) -> None:
        own = (options.crs, options.day(None), mapping, options.as_of)
        corrected = cause != "corrections"
        delivery = read(con, options.delivered, book, None, *own, corrected=corrected, choice=choice, labels=options.labels)
        measure(con, options.day(delivery.as_of), book)
        assess_twice(con, plan, book)

    with stages.stage("read"):
        own = (options.crs, options.day(None), mapping, options.as_of)
        delivery = read(con, options.delivered, book, progress, *own, labels=options.labels)
    day = options.day(delivery.as_of)
    with stages.stage("facts") as done:
        measure(con, day, book, done)
    with stages.stage("judge") as done:
        acts = judge(con, plan, book, done)
        match(con, book)
        note_outcomes_without(con, plan, again)
    return delivery, day, acts


def record_of(
    con: duckdb.DuckDBPyConnection, options: Options, book: Rulebook, plan: Plan, delivery: Delivery, day: dt.date, created_at: dt.datetime,
    mapping: DeliveryMapping | None, by: str,
) -> dict[str, Any]:  # fmt: skip
    """The manifest of a check that ``con`` holds, with all that a run is recorded with but what was asked and which acts were watched."""
    from planning_check.ingest.delivery import as_text
    from planning_check.store.series import series_of

    record = manifest(con, book, plan, delivery, day, created_at, options.select, options.ignore, options.crs, mapping)
    record |= waived(con, book, plan, day)
    record["match_far_m"] = book.matching.far_m if book.matching else None
    record["service_radius_m"] = book.service_radius_m
    record["measuring"] = {name: str(width.value) for name, width in book.widths.items()}
    record["rule_folders"] = [as_text(str(rule_folder(path).resolve())) for path in options.rule_dirs]
    title = delivery.title.zh or delivery.title.en if delivery.title else None
    record["series"] = as_text(options.series or series_of(title, options.paths))
    record["mapping"] = {"name": mapping.name, "text": mapping.text} if mapping else None
    record["by"] = by
    record["proofs"] = book.proofs.demanded([rule for rule in book.rules if rule.id in {one.id for one in plan.rules}])
    record["delivered_at"] = [as_text(str(path.resolve())) for path in options.paths]
    return record


def _tell_reopened(store: Engine, run_id: int, told: Callable[[Text], None] | None) -> None:
    """How many cases the check reopened, and why."""
    from planning_check.store import reopened_by

    steps = reopened_by(store, run_id)
    whys = [(word, sum(step.body["reason"]["why"] == why for step in steps)) for why, word in WHYS.items()]
    zh = "，".join(f"{word.zh} {count}" for word, count in whys if count)
    en = ", ".join(f"{word.en} {count}" for word, count in whys if count)
    see = "planning-check case list --reopened"
    if steps and told:
        told(Text(f"重新立案 {len(steps)} 件：{zh}。用 {see} 查看", f"Cases reopened {len(steps)}: {en}. See {see}"))


def mapping_of(options: Options) -> DeliveryMapping | None:
    """The mapping that was asked for, if any, before anything is read. Raises UsageError where it is none."""
    if not isinstance(options.mapping, Path):
        return options.mapping
    from planning_check.ingest.mapping import read_mapping

    return read_mapping(options.mapping)


def _recorded(
    store: Engine, con: duckdb.DuckDBPyConnection, record: dict[str, Any], tellings: list[Telling], on_record: Callable[[int | None], None],
    done: Told,
) -> int:  # fmt: skip
    """Record the run. Whatever cuts it off, even between the database's doing and this program's knowing, what is told is so."""
    from planning_check.store import save_run
    from planning_check.store.runs import number_of

    on_record(None)
    try:
        run_id = save_run(store, con, record, tellings, done)
        on_record(run_id)
    except BaseException:
        with suppress(Exception):
            on_record(number_of(store, record["digest"], record["created_at"]))
        raise
    return run_id


def told_by(plan: Plan) -> list[Telling]:
    """How the findings of a plan's rules are told, for the store."""
    from planning_check.store.blocks import Telling

    return [Telling(rule.id, rule.subject, rule.told_sql) for rule in plan.rules]


#: Tables of which one row is enough to check something.
_JUDGED = ("projects", "offices", "parcels", "communities")


def read(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], book: Rulebook, progress: Progress | None = None, crs: Sequence[str] = (),
    day: dt.date | None = None, mapping: DeliveryMapping | None = None, as_of: dt.date | None = None, *,
    corrected: bool = True, choice: int = 0, register: Sequence[CorrectionRow] | None = None,
    stated: dt.date | None = None, labels: Sequence[str] = (),
) -> Delivery:  # fmt: skip
    """Read a delivery, by the precedence and the widths of the rules. ``day``: that of the check, which is the delivery's where it states
    none; ``as_of``: the one that was asked for;
    ``corrected``: by its register of corrections; ``choice``, ``register``, ``stated`` and ``labels``: see ``ingest.load``."""
    from planning_check.ingest import load
    from planning_check.ingest.refusal import nothing_to_check

    by_rules = partial(load, widths=book.measuring, precedence=book.precedence)
    with following.in_force(book.own):
        delivery = by_rules(
            con,
            paths,
            progress,
            crs,
            day,
            mapping=mapping,
            as_of=as_of,
            corrected=corrected,
            choice=choice,
            register=register,
            stated=stated,
            labels=labels,
        )
    if not to_check(con, book):
        what = Text(
            "没有可以检查的内容：没有一行可用的开发项目、社区办公用房、宗地或社区",
            "nothing to check: no usable row of development projects, community offices, parcels or communities",
        )
        raise nothing_to_check(con, what, paths)
    return delivery


def to_check(con: duckdb.DuckDBPyConnection, book: Rulebook) -> bool:
    """Whether there is a usable row of anything that is judged."""
    judged = (*_JUDGED, *(table.name for table in book.own if table.judged))
    counts = " + ".join(f"(SELECT count(*) FROM {table})" for table in judged)
    return bool(con.execute(f"SELECT {counts}").fetchall()[0][0])


def measure(con: duckdb.DuckDBPyConnection, as_of: dt.date, book: Rulebook, done: Told | None = None) -> None:
    """Make the fact tables as of a day, by the widths that the rulebook gives. ``done`` hears how much is made."""
    from planning_check.facts import measuring
    from planning_check.geo import locating

    parts = Parts(locating.STEPS + measuring.STEPS, done)
    locating.locate(con, as_of, book.measuring, parts.next)
    with following.in_force(book.own):
        measuring.measure(con, as_of, book.measuring, each=parts.next)


def judge(con: duckdb.DuckDBPyConnection, plan: Plan, book: Rulebook, done: Told | None = None) -> Acts:
    """Judge the facts and keep what the record needs: cited rows and shapes. ``done`` hears how much is judged. Gives the acts of bureaus
    that the rules watched."""
    from planning_check.assess import acts_of, keep_acts
    from planning_check.facts import measuring

    plan = assess_twice(con, plan, book, done)
    with following.in_force(book.own):
        measuring.keep_cited_rows(con, plan.subjects)
    con.execute(_SUBJECT_GEOMETRY.format(own="".join(map(_own_shapes, book.own))))
    create_with(con, "outcome_without", OUTCOME_WITHOUT, [])
    keep_acts(con, plan)
    return acts_of(con, plan)


def assess_twice(con: duckdb.DuckDBPyConnection, plan: Plan, book: Rulebook, done: Told | None = None) -> Plan:
    """Assess the facts; where something cannot be read as anybody's, first measured as if it were everybody's,
    to see which violations stand. The plan for those who are there."""
    from planning_check import assess
    from planning_check.facts import measuring

    plan = assess.of_those_there(con, plan)
    doubted = measuring.is_in_doubt(con)
    if doubted:
        as_of = con.execute("SELECT getvariable('as_of')").fetchall()[0][0]
        with following.in_force(book.own):
            measuring.measure(con, as_of, book.measuring, in_doubt=True)
            assess.keep_standing(con, plan)
            measuring.measure(con, as_of, book.measuring)
    assess.assess(con, plan, doubted=doubted, told=done)
    return plan


def match(con: duckdb.DuckDBPyConnection, book: Rulebook) -> None:
    """Match offices to idle facilities, and cover communities, by the areas of the law that governs them, so only after judging."""
    from planning_check.geo.places.coverage import cover_communities
    from planning_check.geo.places.match_places import match_offices

    if book.service_radius_m is not None:
        cover_communities(con, book.service_radius_m)
    if book.matching is not None:
        match_offices(con, book.matching)


def _own_shapes(table: declared.OwnTable) -> str:
    """SQL: more shapes for the map: every place of an own table."""
    if not (table.judged and table.table.geometry):
        return ""
    return f"UNION ALL SELECT '{table.name}', CAST({table.key_of()} AS VARCHAR), NULL, NULL, geometry_crs, geometry FROM {table.name} "


#: What a map of the run shows: the parcels of what has findings (of a room: the land that it should stand on), rooms with findings, and
#: every community, office and idle facility, and every place of own tables.
_SUBJECT_GEOMETRY = """
CREATE OR REPLACE TABLE subject_geometry AS
WITH cited AS (SELECT DISTINCT subject, subject_key FROM cited_subject), cited_project AS (
    SELECT subject_key AS project_id FROM cited WHERE subject = 'project'
    UNION SELECT project_id FROM premises WHERE premises_id IN (SELECT subject_key FROM cited WHERE subject = 'premises')
), shape AS (
    SELECT 'parcel' AS subject, parcel_id AS subject_key, project_id, NULL AS name, geometry_crs AS crs, geometry FROM parcels
    WHERE project_id IN (FROM cited_project) OR parcel_id IN (SELECT subject_key FROM cited WHERE subject = 'parcel')
    UNION ALL SELECT 'premises', premises_id, project_id, building, geometry_crs, geometry FROM premises
    WHERE premises_id IN (SELECT subject_key FROM cited WHERE subject = 'premises')
    UNION ALL SELECT 'community', community_code, NULL, community_name, geometry_crs, geometry FROM communities
    UNION ALL SELECT 'office', office_id, NULL, c.community_name, o.geometry_crs, o.geometry
    FROM offices o LEFT JOIN communities c USING (community_code)
    UNION ALL SELECT o.subject, o.subject_key, NULL, NULL, o.crs, o.geometry FROM overlap_piece o
    JOIN cited c ON c.subject_key = o.subject_key AND starts_with(o.subject, c.subject)
    UNION ALL SELECT 'idle_facility', facility_id, NULL, name, geometry_crs, geometry FROM idle_facilities
    {own}
)
SELECT * FROM shape WHERE geometry IS NOT NULL ORDER BY subject, subject_key
"""


def what_was_read(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The day of the delivery, its files with their digests, and what of it was not read (and so may be missing from a register)."""
    return {
        "delivered_on": con.execute("SELECT CAST(getvariable('delivered_on') AS VARCHAR)").fetchall()[0][0],
        "inputs": dict(con.execute("SELECT DISTINCT file, sha256 FROM source ORDER BY file").fetchall()),
        "unread": [list(row) for row in con.execute("SELECT DISTINCT file, sheet, table_name FROM unread ORDER BY ALL").fetchall()],
    }


def manifest(
    con: duckdb.DuckDBPyConnection, book: Rulebook, plan: Plan, delivery: Delivery, as_of: dt.date, created_at: dt.datetime,
    select: Sequence[str], ignore: Sequence[str], crs: Sequence[str] = (), mapping: DeliveryMapping | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What the run depended on: the digest is over all that can change an outcome
    (days, files, what of them was not read, rules, options)."""
    import duckdb

    from planning_check.rulebook.texts import ordinance_record, rule_record

    judged = {r.id for r in plan.rules}
    totals = con.execute(
        "SELECT coalesce(sum(rows_read), 0)::BIGINT, coalesce(sum(rows_used), 0)::BIGINT, "
        "coalesce(sum(rows_quarantined), 0)::BIGINT FROM source"
    ).fetchall()[0]
    ordinances = con.execute(
        "SELECT v.ordinance_id, count(*) FROM governing_project g JOIN law_version v USING (version_no) "
        "WHERE g.law_state = 'governed' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    states = con.execute("SELECT law_state, count(*) FROM governing_project GROUP BY 1 ORDER BY 1").fetchall()
    lives = con.execute("SELECT life_state, count(*) FROM lawful_project WHERE life_state <> 'open' GROUP BY 1 ORDER BY 1").fetchall()
    governed = dict(ordinances)
    by = {
        "as_of": as_of.isoformat(),
        **what_was_read(con),
        "rules": book.hashes,
        "rules_off": book.off,
        "overrides": book.overridden,
        "select": list(select),
        "ignore": list(ignore),
        "tool_version": __version__,
        **({"read_as": sorted(crs)} if crs else {}),
        **({"mapping_sha256": mapping.sha256} if mapping else {}),
    }
    return {
        **by,
        "digest": hashlib.sha256(json.dumps(by, sort_keys=True).encode()).hexdigest(),
        "created_at": created_at,
        "duckdb_version": duckdb.__version__,
        "title": {"zh": delivery.title.zh, "en": delivery.title.en} if delivery.title else None,
        "notice": {"zh": delivery.notice.zh, "en": delivery.notice.en} if delivery.notice else None,
        "rows": {"read": totals[0], "used": totals[1], "quarantined": totals[2]},
        "law_states": dict(states),
        "lives": dict(lives),
        **({"own_tables": declared.record(book.own)} if book.own else {}),
        "planes": [row[0] for row in con.execute("SELECT DISTINCT crs FROM geo_choice ORDER BY crs").fetchall()],
        "ordinances": [{**ordinance_record(o), "projects": governed.get(o.id, 0)} for o in book.ordinances],
        "stages": book.story.told(),
        "rules_run": [
            rule_record(r, book.measures, book.widths) | {"stage": book.story.stage(r.id)} for r in book.rules if r.id in judged
        ],
    }  # fmt: skip
