"""The waivers of a check: which are in force for what it found, for its manifest and its digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Text
from planning_check.pipeline.rules import load_rules
from planning_check.record.waiver import STATES

if TYPE_CHECKING:
    import duckdb

    from planning_check.assess import Plan
    from planning_check.rulebook.loading import Rulebook


def waived(con: duckdb.DuckDBPyConnection, book: Rulebook, plan: Plan, as_of: dt.date) -> dict[str, Any]:
    """``waivers``: each as the manifest keeps it, in the order of the files; nothing where no waiver is written."""
    if not book.waivers:
        return {}
    rules = {rule.id: rule.subject for rule in plan.rules}
    subjects: dict[str, set[str]] = {}
    for subject, key in con.execute("SELECT DISTINCT subject, subject_key FROM register").fetchall():
        subjects.setdefault(subject, set()).add(key)
    query = "SELECT rule_id, subject_key, fingerprint FROM finding_head WHERE outcome = 'violation'"
    violated = {(rule, key): fingerprint for rule, key, fingerprint in con.execute(query).fetchall()}
    told = []
    for one in book.waivers:
        state = one.state(as_of, rules, subjects.get(rules.get(one.rule_id, ""), ()), violated)
        told.append(one.record(state, violated.get((one.rule_id, one.subject_key))))
    return {"waivers": told}


def waivers_on(rule_dirs: Sequence[Path], today: dt.date) -> list[Text]:
    """The waivers of the rules, a line each, with their days and whether they have begun or expired; what they mark a check says."""
    book = load_rules(rule_dirs)
    judged = {rule.id for rule in book.rules}
    lines = []
    for one in book.waivers:
        state = STATES[one.state(today, judged, {one.subject_key}, {(one.rule_id, one.subject_key)})]
        lines.append(Text(f"豁免 {one.rule_id} {one.subject_key}（{one.first}/{one.last}，{one.where}）：{state.zh}",
                          f"Waiver {one.rule_id} {one.subject_key} ({one.first}/{one.last}, {one.where}): {state.en}"))  # fmt: skip
    return lines
