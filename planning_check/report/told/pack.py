"""What the reports of one run are made from: read once, in the order of the run, the same for every kind of file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.cases import Case
from planning_check.record.changes import Differing
from planning_check.record.correction import CorrectionRow, DisagreementRow, WithoutRow
from planning_check.record.evidence import Cell
from planning_check.record.finding import Finding
from planning_check.record.run import BalanceRow, Since, StoredRun
from planning_check.report.told.cities import Cities, cities_of
from planning_check.report.told.returns import Return
from planning_check.report.told.standing import ACCUSED
from planning_check.report.told.summary import Summary
from planning_check.words import SEVERITIES

if TYPE_CHECKING:
    from planning_check.record.unchecked import Unchecked
    from planning_check.report.told.controls import Controls
    from planning_check.report.told.coverage import Coverage
    from planning_check.report.told.dossier import OfDeveloper
    from planning_check.report.told.funds import Closing
    from planning_check.report.told.gaps import Gap
    from planning_check.report.told.league import League
    from planning_check.report.told.matching import Matching
    from planning_check.report.told.rents import Rents
    from planning_check.report.told.rooms import Rooms


@dataclass(frozen=True)
class Pack:
    """One recorded run for its reports.

    ``summary``: with every line of every list. ``rules``: rows of rule_id, subject, list, severity, responsible, consequence,
    title_zh, title_en, text (the rule as people read it). ``findings``: called with the choices of ``store.Filters`` gives the findings,
    streamed; ``count`` the same, how many. ``shapes``: rows of subject (parcel, premises, community, office, idle_facility), subject_key,
    project_id, name, crs, geometry (WKB). ``problems``: every problem of the delivery.
    ``since``: against the run before, None for the first. ``corrections``: the register of corrections; ``without``: the outcomes that
    turn on it; ``disagreements``: what sources tell differently; ``returns``: what goes back to be
    corrected at source.
    ``templates``: folder of an office's own templates of notices. ``coverage`` by district,
    ``matching``: None for runs that recorded none; ``coverage_of_cities``: by city where there are cities, else by district, too.
    ``funds`` by project, community and year; ``fund_gaps``: the movements of money that do not match. ``cases``: those of the series that
    something was done about, where they stand by now. ``head``: the last entry of the series' log as it is printed (series:number:hash), ''
    for none: paper is the witness. ``changes``: against the run before, without judging again; None for the first.
    ``marginal``: whether letters are wanted for what is marginal, too.
    ``cells``: of the findings of rules and subject keys, the delivered cells, by both. ``days``: of projects, the place and days by which
    the law governs them, by their ids.
    ``rooms``: idle facilities and offices without title. ``rents``, ``controls``, ``unchecked``, ``developers``: what the commands of these
    names tell; ``league``: the cities of a province's run, None for one delivery. All are read when they are called for, once.
    """

    run: StoredRun
    summary: Summary
    rules: Sequence[Any]
    findings: Callable[..., Iterator[Finding]]
    count: Callable[..., int]
    balance: Sequence[BalanceRow]
    shapes: Callable[[], Sequence[Any]]
    problems: Sequence[Any]
    since: Since | None
    corrections: Sequence[CorrectionRow] = ()
    without: Sequence[WithoutRow] = ()
    disagreements: Sequence[DisagreementRow] = ()
    returns: Sequence[Return] = ()
    templates: Path | None = None
    coverage: Coverage | None = None
    coverage_of_cities: Coverage | None = None
    matching: Matching | None = None
    funds: Sequence[Closing] = ()
    fund_gaps: Sequence[Gap] = ()
    cases: Mapping[str, Case] = field(default_factory=dict)
    head: str = ""
    changes: Differing | None = None
    marginal: bool = False
    cells: Callable[[Mapping[str, Sequence[str]]], Mapping[tuple[str, str], Sequence[Cell]]] | None = None
    days: Callable[[Collection[str]], Mapping[str, Mapping[str, Any]]] | None = None
    rents: Callable[[], Rents] | None = None
    controls: Callable[[], Controls] | None = None
    rooms: Callable[[], Sequence[Rooms]] | None = None
    unchecked: Callable[[], Unchecked] | None = None
    developers: Callable[[], Sequence[OfDeveloper]] | None = None
    league: Callable[[], League] | None = None

    @cached_property
    def cities(self) -> Cities:
        """Those of a province's run."""
        return cities_of(self.run.manifest)

    @property
    def accused(self) -> dict[str, Any]:
        """The choice of findings that are not dismissed: nothing to choose where nothing is."""
        return {"states": ACCUSED} if self.summary.stands.of("dismissed") else {}

    def gravest(self, most: int, **chosen: Any) -> Iterator[Finding]:
        """The findings of a choice by severity, the gravest first, at most so many."""
        for severity in SEVERITIES:
            if most <= 0:
                return
            for finding in self.findings(severity=severity, limit=most, **chosen):
                most -= 1
                yield finding
