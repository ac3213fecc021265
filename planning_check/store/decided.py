"""What stands decided about the violations of a run: what its sums are told with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from planning_check.cases import Case
from planning_check.store.keyed_lines import violations_on_lines
from planning_check.store.models import Finding, ListLine
from planning_check.store.standing import parts

F, L = Finding.__table__.c, ListLine.__table__.c


@dataclass(frozen=True)
class DecidedOne:
    """One violation about whose case something was decided or done: its list, the key of its line there, its rule, and the case."""

    list: str
    line: str
    rule_id: str
    case: Case


@dataclass(frozen=True)
class Decided:
    """What stands decided about the violations of a run, in the order of their fingerprints. ``dismissed``: the lines of lists of which
    every violation is dismissed: list, subject_key, findings, area_m2, yuan, yuan_min, as the lists have them. ``waived``: list and line of
    every violation that a waiver marks; ``wholly_waived``: the lines of which one marks every violation."""

    findings: Sequence[DecidedOne] = ()
    dismissed: Sequence[Any] = ()
    waived: Sequence[tuple[str, str]] = ()
    wholly_waived: Sequence[Any] = ()


def decided(connection: Connection, run_id: int, standing: Mapping[str, Case], waivers: Collection[str] = ()) -> Decided:
    """Of all lists. ``waivers``: the fingerprints that a waiver in force marks."""
    rows = _violations(connection, run_id, sorted(key for key, case in standing.items() if case.decision or case.state != "open"))
    found = [DecidedOne(row.list, row.line, row.rule_id, standing[row.fingerprint]) for row in rows]
    dismissed = Counter((one.list, one.line) for one in found if one.case.state == "dismissed")
    lines = _lines(connection, run_id, dismissed)
    waived = Counter((row.list, row.line) for row in _violations(connection, run_id, sorted(waivers)))
    marked = _lines(connection, run_id, waived)
    return Decided(
        found,
        [line for line in lines if line.findings == dismissed[line.list, line.subject_key]],
        sorted(waived.elements()),
        [line for line in marked if line.findings == waived[line.list, line.subject_key]],
    )


def _violations(connection: Connection, run_id: int, keys: Sequence[str]) -> list[Any]:
    query = violations_on_lines(run_id)
    return [row for some in parts(keys) for row in connection.execute(query.where(F.fingerprint.in_(some)))]


def _lines(connection: Connection, run_id: int, of: Counter[tuple[str, str]]) -> list[Any]:
    query = sa.select(L.list, L.subject_key, L.findings, L.area_m2, L.yuan, L.yuan_min).where(L.run_id == run_id)
    keys = sorted({key for _, key in of})
    rows = (row for some in parts(keys) for row in connection.execute(query.where(L.subject_key.in_(some)).order_by(L.list, L.number)))
    return [row for row in rows if (row.list, row.subject_key) in of]
