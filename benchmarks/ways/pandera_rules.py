"""The rules written by hand for pandera: lazy, with its table of failure cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from benchmarks.ways.answers import RULES, Answers, Found
from benchmarks.ways.rows import read_columns


def _frame(table: pa.Table) -> pd.DataFrame:
    frame = table.to_pandas()
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        if pa.types.is_boolean(kind):
            frame[name] = frame[name].astype("boolean")
        elif pa.types.is_date(kind):
            frame[name] = pd.to_datetime(frame[name])
    return frame


def _bound(f: pd.DataFrame) -> pd.Series:
    return f.law_state.isin(["governed", "contract"]) & f.life_state.fillna("open").eq("open") & f.duty_applies & ~f.is_exempt


def _agreed(f: pd.DataFrame, required: pd.Series) -> pd.Series:
    counts = f.law_in_lieu.eq("mixed") | (f.law_in_lieu.eq("whole_only") & (f.in_lieu_agreed_m2 >= required))
    return f.in_lieu_agreed_m2.where(counts, 0)


def _plan_is_short(f: pd.DataFrame) -> pd.Series:
    gap = (f.required_plan_m2 - _agreed(f, f.required_plan_m2) - f.counted_plan_m2).round(2)
    return _bound(f) & f.area_is_prescribed & (f.plan_approved_on_hi <= f.as_of) & (gap > f.law_tolerance_m2.fillna(0))


def _permit_is_short(f: pd.DataFrame) -> pd.Series:
    gap = (f.required_permit_m2 - _agreed(f, f.required_permit_m2) - f.counted_permit_m2).round(2)
    return _bound(f) & f.area_is_prescribed & (f.permitted_on_hi <= f.as_of) & (gap > f.law_tolerance_m2.fillna(0))


def _built_is_short(f: pd.DataFrame) -> pd.Series:
    gap = (f.required_m2 - f.in_lieu_counted_m2 - f.carried_survey_m2 - f.counted_survey_m2).round(2)
    is_due = (f.completed_on_hi <= f.as_of) & ~f.waits_for_last_phase
    return _bound(f) & f.area_is_prescribed & is_due & (gap > f.tolerance_at_survey_m2)


def _has_shrunk(f: pd.DataFrame) -> pd.Series:
    shrunk = (f.counted_permit_m2 - f.counted_survey_m2).round(2)
    return _bound(f) & (f.completed_on_hi <= f.as_of) & (shrunk > f.law_tolerance_m2.fillna(0))


def _none_is_handed_over(f: pd.DataFrame) -> pd.Series:
    return _bound(f) & f.law_handover_gate.notna() & f.handover_is_due & (f.handed_own_m2 == 0) & (f.missing_in_kind_m2 > 0)


def _part_is_handed_over(f: pd.DataFrame) -> pd.Series:
    due = _bound(f) & f.law_handover_gate.notna() & f.handover_is_due
    return due & (f.handed_own_m2 > 0) & (f.handed_counted_m2 < f.required_in_kind_m2)


def _plan_is_silent(f: pd.DataFrame) -> pd.Series:
    absent = ~f.plan_states_place | ~f.plan_states_floor | (f.plan_states_area_m2 == 0)
    in_lieu = f.law_in_lieu.ne("no") & (f.in_lieu_agreed_m2 > 0) & (f.in_lieu_agreed_m2 >= f.required_plan_m2)
    return _bound(f) & f.law_plan_must_state.fillna(False) & (f.plan_approved_on_hi <= f.as_of) & absent & ~in_lieu


def _is_not_filed(f: pd.DataFrame) -> pd.Series:
    due_on = f.plan_approved_on_hi + pd.to_timedelta(f.law_filing_grace_days.fillna(0), unit="D")
    return _bound(f) & f.law_filing_required.fillna(False) & (due_on < f.as_of) & (~f.is_filed | (f.filed_on_hi > due_on))


VIOLATED = {
    "AR01": _plan_is_short, "AR02": _permit_is_short, "AR03": _built_is_short, "AR04": _has_shrunk,
    "HO01": _none_is_handed_over, "HO02": _part_is_handed_over, "PL01": _plan_is_silent, "PL02": _is_not_filed,
}  # fmt: skip


def holds(rule: str, frame: pd.DataFrame) -> pd.Series:
    """Whether a project keeps the rule; where a figure is unknown nothing is violated."""
    return ~VIOLATED[rule](frame).fillna(False).astype(bool)


class Way:
    """Checks on the table, as its documentation writes rules over several columns: every column of a failing row is a failure case."""

    def __init__(self, folder: Path, _url: str | None) -> None:
        self.frame = _frame(read_columns(folder))
        self.schema = self.make_schema()
        self.steps = {RULES: self.judge}

    def make_schema(self) -> pandera.DataFrameSchema:
        return pandera.DataFrameSchema(checks=[pandera.Check(lambda f, rule=rule: holds(rule, f), name=rule) for rule in VIOLATED])

    def judge(self) -> None:
        try:
            self.schema.validate(self.checked(), lazy=True)
            self.failures = pd.DataFrame({"check": [], "index": []})
        except pandera.errors.SchemaErrors as errors:
            self.failures = errors.failure_cases

    def checked(self) -> pd.DataFrame:
        return self.frame

    def answers(self) -> Answers:
        numbers = self.frame.project_no.to_numpy()
        return Answers({f"{RULES}: {rule}": Found(numbers[self.failing(rule)]) for rule in VIOLATED})

    def failing(self, rule: str) -> np.ndarray:
        return np.unique(self.failures.loc[self.failures["check"] == rule, "index"].to_numpy(dtype=int))


class Finished(Way):
    """pandas judges, and pandera is handed one finished column a rule: the least that it can be asked."""

    def make_schema(self) -> pandera.DataFrameSchema:
        return pandera.DataFrameSchema({rule: pandera.Column(bool, pandera.Check.eq(True, name=rule)) for rule in VIOLATED})

    def checked(self) -> pd.DataFrame:
        return pd.DataFrame({rule: holds(rule, self.frame) for rule in VIOLATED})

    def failing(self, rule: str) -> np.ndarray:
        return self.failures.loc[self.failures["column"] == rule, "index"].to_numpy(dtype=int)
