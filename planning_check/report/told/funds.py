"""Money for communities closed by project, community or year: what came in (forfeited, in lieu) = credited + balance; below zero,
more was credited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planning_check.record.run import FundRow, StoredRun

BY = ("project", "community", "year")
_NONE = Decimal("0.00")


@dataclass(frozen=True)
class Span:
    """The lowest and the highest that a sum can be; one where it is known whether each of its lines counts."""

    least: Decimal = _NONE
    most: Decimal = _NONE

    @property
    def exact(self) -> bool:
        """Whether the least is also the most."""
        return self.least == self.most

    @property
    def above(self) -> Span:
        """What of it is more than nothing."""
        return Span(max(self.least, _NONE), max(self.most, _NONE))

    def __add__(self, other: Span) -> Span:
        return Span(self.least + other.least, self.most + other.most)

    def __neg__(self) -> Span:
        return Span(-self.most, -self.least)


@dataclass(frozen=True)
class Group:
    """One project, community or year, of what was read. ``is_open``: something of it was not read or not delivered, so it may be more.

    ``opening`` (years): the balance of the years before; ``balance`` is with it. ``elsewhere`` (communities): credited by projects that
    are not of it. ``since``: first and last day that the oldest money not credited can have come in on; none where nothing waits, or where
    it is not known what does. ``unlisted``: a project that the ledger does not have.
    """

    code: str
    name: str
    district: str
    came: Span
    credited: Span
    balance: Span
    opening: Span
    elsewhere: Span
    since: tuple[dt.date, dt.date] | None
    is_open: bool
    unlisted: bool

    @property
    def on_the_way(self) -> Span:
        """Yuan that came in and were not credited to a community yet."""
        return self.balance.above

    @property
    def beyond(self) -> Span:
        """Yuan credited beyond what came in."""
        return (-self.balance).above


@dataclass(frozen=True)
class Closing:
    """The groups and their total (the same by project, community and year), what waits and what is too much of each project,
    and what is left out.

    ``unread``: projects of which a row was not read; ``registers``: (unread or not_delivered, register) of nobody's rows. ``uses``: what
    was credited by what it was used for ("" not told).
    """

    run_id: int
    as_of: str
    by: str
    groups: tuple[Group, ...]
    total: Group
    projects: tuple[Group, ...]
    on_the_way: Span
    beyond: Span
    unread: tuple[str, ...]
    registers: tuple[tuple[str, str], ...]
    uses: dict[str, Span]


def closed(run: StoredRun, rows: Sequence[FundRow], by: str) -> Closing:
    """The closing of a recorded run (``store.StoredRun`` and its ``store.FundRow``). ``by``: one of ``BY``."""
    rows = [row for row in rows if row.counts != "no" and row.what != "used"]  # used: no other money than what came in
    whole = not any(row.what == "not_delivered" for row in rows)
    projects = tuple(_groups([row for row in rows if row.what != "not_delivered"], "project", whole))
    told = [project for project in projects if not project.is_open]
    credited = [row for row in rows if row.what == "credited"]
    return Closing(
        run.id, run.as_of.isoformat(), by,
        groups=projects if by == "project" else tuple(_groups(rows, by, whole)),
        total=_group(by, "", rows, is_open=any(row.yuan is None for row in rows)),
        projects=projects,
        on_the_way=_added(project.on_the_way for project in told),
        beyond=_added(project.beyond for project in told),
        unread=tuple(sorted({row.project_id for row in rows if row.what == "unread" and row.project_id})),
        registers=tuple(sorted({(row.what, row.register) for row in rows if row.yuan is None and not row.project_id})),
        uses={use: _added(map(_span, (row for row in credited if (row.spent_on or "") == use)))
              for use in sorted({r.spent_on or "" for r in credited})},
    )  # fmt: skip


_KEYS: dict[str, Callable[[FundRow], str]] = {
    "project": lambda row: row.project_id or "",
    "community": lambda row: row.community_code or "",
    "year": lambda row: str(row.year) if row.year else "",
}


def _groups(rows: Sequence[FundRow], by: str, whole: bool) -> list[Group]:
    """Projects and communities by what waits, the most first; years in order; what is not told last."""
    named: dict[str, list[FundRow]] = {}
    for row in rows:
        named.setdefault(_KEYS[by](row), []).append(row)
    found: list[Group] = []
    before: list[FundRow] = []
    for code in sorted(named, key=lambda code: (not code, code)):
        is_open = not whole or any(row.yuan is None for row in named[code])
        found.append(_group(by, code, named[code], before if by == "year" else (), is_open=is_open))
        before += named[code]
    if by != "year":
        found.sort(key=lambda g: (not g.code, -g.on_the_way.most, not g.is_open, -g.beyond.most, g.code))
    return found


#: What is told of a group beside its code: its name, its district, whether the ledger has it.
_TOLD: dict[str, Callable[[FundRow], tuple[Any, ...]]] = {
    "project": lambda row: (row.project_name, row.district_name, row.is_in_ledger),
    "community": lambda row: (row.community_name, None, None),
    "year": lambda row: (None, None, None),
}


def _group(by: str, code: str, rows: Sequence[Any], before: Sequence[Any] = (), *, is_open: bool) -> Group:
    name, district, is_in_ledger = _TOLD[by](rows[0]) if code else (None, None, None)
    credited = [row for row in rows if row.what == "credited"]
    came = [row for row in rows if row.what in ("forfeited", "in_lieu")]
    return Group(
        code, name or "", district or "",
        came=_added(map(_span, came)),
        credited=_added(map(_span, credited)),
        balance=_balance([*before, *rows]),
        opening=_balance(before),
        elsewhere=_added(_span(row) if row.is_own == "no" else Span(_NONE, row.yuan) for row in credited if row.is_own != "yes"),
        since=None if is_open else _since(came, credited),
        is_open=is_open,
        unlisted=is_in_ledger == "no",
    )  # fmt: skip


def _span(row: Any) -> Span:
    return Span(row.yuan if row.counts == "yes" else _NONE, row.yuan)


def _added(spans: Iterable[Span]) -> Span:
    return sum(spans, Span())


def _balance(rows: Iterable[Any]) -> Span:
    """What came in less what was credited; the money of one event or payment is credited only where it came in."""
    moved: dict[tuple, tuple[Span, Span]] = {}
    for row in rows:
        if row.yuan is not None:
            key = (row.project_id, row.register, row.item)
            came, went = moved.get(key, (Span(), Span()))
            moved[key] = (came, went + _span(row)) if row.what == "credited" else (came + _span(row), went)
    return _added(Span(max(came.least - went.most, _NONE), came.most - went.least) if came.most else -went for came, went in moved.values())


def _since(came: Sequence[Any], credited: Sequence[Any]) -> tuple[dt.date, dt.date] | None:
    """The oldest money is credited first; nothing where it is not known of some line whether it counts."""
    if any(row.counts != "yes" for row in (*came, *credited)):
        return None
    left = sum((row.yuan for row in credited), _NONE)
    waiting = []
    for row in sorted(came, key=lambda row: (row.on_lo, row.register, row.item)):
        left -= row.yuan
        if left < 0:
            waiting.append(row)
    return (min(row.on_lo for row in waiting), min(row.on_hi for row in waiting)) if waiting else None
