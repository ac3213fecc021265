"""What ``rulebook`` compiles and the rest of ``assess`` runs: the law's versions, measures and rules as SQL."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

OUTCOMES = {  # outcome -> its letter in the register
    "pass": "P", "violation": "V", "not_due": "D", "not_applicable": "N", "exempt": "E", "undetermined": "U", "error": "X",
}  # fmt: skip
SHOWN = ("violation", "undetermined", "exempt", "error")  # findings; the rest is counted in the register
NAMED = ("subject_name", "district_code", "district_name", "community_code", "community_name", "developer_name", "developer_code")
LAW_STATES = ("governed", "contract", "legacy", "none", "gap", "conflict", "anchor_unclear", "contract_unclear", "no_project")
JUDGED_STATES = ("governed", "contract")  # by an ordinance, or by the contract of a project older than any: what is owed is known
JUDGED_SQL = "law_state IN ('governed', 'contract')"
ENDED_STATES = ("cancelled", "merged", "split")  # lives of a project in which it owes nothing by itself any more
ENDED_SQL = "coalesce(life_state, 'open') IN ('cancelled', 'merged', 'split')"
#: What is missing where it cannot be told whether a project still owes anything.
UNCLEAR_LIVES = {"status_unclear": "project_status", "day_unclear": "project_status_on", "successor_unclear": "successor_project_ids"}

#: Items come in layers, each selected from the one before: a name is computed once however often it is used (DuckDB
#: copies an alias that is used in its own select list, so that nested names would grow without bound).
Layered = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class RulePlan:
    """One compiled rule: select items for the judged table, the same for a rule that cannot run, and its findings: ``line_sql`` who, what
    and how much, ``told_sql`` what people read of them, made when they read it.

    ``law_text``: the clauses that it reads as JSON, made once for every law version (column ``law_text_<id>``).
    ``again``: its margin and amounts, for judging it again; ``alternatives``: (clause, ((value as text, as SQL), ...)).
    ``reads``: the tables that its facts come from. ``is_guarded``: it judges nobody of whom it is not known which law governs. ``classes``:
    of its violations, with the words for each in both languages. ``watches_act``: its judged table has the year of a bureau's
    act that it watches, ``<id>__act``: 0 where that is not known, NULL where there is no such act.
    """

    id: str
    subject: str
    items: Layered
    broken_items: tuple[str, ...]
    line_sql: str
    told_sql: str
    law_text: str
    sha256: str
    list: str
    list_no: int
    responsible: str
    remedy_document: str
    consequence: str
    is_guarded: bool
    classes: tuple[tuple[str, str, str], ...]
    reasons: tuple[tuple[str, str], ...]
    again: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    margin_unit: str = ""
    has_amount: bool = False
    reads: tuple[str, ...] = ()
    watches_act: bool = False


@dataclass(frozen=True)
class Leading:
    """Which finding of a project says what area is missing (``missing``) and what that is worth (``worth``): the first of these rules that
    is violated. Where one of ``settled_by`` passes, those behind it are history. ``lists``: those that they are on, run or not: what
    else stands there has an area, too, and is missing nowhere."""

    missing: tuple[str, ...] = ()
    worth: tuple[str, ...] = ()
    settled_by: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


@dataclass(frozen=True)
class TallyPlan:
    """A count or sum over the judged projects of one ``over``; ``sql`` is an aggregate over ``judged_project``."""

    id: str
    over: str
    key: str
    sql: str
    counts: bool


@dataclass(frozen=True)
class HandedPlan:
    """The area handed over, or the last day of it, where ``where`` holds; ``over``: of a project or a deposit event.

    ``where`` and ``lacking`` (the cells for want of which it is unknown) are SQL over the layered handovers.
    """

    id: str
    field: str
    is_day: bool
    over: str
    where: str
    lacking: str

    @property
    def columns(self) -> dict[str, str]:
        """Its columns and their types; ``<id>__lacks`` names the cells for want of which it is unknown."""
        value = {f"{self.id}_lo": "DATE", f"{self.id}_hi": "DATE"} if self.is_day else {self.id: "DECIMAL(18, 2)"}
        return {**value, f"{self.id}__lacks": "VARCHAR"}


@dataclass(frozen=True)
class Plan:
    """What to run. ``law_by``: subject -> whose law; ``room_sums``: (name, aggregate over the layered rooms).

    ``handed_items`` are layers over a handover beside its layered room, ``deposit_items`` over a deposit event.

    ``bounds``: (column, what it is at worst, at best for the developer) of the project's facts that may be unknown, as SQL.
    ``gates``: subject -> what lets none of its rules through, as select items. ``lacking``: subject -> what may be missing -> the bureau
    that owns it, and the tables that it is read from. ``contract_takes``: the clauses of the ordinance now in force that fill in for a
    contract older than any; ``..._with_deposit`` where one was lodged. ``leading``: which findings lines of lists take their amounts from.
    ``law_bases``: (ordinance, one that it builds on).
    """

    law_columns: tuple[tuple[str, str], ...]
    law_versions: tuple[tuple[Any, ...], ...]
    anchors: tuple[str, ...]
    room_items: Layered
    room_sums: tuple[tuple[str, str], ...]
    handed_items: Layered
    handed_sums: tuple[HandedPlan, ...]
    deposit_items: Layered
    measure_items: Layered
    tallies: tuple[TallyPlan, ...]
    rules: tuple[RulePlan, ...]
    gates: dict[str, tuple[str, ...]]
    lacking: dict[str, dict[str, tuple[str, tuple[str, ...]]]]
    subjects: tuple[str, ...]
    shown: tuple[str, ...]
    keys: dict[str, str]
    law_by: dict[str, str]
    bounds: tuple[tuple[str, str, str], ...] = ()
    contract_takes: tuple[str, ...] = ()
    contract_takes_with_deposit: tuple[str, ...] = ()
    leading: Leading = field(default_factory=Leading)
    law_bases: tuple[tuple[str, str], ...] = ()

    @property
    def has_placed_law(self) -> bool:
        """Whether some ordinance says something else for a place within its own."""
        return any(place != jurisdiction for _, _, _, jurisdiction, place, *_ in self.law_versions)

    def of(self, subject: str) -> list[RulePlan]:
        """The rules on one subject."""
        return [rule for rule in self.rules if rule.subject == subject]

    def on(self, subjects: Collection[str]) -> Plan:
        """The plan for some of its subjects alone."""
        return replace(
            self,
            subjects=tuple(subject for subject in self.subjects if subject in subjects),
            rules=tuple(rule for rule in self.rules if rule.subject in subjects),
        )

    @property
    def law_names(self) -> list[str]:
        """The columns of a law version that go with a subject: its clauses, and each rule's clauses as text."""
        return [*(name for name, _ in self.law_columns), *(f"law_text_{rule.id}" for rule in self.rules)]
