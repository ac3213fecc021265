"""The rules in plain Python, row by row."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.ways.answers import RULES, Answers, Found
from benchmarks.ways.rows import JUDGED, read_columns

Row = dict[str, Any]


def _is_by(row: Row, day: str) -> bool:
    return row[day] is not None and row[day] <= row["as_of"]


def _is_over(gap_m2: float, tolerance_m2: float | None) -> bool:
    return round(gap_m2, 2) > (tolerance_m2 or 0)


def _agreed(row: Row, required_m2: float) -> float:
    agreed_m2 = row["in_lieu_agreed_m2"]
    return agreed_m2 if row["law_in_lieu"] == "mixed" or (row["law_in_lieu"] == "whole_only" and agreed_m2 >= required_m2) else 0


def _is_short(row: Row, required: str, counted: str, day: str) -> bool:
    required_m2, counted_m2 = row[required], row[counted]
    if not row["area_is_prescribed"] or not _is_by(row, day) or None in (required_m2, counted_m2, row["in_lieu_agreed_m2"]):
        return False
    return _is_over(required_m2 - _agreed(row, required_m2) - counted_m2, row["law_tolerance_m2"])


def _built_is_short(row: Row) -> bool:
    figures = row["required_m2"], row["in_lieu_counted_m2"], row["carried_survey_m2"], row["counted_survey_m2"]
    if not row["area_is_prescribed"] or row["waits_for_last_phase"] or not _is_by(row, "completed_on_hi") or None in figures:
        return False
    required_m2, in_lieu_m2, carried_m2, counted_m2 = figures
    return _is_over(required_m2 - in_lieu_m2 - carried_m2 - counted_m2, row["tolerance_at_survey_m2"])


def _has_shrunk(row: Row) -> bool:
    permit_m2, survey_m2 = row["counted_permit_m2"], row["counted_survey_m2"]
    if not _is_by(row, "completed_on_hi") or None in (permit_m2, survey_m2):
        return False
    return _is_over(permit_m2 - survey_m2, row["law_tolerance_m2"])


def _handover_is_due(row: Row) -> bool:
    return row["law_handover_gate"] is not None and row["handover_is_due"] is True and row["handed_own_m2"] is not None


def _none_is_handed_over(row: Row) -> bool:
    return _handover_is_due(row) and row["handed_own_m2"] == 0 and (row["missing_in_kind_m2"] or 0) > 0


def _part_is_handed_over(row: Row) -> bool:
    if not _handover_is_due(row) or None in (row["handed_counted_m2"], row["required_in_kind_m2"]):
        return False
    return row["handed_own_m2"] > 0 and row["handed_counted_m2"] < row["required_in_kind_m2"]


def _plan_is_silent(row: Row) -> bool:
    if not row["law_plan_must_state"] or not _is_by(row, "plan_approved_on_hi"):
        return False
    agreed_m2 = row["in_lieu_agreed_m2"] or 0
    if row["law_in_lieu"] != "no" and agreed_m2 > 0 and agreed_m2 >= row["required_plan_m2"]:
        return False
    return row["plan_states_place"] is False or row["plan_states_floor"] is False or row["plan_states_area_m2"] == 0


def _is_not_filed(row: Row) -> bool:
    if not row["law_filing_required"] or row["plan_approved_on_hi"] is None:
        return False
    due_on = row["plan_approved_on_hi"] + dt.timedelta(days=row["law_filing_grace_days"] or 0)
    return due_on < row["as_of"] and (row["is_filed"] is False or (row["filed_on_hi"] is not None and row["filed_on_hi"] > due_on))


_VIOLATED = {
    "AR01": lambda row: _is_short(row, "required_plan_m2", "counted_plan_m2", "plan_approved_on_hi"),
    "AR02": lambda row: _is_short(row, "required_permit_m2", "counted_permit_m2", "permitted_on_hi"),
    "AR03": _built_is_short, "AR04": _has_shrunk, "HO01": _none_is_handed_over, "HO02": _part_is_handed_over,
    "PL01": _plan_is_silent, "PL02": _is_not_filed,
}  # fmt: skip


class Way:
    def __init__(self, folder: Path, _url: str | None) -> None:
        self.rows = read_columns(folder).to_pylist()
        self.steps = {RULES: self.judge}

    def judge(self) -> None:
        self.violating: dict[str, list[int]] = {rule: [] for rule in JUDGED}
        for row in self.rows:
            if row["law_state"] not in ("governed", "contract") or (row["life_state"] or "open") != "open":
                continue
            if row["duty_applies"] is not True or row["is_exempt"] is not False:
                continue
            for rule, violated in _VIOLATED.items():
                if violated(row):
                    self.violating[rule].append(row["project_no"])

    def answers(self) -> Answers:
        return Answers({f"{RULES}: {rule}": Found(np.array(numbers, int)) for rule, numbers in self.violating.items()})
