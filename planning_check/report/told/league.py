"""The cities of a province side by side: what each has on its lists, what of its duty is not handed over, how much could not be judged.

A city that was not checked has no figures, not zeros. The sums of the cities, and of what belongs to none of them, are those of the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from planning_check.errors import Text
from planning_check.record.run import StoredRun
from planning_check.report.told.cities import NOT_KNOWN, OneCity, cities_of
from planning_check.report.told.summary import Sums

_NO_LINES = Sums(0, 0, None, None, None)


@dataclass(frozen=True)
class CityLine:
    """One city (``label`` '' for what belongs to none, and for the whole).

    ``projects``: of the register; ``due``: those whose duty is due and whose balance is known, of which ``settled`` owe nothing any more;
    ``unclear``: of which that, or whether it is due, is not known. ``due_m2``: what is required of the due ones, ``left_m2``: what of it
    was not handed over, paid for or waived. ``outcomes``: of rules over projects; ``open``: those that are no verdict. ``lists``: code ->
    sums, without a list that has no line.
    """

    label: str
    name: Text
    projects: int = 0
    due: int = 0
    settled: int = 0
    unclear: int = 0
    due_m2: Decimal = Decimal("0.00")
    left_m2: Decimal = Decimal("0.00")
    outcomes: int = 0
    open: int = 0
    lists: dict[str, Sums] = field(default_factory=dict)

    def of(self, code: str) -> Sums:
        """The sums of one list."""
        return self.lists.get(code, _NO_LINES)

    @property
    def share_left(self) -> Decimal | None:
        """Of the square metres that are due, the share not handed over; None where none is due."""
        return self.left_m2 / self.due_m2 if self.due_m2 else None

    @property
    def share_complying(self) -> Decimal | None:
        """Of the projects whose duty is due, the share that owe nothing."""
        return Decimal(self.settled) / self.due if self.due else None

    @property
    def share_open(self) -> Decimal | None:
        """Of the outcomes of projects, the share that are no verdict."""
        return Decimal(self.open) / self.outcomes if self.outcomes else None


def _most(value: Decimal | int | None) -> Decimal | int | None:
    return None if value is None else -value


#: What the cities may be ordered by, and what of a line is ordered: the least first, what is not known last.
SORTS: dict[str, tuple[Text, Callable[[CityLine], Decimal | int | None]]] = {
    "left": (Text("到期未移交面积的占比，高的在前", "share of due square metres not handed over, the highest first"), lambda x: _most(x.share_left)),
    "complying": (Text("到期项目履行的占比，低的在前", "share of due projects that comply, the lowest first"), lambda x: x.share_complying),
    "violations": (Text("违规行数，多的在前", "lines of violations, the most first"), lambda x: -x.of("violations").lines),
    "short": (Text("缺的面积，多的在前", "square metres missing, the most first"), lambda x: _most(x.of("violations").area_m2)),
    "worth": (Text("折资，多的在前", "worth in lieu, the most first"), lambda x: _most(x.of("violations").yuan)),
    "forfeit": (Text("拟没收（最高），多的在前", "to forfeit (highest), the most first"), lambda x: _most(x.of("deposits").yuan)),
    "offices": (Text("租借用房，多的在前", "rented or borrowed offices, the most first"), lambda x: -x.of("offices").lines),
    "open": (Text("未判定的占比，高的在前", "share undetermined, the highest first"), lambda x: _most(x.share_open)),
}  # fmt: skip


@dataclass(frozen=True)
class League:
    """``lines``: the cities that were checked, worst first by ``sort``, ties in the order of their labels, then what belongs to none, if
    anything; ``failed``: the cities that were not; ``total``: of the run."""

    run: StoredRun
    sort: str
    lines: tuple[CityLine, ...]
    failed: tuple[OneCity, ...]
    total: CityLine


def league(run: StoredRun, rows: Any, sort: str = "left") -> League:
    """The league of a run's cities. ``rows``: ``store.LeagueRows``."""
    cities = cities_of(run.manifest)
    keyed: dict[str, list[str | None]] = {}
    for row in (*rows.lists, *rows.balance, *rows.outcomes):
        found = cities.of(row.district_code)
        codes = keyed.setdefault(found.label if found else "", [])
        if row.district_code not in codes:
            codes.append(row.district_code)
    lines = [_line(one.label, one.name, rows, keyed.get(one.label, ())) for one in cities.checked]
    order = SORTS[sort][1]
    values = [(value is None, value or 0) for value in map(order, lines)]
    ranked = [line for _, line in sorted(zip(values, lines, strict=True), key=lambda pair: pair[0])]
    nobodys = _line("", NOT_KNOWN, rows, keyed.get("", ()))
    if any(figure.of(nobodys) for figure in FIGURES):
        ranked.append(nobodys)
    everything = [code for codes in keyed.values() for code in codes]
    return League(run, sort, tuple(ranked), tuple(cities.failed), _line("", cities.whole, rows, everything))


def _line(label: str, name: Text, rows: Any, codes: Sequence[str | None]) -> CityLine:
    """The sums over some districts."""
    own = set(codes)
    balance = [row for row in rows.balance if row.district_code in own]
    outcomes = [row for row in rows.outcomes if row.district_code in own]
    listed: dict[str, list[Any]] = {}
    for row in rows.lists:
        if row.district_code in own:
            listed.setdefault(row.list, []).append(row)
    due = [row for row in balance if row.state in ("overdue", "settled")]

    def projects(*states: str) -> int:
        return sum(row.projects for row in balance if row.state in states)

    return CityLine(
        label, name,
        projects=sum(row.projects for row in balance),
        due=projects("overdue", "settled"),
        settled=projects("settled"),
        unclear=projects("unknown", "due_unclear"),
        due_m2=_sum(row.required_m2 for row in due) or Decimal("0.00"),
        left_m2=_sum(row.residual_m2 for row in due) or Decimal("0.00"),
        outcomes=sum(row.outcomes for row in outcomes),
        open=sum(row.open for row in outcomes),
        lists={
            code: Sums(sum(r.lines for r in some), sum(r.findings for r in some), _sum(r.area_m2 for r in some), _sum(r.yuan for r in some),
                       _sum(r.yuan_min for r in some), sum(r.with_area for r in some))
            for code, some in listed.items()
        },
    )  # fmt: skip


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; none where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


@dataclass(frozen=True)
class Figure:
    """One figure of a city. ``kind``: count, share (a fraction), area (m2) or money (yuan). ``group``: duty or lists, for who has no room
    for all of them beside each other. ``note``: what it is, where the head does not say it."""

    name: str
    head: Text
    kind: str
    group: str
    of: Callable[[CityLine], Decimal | int | None]
    note: Text | None = None


def _amount(code: str, name: str) -> Callable[[CityLine], Decimal | None]:
    return lambda line: getattr(line.of(code), name)


#: The figures of a city, in the order in which every paper has them.
FIGURES = (
    Figure("projects", Text("项目", "projects"), "count", "duty", lambda x: x.projects),
    Figure("due", Text("到期", "due"), "count", "duty", lambda x: x.due,
           Text("义务已到期、尚欠多少已知的项目", "projects whose duty is due and of which it is known what is left")),
    Figure("due_unclear", Text("到期不明", "not clear"), "count", "duty", lambda x: x.unclear,
           Text("是否到期或尚欠多少不明的项目，不在占比内", "projects of which it is not known whether they are due or what is left: in no share")),
    Figure("left_share", Text("未移交", "not met"), "share", "duty", lambda x: x.share_left,
           Text("到期项目应配建的面积中没有移交、折资或免除的占比", "of the square metres that due projects owe, the share not handed over, paid or waived")),
    Figure("complying_share", Text("履行", "complying"), "share", "duty", lambda x: x.share_complying,
           Text("到期项目中已结清的占比", "of due projects the share that owe nothing any more")),
    Figure("open_share", Text("未判定", "open"), "share", "duty", lambda x: x.share_open,
           Text("项目的各个结论中未能判定的占比", "of the outcomes of projects the share that is no verdict")),
    Figure("violations", Text("违规", "violations"), "count", "lists", lambda x: x.of("violations").lines),
    Figure("short_m2", Text("缺 ㎡", "missing ㎡"), "area", "lists", _amount("violations", "area_m2")),
    Figure("worth_yuan", Text("折资", "in lieu"), "money", "lists", _amount("violations", "yuan")),
    Figure("deposits", Text("拟没收", "deposits"), "count", "lists", lambda x: x.of("deposits").lines),
    Figure("forfeit_least_yuan", Text("最低", "lowest"), "money", "lists", _amount("deposits", "yuan_min")),
    Figure("forfeit_most_yuan", Text("最高", "highest"), "money", "lists", _amount("deposits", "yuan")),
    Figure("offices", Text("租借用房", "offices"), "count", "lists", lambda x: x.of("offices").lines),
)  # fmt: skip
