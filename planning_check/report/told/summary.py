"""The summary of a run: what was read, the lists with their sums, what could not be judged, whether it all adds up.

Pure data, made from the totals of the store (``planning_check.store.totals``); ``summary_text`` lays it out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planning_check.errors import Place, Text
from planning_check.report.told.facts import fact_label
from planning_check.report.told.numbers import number
from planning_check.report.told.open_questions import Open, open_of
from planning_check.report.told.profile import Figures, figures
from planning_check.schema import BY_NAME
from planning_check.words import LISTS, OUTCOMES, SEVERITIES, SUBJECTS

#: How the records ask for what could not be read of a register.
UNREAD = "unread:"


@dataclass(frozen=True)
class SourceLine:
    """One sheet or layer: rows read = used + quarantined."""

    file: str
    sheet: str
    table: str
    read: int
    used: int
    quarantined: int
    problems: int


@dataclass(frozen=True)
class ProblemKind:
    """One kind of problem in the delivery: how many, the first of them, what to do."""

    code: str
    quarantined: bool
    count: int
    where: Place
    what: Text
    fix: Text


@dataclass(frozen=True)
class Sums:
    """Lines and their sums; area and money are none where no line has any. ``yuan_min`` is the lower of two amounts."""

    lines: int
    findings: int
    area_m2: Decimal | None
    yuan: Decimal | None
    yuan_min: Decimal | None


@dataclass(frozen=True)
class ListLine:
    """One project or office on a list, with the rules it fails; area and money are the largest of its findings.

    ``weightiest`` is the rule of the finding that weighs most; ``facts`` and ``message`` are that finding's.
    """

    subject: str
    key: str
    name: str
    district: str
    community: str
    developer: str
    severity: str
    rules: tuple[str, ...]
    statuses: tuple[Text, ...]
    area_m2: Decimal | None
    yuan: Decimal | None
    yuan_min: Decimal | None
    weightiest: str
    facts: dict[str, str | None]
    message: Text


@dataclass(frozen=True)
class Stage:
    """One class of one rule's violations, such as the stage of a forfeiture case."""

    rule_id: str
    label: Text
    findings: int
    area_m2: Decimal | None
    yuan: Decimal | None
    yuan_min: Decimal | None


@dataclass(frozen=True)
class RuleCount:
    """How many subjects fail one rule of a list."""

    rule_id: str
    title: Text
    violations: int


@dataclass(frozen=True)
class ListSummary:
    """One list: its sums, the same by district and by severity, stages, rules, the lines that weigh most, and what is open."""

    code: str
    total: Sums
    districts: tuple[tuple[str, Sums], ...]
    severities: tuple[tuple[str, int], ...]
    stages: tuple[Stage, ...]
    rules: tuple[RuleCount, ...]
    lines: tuple[ListLine, ...]
    open: Open


@dataclass(frozen=True)
class Unjudged:
    """How many subjects a rule could not judge for want of the same facts; ``owners`` must supply them."""

    rule_id: str
    title: Text
    missing: tuple[Text, ...]
    owners: str
    reason: Text | None
    subjects: int


@dataclass(frozen=True)
class Asked:
    """One missing fact: the open verdicts that lack it, how many projects it alone would settle, and the money in those."""

    name: str
    label: Text
    owner: str
    subjects: int
    settles: int
    settled_yuan: Decimal

    @property
    def is_first(self) -> bool:
        """Whether it is worth asking first: it settles money, or accusations rest on it."""
        return bool(self.settled_yuan) or self.name.startswith(UNREAD)


@dataclass(frozen=True)
class Exposed:
    """What is at stake in open verdicts, from the best to the worst that the unknown can be.

    The money is that of the ``priced`` projects alone; none where no unit price is known.
    """

    projects: int
    priced: int
    area_min_m2: Decimal
    area_max_m2: Decimal
    min_yuan: Decimal | None
    max_yuan: Decimal | None

    @property
    def money(self) -> Text:
        """The money in words, with how many projects it leaves out."""
        if not self.priced:
            return Text("金额不明（没有单价）", "an unknown sum of money (no unit price)")
        said = f"{number(self.min_yuan)} - {number(self.max_yuan)}"
        if left := self.projects - self.priced:
            return Text(f"{said} 元（{number(left)} 个没有单价，未计）", f"{said} yuan ({number(left)} without unit price not counted)")
        return Text(f"{said} 元", f"{said} yuan")


@dataclass(frozen=True)
class Reading:
    """One other reading of the law (clause and value): how many violations stand and fall under it."""

    clause: str
    value: str
    stand: int
    fall: int
    untested: int


@dataclass(frozen=True)
class Register:
    """Every rule and subject has one outcome: ``total`` of them, ``expected`` = rules x subjects, kind by kind."""

    outcomes: tuple[tuple[str, int], ...]
    subjects: tuple[tuple[str, int, int], ...]
    total: int
    expected: int


@dataclass(frozen=True)
class OrdinanceLine:
    """One ordinance that judged, and whether anyone has verified its text."""

    id: str
    title: Text
    begins: str
    verified: bool
    projects: int


@dataclass(frozen=True)
class Summary:
    """A run as a person reads it."""

    run_id: int
    digest: str
    as_of: dt.date
    tool_version: str
    title: Text | None
    notice: Text | None
    sources: tuple[SourceLine, ...]
    problems: tuple[ProblemKind, ...]
    lists: tuple[ListSummary, ...]
    unjudged: tuple[Unjudged, ...]
    ask_first: tuple[Asked, ...]
    exposed: Exposed | None
    robustness: tuple[tuple[str, int], ...]
    readings: tuple[Reading, ...]
    register: Register
    ordinances: tuple[OrdinanceLine, ...]
    law_states: tuple[tuple[str, int], ...]
    lives: tuple[tuple[str, int], ...]  # projects that were cancelled, merged, split, or of which that is not known
    planes: tuple[str, ...]
    figures: Figures
    severities: tuple[tuple[str, int], ...]

    def of(self, code: str) -> ListSummary:
        return next(found for found in self.lists if found.code == code)

    def failing(self, severity: str) -> int:
        """Lines with a violation at or above a severity."""
        order = list(SEVERITIES)
        return sum(lines for code, lines in self.severities if order.index(code) <= order.index(severity))


def summarise(totals: Any) -> Summary:
    """The summary of ``planning_check.store.RunTotals``."""
    run, manifest = totals.run, totals.run.manifest
    lists = tuple(_list(code, totals) for code in LISTS)
    return Summary(
        run.id, run.digest, run.as_of, run.tool_version, run.title, run.notice,
        sources=tuple(
            SourceLine(s.file, s.sheet, s.table_name, s.rows_read, s.rows_used, s.rows_quarantined, s.problems) for s in totals.sources
        ),
        problems=tuple(_problem(p) for p in totals.problems),
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
        figures=figures(totals.profile),
        severities=tuple((code, sum(n for one in lists for c, n in one.severities if c == code)) for code in SEVERITIES),
    )  # fmt: skip


def _plane_name(crs: str) -> str:
    """A code as it is; of a definition its name."""
    return crs if crs.startswith("EPSG:") else crs.split('"')[1]


def _problem(row: Any) -> ProblemKind:
    where = Place(row.file or "", row.sheet or None, row.row, row.letter)
    fix = Text(row.fix_zh or "", row.fix_en or "")
    return ProblemKind(row.code, bool(row.quarantined), row.cases, where, Text(row.what_zh, row.what_en), fix)


def _list(code: str, totals: Any) -> ListSummary:
    districts = [row for row in totals.districts if row.list == code]
    rules = {r.rule_id: r for r in totals.rules if r.list == code}
    labels = {(s.rule_id, s.status): Text(s.label_zh, s.label_en) for s in totals.statuses}
    counts = [c for c in totals.counts if c.rule_id in rules]
    failed = {c.rule_id: c.subjects for c in counts if c.outcome == "violation"}
    return ListSummary(
        code,
        total=Sums(sum(d.lines for d in districts), sum(d.findings for d in districts), *_added(districts)),
        districts=tuple(
            (d.district_name or d.district_code or "", Sums(d.lines, d.findings, d.area_m2, d.yuan, d.yuan_min)) for d in districts
        ),
        severities=tuple((s.severity, s.lines) for s in totals.severities if s.list == code),
        stages=_stages([s for s in totals.statuses if s.rule_id in rules], rules),
        rules=tuple(RuleCount(r.rule_id, Text(r.title_zh, r.title_en), failed[r.rule_id]) for r in rules.values() if r.rule_id in failed),
        lines=tuple(_line(row, labels) for row in totals.lines if row.list == code),
        open=open_of(rules.values(), counts, totals.unjudged, {s.table_name for s in totals.sources}),
    )


def _added(rows: Sequence[Any]) -> tuple[Decimal | None, ...]:
    """The sums of what is known; none where nothing is."""
    known = [[v for v in (getattr(row, name) for row in rows) if v is not None] for name in ("area_m2", "yuan", "yuan_min")]
    return tuple(sum(values, Decimal(0)) if values else None for values in known)


def _stages(rows: Sequence[Any], rules: dict[str, Any]) -> tuple[Stage, ...]:
    """In the order in which the rule lists its classes, where it is on record."""

    def place(row: Any) -> tuple[str, int, str]:
        listed = [s["code"] for s in (rules[row.rule_id].text or {}).get("statuses", ())]
        return row.rule_id, listed.index(row.status) if row.status in listed else len(listed), row.status

    return tuple(
        Stage(s.rule_id, Text(s.label_zh, s.label_en), s.findings, s.area_m2, s.yuan, s.yuan_min) for s in sorted(rows, key=place)
    )  # fmt: skip


def _line(row: Any, labels: dict[tuple[str, str], Text]) -> ListLine:
    statuses = [tuple(part.split(":", 1)) for part in (row.statuses or "").split(",") if part]
    return ListLine(
        row.subject, row.subject_key, row.subject_name or "", row.district_name or row.district_code or "", row.community_name or "",
        row.developer_name or "", row.severity, tuple(row.rules.split(",")), tuple(labels[s] for s in statuses if s in labels),
        row.area_m2, row.yuan, row.yuan_min, row.rule_id, row.facts or {}, Text(row.message_zh or "", row.message_en or ""),
    )  # fmt: skip


def _unjudged(row: Any, rules: Sequence[Any]) -> Unjudged:
    rule = next(r for r in rules if r.rule_id == row.rule_id)
    missing = tuple(fact_label(rule.subject, name) for name in row.missing or ())
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
