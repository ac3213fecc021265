"""The sums of a run put into words and order: a summary is made here, and shown elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from planning_check.errors import Place, Text
from planning_check.record.waiver import told as waivers_told
from planning_check.report.told.cities import NOT_KNOWN, Cities, cities_of
from planning_check.report.told.corrections import corrected
from planning_check.report.told.disagreements import disagreements
from planning_check.report.told.facts import fact_label, missing_label
from planning_check.report.told.open_questions import open_of
from planning_check.report.told.profile import figures
from planning_check.report.told.seen import lacking, seen
from planning_check.report.told.standing import Stands, stands
from planning_check.report.told.summary import (
    UNREAD,
    Asked,
    Exposed,
    ListLine,
    ListSummary,
    OrdinanceLine,
    ProblemKind,
    Reading,
    Register,
    RuleCount,
    SourceLine,
    Stage,
    Summary,
    Sums,
    Unjudged,
)
from planning_check.report.told.verdict import is_marginal
from planning_check.report.told.waiting import waiting
from planning_check.schema import BY_NAME
from planning_check.words import LISTS, OUTCOMES, SEVERITIES, SUBJECTS


def summarise(totals: Any) -> Summary:
    """The summary of ``planning_check.store.RunTotals``."""
    run, manifest = totals.run, totals.run.manifest
    cities = cities_of(manifest)
    city = figures(totals.profile, cities)
    waits = waiting({rule.rule_id: rule.subject for rule in totals.rules}, totals.unjudged)
    read = seen(totals.sheets, totals.sources, totals.headings, [p for p in totals.problems if p.source_id is None], waits)
    lists = tuple(_list(code, totals, city.without_office, cities) for code in LISTS)
    return Summary(
        run.id, run.digest, run.as_of, run.tool_version, run.title, run.notice,
        sources=tuple(
            SourceLine(s.file, s.sheet, s.table_name, s.rows_read, s.rows_used, s.rows_quarantined, s.problems) for s in totals.sources
        ),
        seen=read,
        lacking=lacking(read, waits),
        problems=tuple(sorted(_folded(map(_problem, totals.problems)), key=lambda kind: kind.weight)),
        lists=lists,
        unjudged=tuple(_unjudged(u, totals.rules) for u in totals.unjudged),
        ask_first=tuple(_asked(a, totals.rules) for a in totals.ask_first),
        exposed=next((Exposed(*row) for row in totals.exposed if row.projects), None),
        robustness=tuple((r.robustness, r.findings) for r in totals.robustness),
        readings=_readings(totals.alternatives),
        register=_register(totals),
        ordinances=tuple(
            OrdinanceLine(o["id"], Text(**o["title"]), o["from"], o["verified"], o["projects"]) for o in manifest.get("ordinances", ())
        ),
        law_states=tuple(sorted(manifest.get("law_states", {}).items())),
        lives=tuple(sorted(manifest.get("lives", {}).items())),
        planes=tuple(_plane_name(crs) for crs in manifest.get("planes", ())),
        figures=city,
        severities=tuple((code, sum(n for one in lists for c, n in one.severities if c == code)) for code in SEVERITIES),
        disagreements=disagreements(totals.disagreements),
        corrected=corrected(totals.corrections, totals.without),
        since=totals.since,
        stands=stands((one.case for one in totals.decided.findings), len(totals.decided.waived)),
        waivers=tuple(waivers_told(manifest.get("waivers", ()))),
        is_judged=_is_judged(totals),
        cities=cities,
    )  # fmt: skip


def _is_judged(totals: Any) -> bool:
    """Of the lists that people are accused in; whether a register is sound is no verdict on anybody."""
    rules = {r.rule_id for r in totals.rules if r.list not in _OF_RECORDS}
    outcomes = {c.outcome for c in totals.counts if c.rule_id in rules and c.subjects}
    return not outcomes & {"undetermined", "error"} or bool(outcomes - {"undetermined", "error", "not_applicable"})


def _plane_name(crs: str) -> str:
    """A code as it is; of a definition its name."""
    return crs if crs.startswith("EPSG:") else crs.split('"')[1]


_OF_RECORDS = ("leads", "data")
_NEEDED = (
    "correction_stale", "correction_unapplied", "correction_unreadable", "correction_conflict", "stale_mapping", "missing_column",
    "unknown_unit", "duplicate_column", "bare_heading", "hidden_sheet", "hidden_rows", "empty_register", "none_but_rows",
)  # fmt: skip
_NOT_USED = ("like_column", "other_column", "unused_columns")


def _problem(row: Any) -> ProblemKind:
    where = Place(row.file or "", row.sheet or None, row.row, row.letter)
    fix = Text(row.fix_zh or "", row.fix_en or "")
    weight = 1 if row.code in _NEEDED else 2 if row.code in _NOT_USED else 0 if row.source_id is None else 3 if row.quarantined else 4
    return ProblemKind(row.code, weight, bool(row.quarantined), row.cases, where, Text(row.what_zh, row.what_en), fix)


def _folded(kinds: Iterable[ProblemKind]) -> Iterator[ProblemKind]:
    """The sheets of one template that nobody filled in are one problem, which names them all; those that explain it are none."""
    blank: dict[tuple[str, Text], ProblemKind] = {}
    for kind in kinds:
        if kind.code != "template_untouched":
            yield from () if kind.code == "template_guide" else (kind,)
            continue
        before = blank.get((kind.where.file, kind.what))
        comma = ", " if (kind.where.sheet or "").isascii() else "、"
        sheets = comma.join(sheet for sheet in (before and before.where.sheet, kind.where.sheet) if sheet)
        count = kind.count + (before.count if before else 0)
        blank[kind.where.file, kind.what] = replace(kind, count=count, where=Place(kind.where.file, sheets or None))
    yield from blank.values()


def _list(code: str, totals: Any, without_office: int, cities: Cities) -> ListSummary:
    districts = [row for row in totals.districts if row.list == code]
    rules = {r.rule_id: r for r in totals.rules if r.list == code}
    stages = {stage["code"]: Text(stage["zh"], stage["en"]) for stage in totals.run.manifest.get("stages", ())}
    labels = {(s.rule_id, s.status): Text(s.label_zh, s.label_en) for s in totals.statuses}
    counts = [c for c in totals.counts if c.rule_id in rules]
    failed = {c.rule_id: c.subjects for c in counts if c.outcome == "violation"}
    total = Sums(
        sum(d.lines for d in districts),
        sum(d.findings for d in districts),
        *_added(districts),
        sum(d.with_area for d in districts),
    )
    gone = [line for line in totals.decided.dismissed if line.list == code]
    dismissed = _of_lines(gone)
    decided: dict[str, list[Any]] = {}
    for one in totals.decided.findings:
        if one.list == code:
            decided.setdefault(one.line, []).append(one.case)
    whole = {line.subject_key for line in gone}
    waived = Counter(line for of, line in totals.decided.waived if of == code)
    marked = [line for line in totals.decided.wholly_waived if line.list == code]
    stood = stands((case for cases in decided.values() for case in cases), waived.total())
    return ListSummary(
        code,
        total,
        dismissed,
        _of_lines(marked),
        replace(_less(total, dismissed), findings=total.findings - stood.of("dismissed")),
        stood,
        districts=tuple(
            (d.district_name or d.district_code or "", Sums(d.lines, d.findings, d.area_m2, d.yuan, d.yuan_min, d.with_area))
            for d in districts
        ),
        severities=tuple((s.severity, s.lines) for s in totals.severities if s.list == code),
        stages=_stages([s for s in totals.statuses if s.rule_id in rules], rules),
        rules=tuple(RuleCount(r.rule_id, Text(r.title_zh, r.title_en), failed[r.rule_id]) for r in rules.values() if r.rule_id in failed),
        lines=tuple(
            _line(
                row,
                rules[row.rule_id],
                stages,
                labels,
                stands(decided.get(row.subject_key, ()), waived[row.subject_key]),
                row.subject_key in whole,
            )
            for row in totals.lines
            if row.list == code
        ),
        open=open_of(rules.values(), counts, totals.unjudged, {s.table_name for s in totals.sources}, without_office, cities.lacking()),
        cities=_by_city(districts, cities),
    )


def _by_city(districts: Sequence[Any], cities: Cities) -> tuple[tuple[Text, Sums], ...]:
    """The sums of districts by the city that they are of: every city that was checked, then what is of none."""
    found: dict[Text, list[Any]] = {one.name: [] for one in cities.checked}
    for row in districts if cities else ():
        found.setdefault(cities.name(row.district_code), []).append(row)
    return tuple(
        (name, Sums(sum(d.lines for d in rows), sum(d.findings for d in rows), *_added(rows), sum(d.with_area for d in rows)))
        for name, rows in sorted(found.items(), key=lambda pair: pair[0] == NOT_KNOWN)
    )


def _of_lines(lines: Sequence[Any]) -> Sums:
    """The sums of some lines."""
    with_area = sum(line.area_m2 is not None for line in lines)
    return Sums(len(lines), sum(line.findings for line in lines), *_added(lines), with_area)


def _less(total: Sums, part: Sums) -> Sums:
    """What is left of sums without a part of them; none where no line is left that has any."""
    left, with_area = total.lines - part.lines, total.with_area - part.with_area

    def less(whole: Decimal | None, taken: Decimal | None, any_left: int) -> Decimal | None:
        return None if whole is None or not any_left else whole - (taken or 0)

    return Sums(
        left, total.findings - part.findings, less(total.area_m2, part.area_m2, with_area), less(total.yuan, part.yuan, left),
        less(total.yuan_min, part.yuan_min, left), with_area,
    )  # fmt: skip


def _added(rows: Sequence[Any]) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The sums of what is known of area, money and lower money; none where nothing is."""

    def of(name: str) -> Decimal | None:
        known = [value for row in rows if (value := getattr(row, name)) is not None]
        return sum(known, Decimal(0)) if known else None

    return of("area_m2"), of("yuan"), of("yuan_min")


def _stages(rows: Sequence[Any], rules: dict[str, Any]) -> tuple[Stage, ...]:
    """In the order in which the rule lists its classes, where it is on record."""

    def place(row: Any) -> tuple[str, int, str]:
        listed = [s["code"] for s in (rules[row.rule_id].text or {}).get("statuses", ())]
        return row.rule_id, listed.index(row.status) if row.status in listed else len(listed), row.status

    return tuple(
        Stage(s.rule_id, Text(s.label_zh, s.label_en), s.findings, s.area_m2, s.yuan, s.yuan_min) for s in sorted(rows, key=place)
    )  # fmt: skip


def _line(row: Any, rule: Any, stages: dict[str, Text], labels: dict[tuple[str, str], Text], stood: Stands, is_dismissed: bool) -> ListLine:
    statuses = [tuple(part.split(":", 1)) for part in (row.statuses or "").split(",") if part]
    return ListLine(
        row.subject, row.subject_key, row.subject_name or "", row.district_name or row.district_code or "", row.community_name or "",
        row.developer_name or "", row.severity, tuple(row.rules.split(",")), tuple(labels[s] for s in statuses if s in labels),
        row.area_m2, row.yuan, row.yuan_min, row.rule_id,
        stages.get((rule.text or {}).get("stage", ""), Text("", "")), rule.responsible or "", row.robustness or "",
        is_marginal(row.finding_severity, rule.severity),
        row.facts or {}, Text(row.message_zh or "", row.message_en or ""), stood, is_dismissed, row.district_code or "",
    )  # fmt: skip


def _unjudged(row: Any, rules: Sequence[Any]) -> Unjudged:
    rule = next(r for r in rules if r.rule_id == row.rule_id)
    missing = tuple(missing_label(rule, name) for name in row.missing or ())
    reason = Text(row.reason_zh, row.reason_en or row.reason_zh) if row.reason_zh else None
    return Unjudged(row.rule_id, Text(rule.title_zh, rule.title_en), missing, row.missing_owner or "", reason, row.subjects)


def _asked(row: Any, rules: Sequence[Any]) -> Asked:
    if row.name.startswith(UNREAD):
        table = BY_NAME[row.name.removeprefix(UNREAD)]
        label = Text(f"“{table.label.zh}”中看不出属于谁的记录", f"what cannot be read as anybody's in {table.label.en}")
        return Asked(row.name, label, table.fields[0].owner, row.subjects, row.settles, row.settled_yuan or Decimal(0))
    labels = (fact_label(subject, row.name) for subject in dict.fromkeys(("project", *(r.subject for r in rules))))
    label = next((text for text in labels if text.zh != row.name), Text(row.name, row.name))
    return Asked(row.name, label, row.owner or "", row.subjects, row.settles, row.settled_yuan or Decimal(0))


def _readings(rows: Sequence[Any]) -> tuple[Reading, ...]:
    """All rules together, the readings under which most falls first."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        counts = found.setdefault((row.clause, row.value), [0, 0, 0])
        for place, name in enumerate(("stand", "fall", "untested")):
            counts[place] += getattr(row, name)
    readings = [Reading(clause, value, *counts) for (clause, value), counts in found.items()]
    return tuple(sorted(readings, key=lambda r: (-r.fall, r.clause, r.value)))


def _register(totals: Any) -> Register:
    counts = dict.fromkeys(OUTCOMES, 0)
    ran: dict[str, set[str]] = {}
    of_rule = {r.rule_id: r.subject for r in totals.rules}
    for row in totals.counts:
        counts[row.outcome] += row.subjects
        ran.setdefault(of_rule.get(row.rule_id, ""), set()).add(row.rule_id)
    subjects = tuple(sorted(((r.subject, r.subjects, len(ran.get(r.subject, ()))) for r in totals.register), key=_subject_order))
    return Register(
        tuple((outcome, n) for outcome, n in counts.items() if n),
        subjects,
        sum(counts.values()),
        sum(n * rules for _, n, rules in subjects),
    )


def _subject_order(line: tuple[str, int, int]) -> int:
    order = list(SUBJECTS)
    return order.index(line[0]) if line[0] in order else len(order)
