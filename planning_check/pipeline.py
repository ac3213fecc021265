"""The use cases, each read like a recipe: check a delivery, list findings, explain one, show and test the rules."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check import __version__
from planning_check.errors import SourceError, Text

if TYPE_CHECKING:
    import duckdb

    from planning_check.assess import Plan
    from planning_check.ingest import Delivery
    from planning_check.report.explaining import Explanation, RuleText
    from planning_check.report.summary import Summary
    from planning_check.rulebook.cases import CaseResult
    from planning_check.rulebook.loading import Rulebook
    from planning_check.store import Evidence

Progress = Callable[[str, float | None], None]
_PACKAGE = Path(__file__).parent


def bundled(name: str) -> Path:
    """The folder ``rules`` or ``data`` that ships with the package: inside an installed wheel, beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


@dataclass
class Stages:
    """Names the stage under way to ``progress`` and keeps the seconds of each."""

    progress: Progress | None = None
    seconds: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        if self.progress:
            self.progress(name, None)
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds.append((name, time.perf_counter() - begun))


@dataclass(frozen=True)
class CheckResult:
    """A run as recorded: its number, its summary and the seconds of every stage."""

    run_id: int
    summary: Summary
    timings: list[tuple[str, float]]


def check(
    paths: Sequence[Path],
    *,
    as_of: dt.date | None,
    today: dt.date,
    created_at: dt.datetime,
    db_url: str,
    rule_dirs: Sequence[Path] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    progress: Progress | None = None,
) -> CheckResult:
    """Check a delivery (the bundled city if no path is given) and record the run.

    ``as_of``: the day of the check; without it the delivery's own, else ``today``. Raises SourceError if nothing could
    be read or nothing can be checked, RulebookError and UsageError before anything is read.
    """
    import duckdb

    from planning_check.report.summary import summarise
    from planning_check.store import open_store, save_run, totals

    stages = Stages(progress)
    with stages.stage("rules"):
        book = load_rules(rule_dirs)
        plan = book.plan(select, ignore)
        store = open_store(db_url)
    con = duckdb.connect()
    try:
        with stages.stage("read"):
            delivery = _read(con, paths, progress)
        day = as_of or delivery.as_of or today
        with stages.stage("facts"):
            _measure(con, day)
        with stages.stage("judge"):
            _judge(con, plan)
        with stages.stage("record"):
            manifest = _manifest(con, book, plan, delivery, day, created_at, select, ignore)
            manifest["delivered_at"] = [str(path.resolve()) for path in paths]
            run_id = save_run(store, con, manifest)
    finally:
        con.close()
    with stages.stage("summary"):
        summary = summarise(totals(store, run_id))
    return CheckResult(run_id, summary, stages.seconds)


def load_rules(rule_dirs: Sequence[Path] = ()) -> Rulebook:
    """The bundled rules with the city's own folders laid over them."""
    from planning_check.rulebook.loading import load

    return load([bundled("rules"), *rule_dirs])


def _read(con: duckdb.DuckDBPyConnection, paths: Sequence[Path], progress: Progress | None) -> Delivery:
    from planning_check.ingest import load

    delivery = load(con, list(paths) or [bundled("data") / "demo"], progress)
    usable = con.execute("SELECT (SELECT count(*) FROM projects) + (SELECT count(*) FROM offices)").fetchone()[0]
    if not usable:
        problems = con.execute("SELECT what_zh, what_en FROM problem ORDER BY problem_no LIMIT 3").fetchall()
        raise SourceError(
            Text(
                "没有可以检查的内容：没有一行可用的开发项目或社区办公用房",
                "nothing to check: no usable row of development projects or community offices",
            ),
            why=Text("；".join(p[0] for p in problems), "; ".join(p[1] for p in problems)) if problems else None,
            fix=Text("对照 data/README.md 检查表名和表头", "compare sheet names and headers with data/README.md"),
        )
    return delivery


def _measure(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> None:
    from planning_check.facts.measuring import measure
    from planning_check.geo.near import locate_offices

    locate_offices(con, as_of)
    measure(con, as_of)


def _judge(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    from planning_check import assess
    from planning_check.facts.measuring import keep_cited_rows
    from planning_check.geo.collect import project_geometries

    assess.create_law(con, plan)
    assess.govern(con, plan)
    assess.base(con, plan)
    assess.judge(con, plan)
    assess.collect(con, plan)
    wrong = assess.imbalance(con, plan)
    if wrong:
        raise AssertionError(f"outcomes do not add up to rules x subjects: {wrong}")
    keep_cited_rows(con, plan.subjects)
    project_geometries(con)
    con.execute(_SUBJECT_GEOMETRY)


_SUBJECT_GEOMETRY = """
CREATE OR REPLACE TABLE subject_geometry AS
WITH shape AS (
    SELECT 'project' AS subject, project_id AS subject_key, crs, geometry FROM project_geometry
    UNION ALL SELECT 'office', office_id, geometry_crs, geometry FROM offices WHERE geometry IS NOT NULL
    UNION ALL SELECT 'premises', premises_id, geometry_crs, geometry FROM premises WHERE geometry IS NOT NULL
)
SELECT s.* FROM shape s JOIN cited_subject USING (subject, subject_key) ORDER BY s.subject, s.subject_key
"""


def _manifest(
    con: duckdb.DuckDBPyConnection, book: Rulebook, plan: Plan, delivery: Delivery, as_of: dt.date, created_at: dt.datetime,
    select: Sequence[str], ignore: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """What the run depended on: input and rule digests, versions, options, control totals, the ordinances used."""
    import duckdb

    from planning_check.rulebook.texts import ordinance_record, rule_record

    judged = {r.id for r in plan.rules}
    inputs = con.execute("SELECT DISTINCT file, sha256 FROM source ORDER BY file").fetchall()
    totals = con.execute(
        "SELECT coalesce(sum(rows_read), 0)::BIGINT, coalesce(sum(rows_used), 0)::BIGINT, coalesce(sum(rows_quarantined), 0)::BIGINT FROM source"
    ).fetchone()
    ordinances = con.execute(
        "SELECT v.ordinance_id, count(*) FROM governing_project g JOIN law_version v USING (version_no) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    states = con.execute("SELECT law_state, count(*) FROM governing_project GROUP BY 1 ORDER BY 1").fetchall()
    governed = dict(ordinances)
    by = {
        "as_of": as_of.isoformat(),
        "inputs": dict(inputs),
        "rules": book.hashes,
        "rules_off": book.off,
        "overrides": book.overridden,
        "select": list(select),
        "ignore": list(ignore),
        "tool_version": __version__,
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
        "ordinances": [{**ordinance_record(o), "projects": governed.get(o.id, 0)} for o in book.ordinances],
        "rules_run": [rule_record(r, book.measures) for r in book.rules if r.id in judged],
    }  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Findings of a run as chosen: how many there are, and the rows as they are read."""

    run_id: int
    count: int
    header: dict[str, Any]
    rows: Iterable[dict[str, Any]]


def findings(db_url: str, run: int | None = None, **chosen: Any) -> Found:
    """The findings of a run (the latest if none is named). ``chosen``: list, rule, outcome, district, subject, limit."""
    from planning_check import store

    engine = store.open_store(db_url, write=False)
    stored = store.load_run(engine, run)
    filters = store.Filters(**chosen)
    both = [{"zh": t.zh, "en": t.en} if t else None for t in (stored.title, stored.notice)]
    header = {
        "as_of": stored.as_of.isoformat(),
        "digest": stored.digest,
        "tool_version": stored.tool_version,
        "title": both[0],
        "notice": both[1],
    }
    rows = store.findings(engine, stored.id, filters)
    return Found(stored.id, store.count(engine, stored.id, replace(filters, limit=None)), header, rows)


def export(kind: str, found: Found, lang: str) -> Iterator[str]:
    """The findings as csv, json, jsonl or a table, in pieces."""
    from planning_check.report import exports

    return exports.export(kind, found.header, found.rows, lang)


def explain_rule(rule_id: str, rule_dirs: Sequence[Path] = ()) -> RuleText:
    """A rule as it stands now, with the ordinances whose clauses it reads."""
    from planning_check.report.explaining import RuleText
    from planning_check.rulebook.cases import read_cases
    from planning_check.rulebook.texts import ordinance_record, rule_record

    book = load_rules(rule_dirs)
    rule = book.rule(rule_id)
    return RuleText(rule_record(rule, book.measures), tuple(ordinance_record(o) for o in book.ordinances), len(read_cases(rule)))


def explain_subject(db_url: str, rule_id: str, subject: str, run: int | None = None) -> Explanation:
    """What a run holds on one rule and one subject: outcome, arithmetic, law, and the cells that the facts came from."""
    from planning_check import store
    from planning_check.report.explaining import explain

    engine = store.open_store(db_url, write=False)
    evidence = store.evidence(engine, rule_id, subject, run, letters=_letters())
    if evidence.finding is None:
        evidence = _derive_again(evidence) or evidence
    return explain(evidence)


def _letters() -> dict[str, str]:
    """The register's letter -> outcome."""
    from planning_check.assess import OUTCOMES

    return {letter: outcome for outcome, letter in OUTCOMES.items()}


def _derive_again(evidence: Evidence) -> Evidence | None:
    """The evidence of an outcome that is no finding, from the delivery itself, if it and the rules are still the same.

    A run keeps the evidence of its findings only; a pass is derived anew from the same files by the same rules.
    """
    import tempfile

    import duckdb

    from planning_check import store
    from planning_check.assess import OUTCOMES

    manifest = evidence.run.manifest
    book = load_rules()
    paths = [Path(path) for path in manifest.get("delivered_at", ())]
    if manifest.get("rules") != book.hashes or not all(path.exists() for path in paths):
        return None
    con = duckdb.connect()
    try:
        delivery = _read(con, paths, None)
        if dict(con.execute("SELECT DISTINCT file, sha256 FROM source").fetchall()) != manifest["inputs"]:
            return None
        plan = book.plan([evidence.rule.rule_id], shown=tuple(OUTCOMES))
        _measure(con, evidence.run.as_of)
        _judge(con, plan)
        remade = _manifest(con, book, plan, delivery, evidence.run.as_of, dt.datetime(1, 1, 1), (), ())
        with tempfile.TemporaryDirectory() as folder:
            beside = store.open_store(f"sqlite:///{Path(folder).as_posix()}/evidence.sqlite")
            store.save_run(beside, con, remade)
            found = store.evidence(beside, evidence.rule.rule_id, evidence.subject_key, letters=_letters())
            beside.dispose()
    finally:
        con.close()
    return replace(found, run=evidence.run) if found.outcome == evidence.outcome else None


def rules_list(rule_dirs: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Every rule as a record, in the order of their ids."""
    from planning_check.rulebook.texts import rule_record

    book = load_rules(rule_dirs)
    return [rule_record(rule, book.measures) for rule in book.rules]


def rules_test(rule_dirs: Sequence[Path] = (), select: Sequence[str] = ()) -> list[CaseResult]:
    """Run the worked cases of the rules (all, or those chosen) and, with all, of the ordinances."""
    from planning_check.rulebook.cases import run_cases

    book = load_rules(rule_dirs)
    wanted = [s.upper() for s in select]
    rules = [r for r in book.rules if not wanted or any(r.id.startswith(w) for w in wanted)]
    if wanted and not rules:
        book.rule(select[0])
    return run_cases(book, rules, () if wanted else book.ordinances)
