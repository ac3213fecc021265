"""All that stands against one developer, in one community or before one bureau: cases, areas, money, credit entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from planning_check.errors import Text
from planning_check.record.chosen import Led
from planning_check.record.finding import Finding
from planning_check.record.run import BalanceRow, StoredRun
from planning_check.report.told.chosen import Part
from planning_check.report.told.cities import Cities, cities_of

#: States in which a case still has to be seen to.
PENDING = ("open", "deferred", "confirmed", "reported")


@dataclass(frozen=True)
class Owed:
    """What is left of the obligations of some projects, None where nothing of it is known; ``unknown``: projects of which nobody knows,
    in neither sum; ``unpriced``: with something left and no price, not in the yuan."""

    projects: int
    residual_m2: Decimal | None
    residual_yuan: Decimal | None
    unknown: int
    unpriced: int


@dataclass(frozen=True)
class Dossier:
    """``parts``: by list. ``states``: of the cases of its violations. ``credit``: violations to be entered in the credit record, by whether
    the case is confirmed. ``owed``: of its projects, none for a bureau. ``waived``: violations
    that a waiver marks, in every figure all the same. ``cities``: of a province's run, in how many violations by city, and of its projects
    none at all where it has none."""

    run: StoredRun
    whom: tuple[tuple[str, str], ...]
    subjects: int
    parts: dict[str, Part]
    states: Counter[str]
    outcomes: Counter[str]
    credit: Counter[str]
    owed: Owed | None
    waived: int = 0
    cities: Mapping[Text, int] = field(default_factory=dict)

    @property
    def pending(self) -> int:
        """Cases that still have to be seen to."""
        return sum(self.states[state] for state in PENDING)

    @property
    def credit_now(self) -> int:
        """Violations that are confirmed, to be entered in the credit record."""
        return self.credit["confirmed"] + self.credit["reported"]

    @property
    def credit_later(self) -> int:
        """Those to be entered once they are confirmed."""
        return self.credit["open"] + self.credit["deferred"]


@dataclass(frozen=True)
class OfDeveloper:
    """The dossier of one developer, by its code, or by its name where no code is told; both '' for what has no developer."""

    code: str
    name: str
    dossier: Dossier


def dossier(
    run: StoredRun,
    whom: Sequence[tuple[str, str]],
    findings: Iterable[Finding],
    balance: Sequence[BalanceRow] | None,
    led: Mapping[str, Led],
) -> Dossier:
    """``whom``: (developer, community or bureau, which); ``balance``: its projects', none for a bureau; ``led``: see ``Part``. The
    findings are streamed."""
    adding = _Adding(led, cities_of(run.manifest))
    for finding in findings:
        adding.add(finding)
    return adding.made(run, whom, balance)


def by_developer(run: StoredRun, findings: Iterable[Finding], balance: Sequence[BalanceRow], led: Mapping[str, Led]) -> list[OfDeveloper]:
    """A dossier a developer of all findings and projects of a run, most open cases first, last what has no developer; each finding is in
    one of them. The findings are streamed."""
    names: dict[tuple[str, str], str] = {}
    cities = cities_of(run.manifest)
    adding: dict[tuple[str, str], _Adding] = {}
    owed: dict[tuple[str, str], list[BalanceRow]] = {}
    for finding in findings:
        key = _whose(finding["developer_code"], finding["developer_name"], names)
        adding.setdefault(key, _Adding(led, cities)).add(finding)
    for row in balance:
        owed.setdefault(_whose(row.developer_code, row.developer_name, names), []).append(row)
    found = [
        OfDeveloper(key[0], name, adding.get(key, _Adding(led, cities)).made(run, [("developer", key[0] or key[1])], owed.get(key, [])))
        for key, name in names.items()
    ]
    return sorted(found, key=lambda one: (not (one.code or one.name), -one.dossier.pending, one.code, one.name))


def _whose(code: str | None, name: str | None, names: dict[tuple[str, str], str]) -> tuple[str, str]:
    """Code, or name where there is no code; likeness by name is no identity."""
    key = (code, "") if code else ("", name or "")
    if name or key not in names:
        names[key] = names.get(key) or name or ""
    return key


class _Adding:
    """A dossier in the making."""

    def __init__(self, led: Mapping[str, Led], cities: Cities) -> None:
        self.led, self.cities = led, cities
        self.by_city = Counter[Text]()
        self.parts: dict[str, Part] = {}
        self.states, self.outcomes, self.credit = Counter[str](), Counter[str](), Counter[str]()
        self.subjects: set[tuple[str, str]] = set()
        self.waived = 0

    def add(self, finding: Finding) -> None:
        self.outcomes[finding["outcome"]] += 1
        if finding["outcome"] != "violation":
            return
        self.subjects.add((finding["subject"], finding["subject_key"]))
        if self.cities:
            self.by_city[self.cities.name(finding["district_code"])] += 1
        self.parts.setdefault(finding["list"], Part()).add(finding, self.led)
        self.states[finding["case_state"]] += 1
        self.waived += finding["waived_until"] is not None
        if "credit_record" in finding["consequence"]:
            self.credit[finding["case_state"]] += 1

    def made(self, run: StoredRun, whom: Sequence[tuple[str, str]], balance: Sequence[BalanceRow] | None) -> Dossier:
        owed = _owed(balance) if balance is not None else None
        for row in balance or () if self.cities else ():
            self.by_city[self.cities.name(row.district_code)] += 0
        by_city = dict(sorted(self.by_city.items(), key=lambda pair: -pair[1]))
        return Dossier(
            run, tuple(whom), len(self.subjects), self.parts, self.states, self.outcomes, self.credit, owed, self.waived, by_city
        )


def _owed(rows: Sequence[BalanceRow]) -> Owed:
    bound = [row for row in rows if row.state != "no_duty"]
    known = [row.residual_m2 for row in bound if row.residual_m2 is not None]
    priced = [row.residual_yuan for row in bound if row.residual_yuan is not None]
    unpriced = sum(row.residual_yuan is None and bool(row.residual_m2) for row in bound)
    area, yuan = (sum(values, Decimal(0)) if values or not bound else None for values in (known, priced))
    return Owed(len(bound), area, yuan, len(bound) - len(known), unpriced)
