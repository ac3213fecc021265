"""Reading a recorded run: findings, one finding explained, the balance of obligations, the money for communities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from planning_check.errors import Place, Text, UsageError
from planning_check.pipeline.rederiving import sources_of
from planning_check.pipeline.replaying import Lost, paths_of, rules_of
from planning_check.pipeline.rules import load_rules
from planning_check.pipeline.running import judge, manifest, measure, read, told_by, what_was_read

if TYPE_CHECKING:
    from decimal import Decimal

    import duckdb
    from sqlalchemy import Engine

    from planning_check.ingest import Delivery
    from planning_check.record.chosen import Led
    from planning_check.record.finding import Finding
    from planning_check.record.run import FundRow, StoredRun
    from planning_check.record.unchecked import Unchecked
    from planning_check.report.told.balance import Balance
    from planning_check.report.told.chosen import Chosen
    from planning_check.report.told.cities import Cities
    from planning_check.report.told.coverage import Coverage
    from planning_check.report.told.dossier import Dossier
    from planning_check.report.told.explaining import Explanation, RuleText
    from planning_check.report.told.funds import Closing
    from planning_check.report.told.gaps import Gap
    from planning_check.report.told.likening import Likeness
    from planning_check.report.told.matching import Matching
    from planning_check.report.told.rents import Rents
    from planning_check.rulebook.loading import Rulebook
    from planning_check.store import Evidence


T = TypeVar("T")


#: Projects of a province that are measured again to tell one of them.
_MOST_AGAIN = 50_000


@dataclass(frozen=True)
class Found:
    """Findings of a run as chosen: how many there are, and the rows as they are read."""

    run_id: int
    count: int
    header: dict[str, Any]
    rows: Iterable[Finding]
    cities: Cities


def findings(db_url: str, run: int | str | None = None, **chosen: Any) -> Found:
    """The findings of a run (the latest if none is named). ``chosen``: the fields of ``store.Filters``.

    Raises UsageError where, in a province's run, several developers bear the name that was given: likeness by name is no identity.
    """
    from planning_check import store
    from planning_check.report.told.cities import cities_of

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        filters = store.Filters(**chosen)
        both = [{"zh": t.zh, "en": t.en} if t else None for t in (stored.title, stored.notice)]
        header = {
            "as_of": stored.as_of.isoformat(),
            "digest": stored.digest,
            "root": stored.root,
            "tool_version": stored.tool_version,
            "title": both[0],
            "notice": both[1],
        }
        cities = cities_of(stored.manifest)
        _one_developer(engine, stored, filters.developer)
        rows = store.guarded(engine, store.findings(engine, stored.id, filters))
        return Found(stored.id, store.count(engine, stored.id, replace(filters, limit=None)), header, rows, cities)


def _one_developer(engine: Engine, stored: StoredRun, named: str | None) -> None:
    """In one city a name is mostly one company; over a province it may be several, which their codes tell apart."""
    from planning_check import store

    codes = store.developer_codes(engine, stored.id, named) if named and stored.manifest.get("cities") else []
    if named and len(codes) > 1:
        raise UsageError(
            Text(f"全省有 {len(codes)} 家开发企业叫 {named}", f"{len(codes)} developers of the province are called {named}"),
            fix=Text(f"用代码：{'、'.join(codes)}", f"name it by its code: {', '.join(codes)}"),
        )


def dossier(db_url: str, run: int | str | None = None, **chosen: Any) -> Dossier:
    """What stands against a developer, in a community or before a bureau, of the findings chosen (as ``findings``)."""
    from planning_check import store
    from planning_check.report.told.dossier import dossier as told

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        filters = store.Filters(**chosen)
        _one_developer(engine, stored, filters.developer)
        whom = [(kind, which) for kind, which in (("developer", filters.developer), ("community", filters.community),
                                                  ("bureau", filters.responsible)) if which]  # fmt: skip
        owed = None
        if filters.developer and not filters.community and not filters.responsible:
            owed = [row for row in store.balance_lines(engine, stored.id) if filters.developer in (row.developer_code, row.developer_name)]
        return told(stored, whom, store.findings(engine, stored.id, filters), owed, store.led(engine, stored.id))


def led(db_url: str, run: int | str | None = None) -> Mapping[str, Led]:
    """The findings of a run that say area and money of a line of a list, by fingerprint."""
    from planning_check import store

    with store.reading(db_url) as engine:
        return store.led(engine, store.load_run(engine, run).id)


def unchecked(db_url: str, run: int | str | None = None) -> Unchecked:
    """What a run came to no verdict on, rule by subject, with the last verdict of its series."""
    from planning_check import store

    with store.reading(db_url) as engine:
        return store.unchecked(engine, store.load_run(engine, run), letters())


def export(kind: str, found: Found, lang: str, total: Chosen | None = None, *, is_wide: bool = False) -> Iterator[str]:
    """The findings as csv, json, jsonl or a table, in pieces; ``total`` stands below the table; ``is_wide``: csv with every field."""
    from planning_check.report.console.findings import export

    return export(kind, found.header, found.rows, lang, total, is_wide=is_wide, cities=found.cities)


def explain_rule(rule_id: str, rule_dirs: Sequence[Path] = ()) -> RuleText:
    """A rule as it stands now, with the ordinances whose clauses it reads."""
    from planning_check.report.told.explaining import RuleText
    from planning_check.rulebook.cases import read_cases
    from planning_check.rulebook.texts import ordinance_record, rule_record

    book = load_rules(rule_dirs)
    rule = book.rule(rule_id)
    return RuleText(
        rule_record(rule, book.measures, book.widths), tuple(ordinance_record(o) for o in book.ordinances), len(read_cases(rule))
    )


def explain_subject(db_url: str, rule_id: str, subject: str, run: int | str | None = None) -> Explanation:
    """What a run holds on one rule and one subject: outcome, arithmetic, law, and the cells that the facts came from."""
    from planning_check import store
    from planning_check.report.told.explaining import explain
    from planning_check.report.told.weighing import needs_days

    with store.reading(db_url) as engine:
        evidence = store.evidence(engine, rule_id, subject, run, letters=letters())
        if evidence.finding is None:
            evidence = _derive_again(evidence) or evidence
        if evidence.project is None and needs_days(evidence):
            evidence = replace(evidence, project=days_again(evidence))
        return explain(evidence)


def like(db_url: str, rule_id: str, subject: str, run: int | str | None = None, *, most: int = 3) -> Likeness:
    """One outcome of a rule beside the ``most`` nearest that came out, or were decided, the other way. Raises UsageError where the delivery
    or the rules are no longer those of the run: it keeps no facts of what passed."""
    from planning_check import store
    from planning_check.report.told.likening import likeness

    with store.reading(db_url) as engine:
        evidence = store.evidence(engine, rule_id, subject, run, letters=letters())
        states = {key: case.state for key, case in store.cases(engine, evidence.run.series).items()}
    stored = evidence.run
    outcomes = derived(stored, evidence.rule.rule_id, lambda beside: list(store.findings(beside, 1)))
    if outcomes is None or all(one["subject_key"] != evidence.subject_key for one in outcomes):
        raise UsageError(
            Text("报送或规则已经不是那次检查的，无从比较", "the delivery or the rules are no longer those of the check: nothing can be compared"),
            why=Text("记录里只存问题的事实，符合的要用原来的报送重新推导", "a run keeps the facts of its findings only; those of what passed are "
                     "derived again from its delivery"),
            fix=Text("放回当时的报送，或重新检查", "put the delivery back where it was, or check anew"),
        )  # fmt: skip
    return likeness(stored, evidence.subject_key, outcomes, states, most)


def letters() -> dict[str, str]:
    """The register's letter -> outcome."""
    from planning_check.assess import OUTCOMES

    return {letter: outcome for outcome, letter in OUTCOMES.items()}


def _derive_again(evidence: Evidence) -> Evidence | None:
    """The evidence of an outcome that is no finding, derived anew: a run keeps the evidence of its findings only."""
    from planning_check import store

    found = derived(
        evidence.run,
        evidence.rule.rule_id,
        lambda beside: store.evidence(beside, evidence.rule.rule_id, evidence.subject_key, letters=letters()),
    )
    same = found is not None and found.outcome == evidence.outcome
    return replace(found, run=evidence.run, without=evidence.without) if found is not None and same else None


def derived(run: StoredRun, rule_id: str, read_of: Callable[[Engine], T]) -> T | None:
    """What is read of a store that holds every outcome of one rule, passes too, with its evidence: from the delivery itself, if it and the
    rules are still those of the run; else None."""
    import tempfile

    from planning_check import store
    from planning_check.assess import OUTCOMES

    with _measured_again(run) as again:
        if again is None:
            return None
        con, book, delivery = again
        plan = book.plan([rule_id], shown=tuple(OUTCOMES))
        judge(con, plan, book)
        remade = manifest(con, book, plan, delivery, run.as_of, dt.datetime(1, 1, 1), (), ())
        with tempfile.TemporaryDirectory() as folder:
            beside = store.open_store(f"sqlite:///{Path(folder).as_posix()}/evidence.sqlite")
            store.save_run(beside, con, remade, told_by(plan))
            try:
                return read_of(beside)
            finally:
                beside.dispose()


@contextmanager
def _measured_again(run: StoredRun) -> Iterator[tuple[duckdb.DuckDBPyConnection, Rulebook, Delivery] | None]:
    """The facts of a run, measured anew from the delivery itself; None where it, or the rules, are no longer those of the run."""
    from planning_check.engine import opened
    from planning_check.ingest.mapping import parse_mapping

    recorded = run.manifest
    try:
        sources = sources_of(run)
        paths, book = paths_of(sources), rules_of(run, sources)
    except Lost:
        yield None
        return
    if not all(path.exists() for path in paths):
        yield None
        return
    cities = [city for city in recorded.get("cities", ()) if city["state"] == "checked"]
    if sum(city["projects"] for city in cities) > _MOST_AGAIN:  # more than one machine should hold: its city's own check tells it
        yield None
        return
    told = recorded.get("mapping")
    mapping = parse_mapping(told["name"], told["text"]) if told else None
    labels = [city["label"] for city in cities]
    with opened() as con:
        delivery = read(con, paths, book, None, recorded.get("read_as", ()), run.as_of, mapping, run.as_of, labels=labels)
        if any(value != recorded.get(name, value) for name, value in what_was_read(con).items()):
            yield None
            return
        measure(con, run.as_of, book)
        yield con, book, delivery


def days_again(evidence: Evidence) -> dict[str, Any] | None:
    """Place and days of the project that a finding is of, measured anew: a run keeps those of projects with findings only."""
    from planning_check.store import project_days

    finding = evidence.finding
    project_id = (finding["project_id"] if finding else None) or (evidence.subject_key if evidence.rule.subject == "project" else None)
    with _measured_again(evidence.run) as again:
        if again is None or project_id is None:
            return None
        names = project_days()
        row = again[0].execute(f"SELECT {', '.join(names)} FROM fact_project WHERE project_id = ?", [project_id]).fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def balance(db_url: str, run: int | str | None = None, *, by: str = "developer") -> Balance:
    """What is owed, handed over, paid, exempt and left of a run, by project, developer, district or community."""
    from planning_check import store
    from planning_check.report.told.balance import balanced, with_decided

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        names = store.community_names(engine, stored.id) if by == "community" else None
        rows = store.balance_lines(engine, stored.id)
        return with_decided(balanced(stored, rows, by, names), rows, _decided_projects(engine, stored.id))


def _decided_projects(engine: Engine, run_id: int) -> dict[str, set[str]]:
    """State of the case -> the projects of which the meeting dismissed every violation, or confirmed one."""
    from planning_check import store

    with engine.connect() as connection:
        found = store.decided(connection, run_id, store.standings(connection, run_id))
    return {
        "dismissed": {line.subject_key for line in found.dismissed if line.list == "violations"},
        "confirmed": {one.line for one in found.findings if one.list == "violations" and one.case.state == "confirmed"},
    }


def funds(db_url: str, run: int | str | None = None, *, by: str = "project") -> Closing:
    """What came in for communities, was credited and waits, of a run, by project, community or year."""
    from planning_check import store
    from planning_check.report.told.funds import closed

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        return closed(stored, store.fund_lines(engine, stored.id), by)


def fund_gaps(db_url: str, run: int | str | None = None) -> tuple[Closing, list[Gap]]:
    """The movements of money of a run that do not match, each with the cell that it stands in; and its closing by project."""
    from planning_check import store
    from planning_check.report.told.funds import closed

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        moved = store.fund_lines(engine, stored.id)
        return closed(stored, moved, "project"), gaps_of(engine, stored, moved)


def gaps_of(engine: Engine, stored: StoredRun, moved: Sequence[FundRow]) -> list[Gap]:
    """The same, of movements that were read already."""
    from planning_check import store
    from planning_check.report.told.funds import closed
    from planning_check.report.told.gaps import gaps

    found = gaps(moved, closed(stored, moved, "project"))
    cells = store.fund_cells(engine, stored.id, [gap.row for gap in found]) if found else {}
    told = [cells.get((gap.row.register, gap.row.item or "")) for gap in found]
    return [replace(gap, where=Place(c.file, c.sheet, c.row, c.letter)) if c else gap for gap, c in zip(found, told, strict=True)]


def rents(db_url: str, run: int | str | None = None, *, costs: Mapping[str, Decimal]) -> Rents:
    """What the rented offices of a run have paid so far. ``costs``: path -> yuan per m2."""
    from planning_check import store

    with store.reading(db_url) as engine:
        return rents_of(engine, store.load_run(engine, run), costs)


def rents_of(engine: Engine, stored: StoredRun, costs: Mapping[str, Decimal] | None = None) -> Rents:
    """The same of a run that was loaded already."""
    from planning_check import store
    from planning_check.report.told.rents import rents as told

    offices = list(store.findings(engine, stored.id, store.Filters(list="offices")))
    unresolved, paths = ([one for one in offices if one["rule_id"] == rule] for rule in ("OF01", "OF02"))
    return told(stored, unresolved, paths, costs or {})


def match(db_url: str, run: int | str | None = None, *, without: Sequence[str] = ()) -> Matching:
    """Which idle facility a run found for which office, perhaps without some facilities."""
    from planning_check import store
    from planning_check.report.told.matching import matching

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        return matching(stored, store.match_problem(engine, stored.id), without)


def coverage(db_url: str, run: int | str | None = None, *, by: str = "district") -> Coverage:
    """What the communities of a run have and lack, by community or district."""
    from planning_check import store
    from planning_check.report.told.coverage import covered

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        return covered(stored, store.coverage_lines(engine, stored.id), by)
