"""All that stands against one developer, in one community or before one bureau: cases, areas, money, credit entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from planning_check.record.finding import Finding
from planning_check.record.run import BalanceRow, StoredRun

#: States in which a case still has to be seen to.
PENDING = ("open", "deferred", "confirmed", "reported")


@dataclass
class Part:
    """One list of it. Areas and money are the largest of each subject's project, not the sum over rules that see the same square metres.
    ``without_area``, ``without_yuan``: violations of which none is known or told, in no sum."""

    violations: int = 0
    without_area: int = 0
    without_yuan: int = 0
    areas: dict[str, Decimal] = field(default_factory=dict)
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        self.violations += 1
        whose = finding["project_id"] or f"{finding['subject']} {finding['subject_key']}"
        for value, largest in ((finding["area_m2"], self.areas), (finding["yuan"], self.sums)):
            if value is not None:
                largest[whose] = max(value, largest.get(whose, value))
        self.without_area += finding["area_m2"] is None
        self.without_yuan += finding["yuan"] is None

    @property
    def area_m2(self) -> Decimal | None:
        """None where no violation of it has one."""
        return sum(self.areas.values(), Decimal(0)) if self.areas else None

    @property
    def yuan(self) -> Decimal | None:
        return sum(self.sums.values(), Decimal(0)) if self.sums else None


@dataclass(frozen=True)
class Owed:
    """What is left of the obligations of some projects; ``unknown``: projects of which nobody knows, in neither sum."""

    projects: int
    residual_m2: Decimal
    residual_yuan: Decimal
    unknown: int
    unpriced: int


@dataclass(frozen=True)
class Dossier:
    """``parts``: by list. ``states``: of the cases of its violations. ``credit``: violations to be entered in the credit record, by whether
    the case is confirmed. ``owed``: of its projects, none for a bureau. ``waived``: violations
    that a waiver marks, in every figure all the same."""

    run: StoredRun
    whom: tuple[tuple[str, str], ...]
    subjects: int
    parts: dict[str, Part]
    states: Counter[str]
    outcomes: Counter[str]
    credit: Counter[str]
    owed: Owed | None
    waived: int = 0


def dossier(run: StoredRun, whom: Sequence[tuple[str, str]], findings: Iterable[Finding], balance: Sequence[BalanceRow] | None) -> Dossier:
    """``whom``: (developer, community or bureau, which); ``balance``: its projects', none for a bureau. The findings are streamed."""
    parts: dict[str, Part] = {}
    states, outcomes, credit = Counter[str](), Counter[str](), Counter[str]()
    subjects, waived = set(), 0
    for finding in findings:
        outcomes[finding["outcome"]] += 1
        if finding["outcome"] != "violation":
            continue
        subjects.add((finding["subject"], finding["subject_key"]))
        parts.setdefault(finding["list"], Part()).add(finding)
        states[finding["case_state"]] += 1
        waived += finding["waived_until"] is not None
        if "credit_record" in finding["consequence"]:
            credit[finding["case_state"]] += 1
    return Dossier(
        run, tuple(whom), len(subjects), parts, states, outcomes, credit, _owed(balance) if balance is not None else None, waived
    )


def _owed(rows: Sequence[BalanceRow]) -> Owed:
    bound = [row for row in rows if row.state != "no_duty"]
    known = [row.residual_m2 for row in bound if row.residual_m2 is not None]
    priced = [row.residual_yuan for row in bound if row.residual_yuan is not None]
    unpriced = sum(row.residual_yuan is None and bool(row.residual_m2) for row in bound)
    return Owed(len(bound), sum(known, Decimal(0)), sum(priced, Decimal(0)), len(bound) - len(known), unpriced)
