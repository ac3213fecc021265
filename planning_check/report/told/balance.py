"""The balance of obligations summed by project, developer, district or city: required = handed over + in lieu + exempt + residual."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from planning_check.errors import Text
from planning_check.geo.land.shares import allocate
from planning_check.record.run import BalanceRow, StoredRun
from planning_check.report.told.cities import CITY, cities_of
from planning_check.words import BALANCE_STATES

PARTS = ("required_m2", "handed_m2", "in_lieu_m2", "waived_m2", "residual_m2")
_OWING = ("overdue", "not_due", "due_unclear", "settled")


@dataclass(frozen=True)
class Group:
    """One project, developer, district or community. Sums are over the projects whose balance is known; ``states`` counts all of them.

    ``overdue_m2``/``overdue_yuan``: what the overdue ones still owe, the least that would cure them; ``unpriced``: how many of
    these have no unit price, so that their money is in no sum; none where no project of the sum has one. ``documents``: those that
    would cure their findings.
    """

    code: str
    name: str
    states: dict[str, int]
    sums: dict[str, Decimal]
    residual_yuan: Decimal | None
    overdue_m2: Decimal
    overdue_yuan: Decimal | None
    unpriced: int
    surplus_m2: Decimal
    twice_m2: Decimal
    documents: dict[str, int]

    @property
    def projects(self) -> int:
        """All projects of the group, whatever their state."""
        return sum(self.states.values())

    @property
    def known(self) -> int:
        """The projects that the sums are over."""
        return sum(self.states.get(state, 0) for state in _OWING)

    @property
    def adds_up(self) -> bool:
        """Whether what is required is what was handed over, paid in lieu, exempt and is left, to 0.01 m2."""
        required, *parts = (self.sums[name] for name in PARTS)
        return required == sum(parts)


@dataclass(frozen=True)
class Balance:
    """The groups, those that owe most first, and the whole city or province; of it the projects of which the meeting dismissed every
    violation, and those of which it confirmed one, by the state of the case."""

    run_id: int
    as_of: str
    by: str
    groups: tuple[Group, ...]
    total: Group
    decided: tuple[tuple[str, Group], ...] = ()
    names: Mapping[str, Text] = field(default_factory=dict)  # of a province's run: what districts or cities are called
    whole: Text = CITY

    def called(self, group: Group, lang: str) -> str:
        """The name of a group."""
        return self.names[group.code].get(lang) if group.code in self.names else group.name


def balanced(run: StoredRun, rows: Sequence[BalanceRow], by: str, communities: Mapping[str, str] | None = None) -> Balance:
    """The balance of a recorded run (``store.StoredRun`` and its ``store.BalanceRow``). ``by``: one of ``BY``.

    By community, every amount of a project is divided by the shares of its land, to 0.01, so that the communities add up to the city
    exactly; projects whose land is not known stand together under no code. ``communities``: their names by code.
    """
    if by == "community":
        return _by_community(run, rows, communities or {})
    cities = cities_of(run.manifest)
    by = "district" if by == "city" and not cities else by
    key = _KEYS[by] if by != "city" else lambda row: (cities.label(row.district_code), cities.name(row.district_code).zh)
    named: dict[str, list[BalanceRow]] = {}
    for row in rows:
        if by != "project" or row.state != "no_duty":
            named.setdefault(key(row)[0], []).append(row)
    groups = [_group(code, key(members[0])[1], members) for code, members in named.items()]
    groups.sort(key=lambda g: (-g.overdue_m2, -g.sums["residual_m2"], g.code))
    called = cities.called({group.code: group.name for group in groups}, by)
    return Balance(run.id, run.as_of.isoformat(), by, tuple(groups), _group("", "", rows), names=called, whole=cities.whole)


def with_decided(balance: Balance, rows: Sequence[BalanceRow], projects: Mapping[str, Collection[str]]) -> Balance:
    """The balance with what of it the meeting decided: ``projects``, state of the case -> their ids. The sums stay as they are."""
    of = {state: [row for row in rows if row.project_id in keys] for state, keys in projects.items()}
    return replace(balance, decided=tuple((state, _group("", "", some)) for state, some in of.items() if some))


def _by_community(run: StoredRun, rows: Sequence[BalanceRow], communities: Mapping[str, str]) -> Balance:
    named: dict[str, list[BalanceRow]] = {}
    for row in rows:
        if row.state != "no_duty":
            for code, part in divided(row):
                named.setdefault(code, []).append(part)
    groups = [_group(code, communities.get(code, ""), members) for code, members in named.items()]
    groups.sort(key=lambda g: (-g.overdue_m2, -g.sums["residual_m2"], g.code))
    whole = cities_of(run.manifest).whole
    return Balance(run.id, run.as_of.isoformat(), "community", tuple(groups), _group("", "", rows), whole=whole)


_DIVIDED = ("handed_m2", "in_lieu_m2", "waived_m2", "residual_m2", "residual_yuan", "surplus_m2", "twice_m2")


def _nth(parts: Mapping[str, Sequence[Any]], n: int) -> dict[str, Any]:
    return {name: values[n] for name, values in parts.items()}


def divided(row: BalanceRow) -> list[tuple[str, Any]]:
    """A ``store.BalanceRow`` as one row for each community of its land, with the community's code; whole, under "",
    where that is not known.

    What is required is the sum of its parts in each community, so that the equation holds there too.
    """
    if not row.share_parts:
        return [("", row)]
    codes, millionths = zip(*(part.split() for part in row.share_parts.split(",")), strict=True)
    shares = [Decimal(m).scaleb(-6) for m in millionths]
    parts: dict[str, list[Any]] = {}
    for name in _DIVIDED:
        value = getattr(row, name)
        parts[name] = allocate(value, shares) if value is not None else [None] * len(codes)
    required = [sum(of) if None not in of else None for of in zip(*(parts[name] for name in PARTS[1:]), strict=True)]
    return [(code, replace(row, **_nth(parts, n), required_m2=required[n])) for n, code in enumerate(codes)]


#: A group's code and name; a developer goes by its credit code, and by its name only where it has none.
_KEYS: dict[str, Callable[[BalanceRow], tuple[str, str]]] = {
    "project": lambda r: (r.project_id, r.project_name or ""),
    "developer": lambda r: (r.developer_code or r.developer_name or "", r.developer_name or ""),
    "district": lambda r: (r.district_code or "", r.district_name or ""),
}


def _group(code: str, name: str, rows: Sequence[Any]) -> Group:
    known = [row for row in rows if row.state in _OWING]
    overdue = [row for row in known if row.state == "overdue"]
    documents: dict[str, int] = {}
    for row in rows:
        for document in (row.documents or "").split(","):
            if document:
                documents[document] = documents.get(document, 0) + 1
    return Group(
        code, name,
        states={state: count for state in BALANCE_STATES if (count := sum(row.state == state for row in rows))},
        sums={part: _sum(getattr(row, part) for row in known) for part in PARTS},
        residual_yuan=_money(row.residual_yuan for row in known),
        overdue_m2=_sum(row.residual_m2 for row in overdue),
        overdue_yuan=_money(row.residual_yuan for row in overdue),
        unpriced=sum(row.residual_yuan is None for row in overdue),
        surplus_m2=_sum(row.surplus_m2 for row in known),
        twice_m2=_sum(row.twice_m2 for row in known),
        documents=dict(sorted(documents.items(), key=lambda pair: (-pair[1], pair[0]))),
    )  # fmt: skip


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal("0.00"))


def _money(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; of no project it is zero, of projects without any price it is unknown."""
    told = list(values)
    return _sum(told) if not told or any(value is not None for value in told) else None
