"""The summary of a run: what was read, the lists with their sums, what could not be judged, whether it all adds up.

Pure data, made from the totals of the store (``planning_check.store.totals``); ``summary_text`` lays it out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from planning_check.errors import Place, Text
from planning_check.record.changes import Short
from planning_check.report.told.cities import NO_CITIES, Cities
from planning_check.report.told.corrections import Corrected
from planning_check.report.told.disagreements import Disagreement
from planning_check.report.told.numbers import amounts_text, counted, number
from planning_check.report.told.open_questions import Open, remedy
from planning_check.report.told.profile import Figures
from planning_check.report.told.seen import Seen
from planning_check.report.told.standing import Stands
from planning_check.report.told.waiting import Lacking
from planning_check.words import SEVERITIES

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
    """Problems of one kind in one column, or of one sheet or file: how many, the first of them, what to do. ``weight``: 0 something was
    not read, 1 a needed column or its unit is missing, or rows are hidden, 2 columns are not used, 3 rows set aside, 4 the rest."""

    code: str
    weight: int
    quarantined: bool
    count: int
    where: Place
    what: Text
    fix: Text


@dataclass(frozen=True)
class Sums:
    """Lines and their sums; area and money are none where no line has any. ``yuan_min`` is the lower of two amounts; ``with_area``: how
    many of the lines have an area, on the list of violations those on which something is missing."""

    lines: int
    findings: int
    area_m2: Decimal | None
    yuan: Decimal | None
    yuan_min: Decimal | None
    with_area: int = 0


@dataclass(frozen=True)
class ListLine:
    """One project or office on a list, with the rules it fails. Area and money belong together: what is missing and its worth, or on a
    list that tells of nothing missing those of one finding.

    ``leads`` is the rule of the finding that says what is missing, else of the one that weighs most; ``stage``, ``bureau``,
    ``robustness``, ``facts`` and ``message`` are that finding's; ``is_marginal``: it is a small matter of a rule whose matters are grave.
    ``stands``: what was decided about its findings; ``is_dismissed``: all of them are, and it accuses nobody.
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
    leads: str
    stage: Text
    bureau: str
    robustness: str
    is_marginal: bool
    facts: dict[str, str | None]
    message: Text
    stands: Stands
    is_dismissed: bool
    district_code: str = ""


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
    """One list: its sums, the same by district and by severity, stages, rules, the lines that weigh most, and what is open.

    ``dismissed``: of ``total``, the lines of which every finding is dismissed; ``accused``: the others, with the findings that are not;
    ``waived``: of ``total``, the lines of which a waiver marks every finding: they stay accused.
    ``stands``: what was decided. ``cities``: of a province's run, the same by city, those without a line too.
    """

    code: str
    total: Sums
    dismissed: Sums
    waived: Sums
    accused: Sums
    stands: Stands
    districts: tuple[tuple[str, Sums], ...]
    severities: tuple[tuple[str, int], ...]
    stages: tuple[Stage, ...]
    rules: tuple[RuleCount, ...]
    lines: tuple[ListLine, ...]
    open: Open
    cities: tuple[tuple[Text, Sums], ...] = ()

    def by_place(self, lang: str) -> list[tuple[str, Sums]]:
        """The sums by city where there are cities, else by district; '' for what is not known."""
        return [(name.get(lang), sums) for name, sums in self.cities] or list(self.districts)

    @property
    def accused_lines(self) -> list[ListLine]:
        """The lines that accuse somebody still, worst first, as far as they were read."""
        return [line for line in self.lines if not line.is_dismissed]

    @property
    def nobody_accused(self) -> Text:
        """What to say where no line accuses anybody: that all were dismissed, that none was found, or why that is not known."""
        if n := self.dismissed.lines:
            return Text(f"查出的 {number(n)} 行会议都不予认定", f"all {counted(n, 'line')} found were dismissed by the meeting")
        return self.open.nothing_found()

    @property
    def of_which(self) -> Text:
        """What of its sums is dismissed, and so no accusation any more, and what is waived, and stays one; '' where nothing is."""
        gone, kept = self.stands.of("dismissed"), self.stands.waived
        parts = [Text(f"其中不予认定 {told.zh}，不再列为违规", f"of which dismissed: {told.en}; no longer held against anybody")
                 for told in [_part(gone, self.dismissed)] if gone]  # fmt: skip
        parts += [
            Text(f"其中豁免 {told.zh}，到期再追究", f"of which waived: {told.en}; for a time")
            for told in [_part(kept, self.waived)]
            if kept
        ]
        return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def _part(findings: int, sums: Sums) -> Text:
    """How many findings, and what of it is whole lines."""
    parts = [Text(f"{number(findings)} 条", counted(findings, "finding"))]
    if sums.lines:
        parts.append(Text(f"整行 {number(sums.lines)} 行", f"{counted(sums.lines, 'line')} in whole"))
    if sums.area_m2 is not None:
        parts.append(Text(f"{number(sums.area_m2)} ㎡", f"{number(sums.area_m2)} ㎡"))
    if sums.yuan is not None:
        parts.append(Text(*(amounts_text(sums.yuan_min, sums.yuan, lang) for lang in ("zh", "en"))))
    return Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


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


#: Without their rows there is nothing to hold against the rules.
_CORE = ("projects", "offices")


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
    seen: tuple[Seen, ...]
    lacking: tuple[Lacking, ...]  # registers and columns not delivered that open outcomes would read
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
    corrected: Corrected
    disagreements: tuple[Disagreement, ...]
    since: Short | None  # against the run before
    stands: Stands  # what was decided about the violations of all lists
    waivers: tuple[Text, ...]  # what has become of the waivers of the rules, a line each that is not in force
    is_judged: bool  # whether any verdict of the lists could be given; without, "none found" would be no answer
    cities: Cities = NO_CITIES  # of a province's run

    @property
    def lost(self) -> tuple[SourceLine, ...]:
        """The sheets of projects and offices, where not one of their rows was used."""
        of_table = {name: [source for source in self.sources if source.table == name] for name in _CORE}
        return tuple(s for some in of_table.values() if not any(one.used for one in some) for s in some if s.read)

    @property
    def remedy(self) -> Text | None:
        """What to do about the registers that verdicts of the lists lack, if any."""
        return remedy(label for one in self.lists for label in one.open.undelivered)

    def of(self, code: str) -> ListSummary:
        """The list of that code."""
        return next(found for found in self.lists if found.code == code)

    def failing(self, severity: str) -> int:
        """Lines with a violation at or above a severity."""
        order = list(SEVERITIES)
        return sum(lines for code, lines in self.severities if order.index(code) <= order.index(severity))
