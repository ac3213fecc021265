"""The rules written by hand in SQL on a PostgreSQL server, on exact decimals."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from benchmarks.ways.answers import RULES, Answers, Found
from benchmarks.ways.rows import JUDGED, read_columns
from benchmarks.ways.server import Server

_AGREED = """CASE WHEN law_in_lieu = 'mixed' OR (law_in_lieu = 'whole_only' AND in_lieu_agreed_m2 >= {required})
        THEN in_lieu_agreed_m2 ELSE 0 END"""
_VIOLATED = {
    "AR01": f"""area_is_prescribed AND plan_approved_on_hi <= as_of
        AND required_plan_m2 - {_AGREED.format(required="required_plan_m2")} - counted_plan_m2 > coalesce(law_tolerance_m2, 0)""",
    "AR02": f"""area_is_prescribed AND permitted_on_hi <= as_of
        AND required_permit_m2 - {_AGREED.format(required="required_permit_m2")} - counted_permit_m2 > coalesce(law_tolerance_m2, 0)""",
    "AR03": """area_is_prescribed AND completed_on_hi <= as_of AND NOT waits_for_last_phase
        AND required_m2 - in_lieu_counted_m2 - carried_survey_m2 - counted_survey_m2 > tolerance_at_survey_m2""",
    "AR04": "completed_on_hi <= as_of AND counted_permit_m2 - counted_survey_m2 > coalesce(law_tolerance_m2, 0)",
    "HO01": "law_handover_gate IS NOT NULL AND handover_is_due AND handed_own_m2 = 0 AND missing_in_kind_m2 > 0",
    "HO02": "law_handover_gate IS NOT NULL AND handover_is_due AND handed_own_m2 > 0 AND handed_counted_m2 < required_in_kind_m2",
    "PL01": """law_plan_must_state AND plan_approved_on_hi <= as_of
        AND (NOT plan_states_place OR NOT plan_states_floor OR plan_states_area_m2 = 0)
        AND NOT (law_in_lieu <> 'no' AND in_lieu_agreed_m2 > 0 AND in_lieu_agreed_m2 >= required_plan_m2)""",
    "PL02": """law_filing_required AND plan_approved_on_hi + coalesce(law_filing_grace_days, 0)::integer < as_of
        AND (NOT is_filed OR filed_on_hi > plan_approved_on_hi + coalesce(law_filing_grace_days, 0)::integer)""",
}
_JUDGE = f"""
CREATE UNLOGGED TABLE judged AS
SELECT project_no, {", ".join(f"coalesce({_VIOLATED[rule]}, false) AS {rule}" for rule in JUDGED)} FROM project
WHERE law_state IN ('governed', 'contract') AND coalesce(life_state, 'open') = 'open' AND duty_applies AND NOT is_exempt
"""


def _type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return "numeric"
    return (
        "boolean" if pa.types.is_boolean(kind) else "date" if pa.types.is_date(kind) else "bigint" if pa.types.is_integer(kind) else "text"
    )


class Way:
    def __init__(self, folder: Path, url: str) -> None:
        table = read_columns(folder, exact=True)
        self.server = Server(url)
        self.about = self.server.about
        columns = ", ".join(f"{name} {_type(kind)}" for name, kind in zip(table.column_names, table.schema.types, strict=True))
        self.server.run(f"CREATE UNLOGGED TABLE project ({columns})")
        self.server.load("COPY project FROM STDIN", zip(*(column.to_pylist() for column in table.columns), strict=True))
        self.server.run("VACUUM ANALYZE project")
        self.steps = {RULES: self.judge}

    def judge(self) -> None:
        self.server.run("DROP TABLE IF EXISTS judged", _JUDGE)

    def answers(self) -> Answers:
        return Answers(
            {f"{RULES}: {rule}": Found(self.server.columns(f"SELECT project_no FROM judged WHERE {rule}")[0]) for rule in JUDGED}
        )

    def close(self) -> None:
        self.server.close()
