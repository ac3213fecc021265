"""The cases of a series as rows for programs: CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.followed import days_open, why_reopened

_NAMES = (
    "key", "state", "list", "rule", "subject", "subject_key", "subject_name", "district", "developer", "responsible", "first_on", "days",
    "decided_on", "resolution_no", "due_on", "amount_yuan", "done_on", "reopened", "reason_zh", "reason_en", "found_in_run",
)  # fmt: skip


def _record(line: Any, found: Any) -> dict[str, Any]:
    """A case (``pipeline.CaseLine``) by ``_NAMES``; None is what it has not, or what no run on record tells."""
    case, finding = line.case, line.finding or {}
    body = case.decision.body if case.decision else {}
    reasons = [why_reopened(case.reason, finding.get("subject", ""), lang) or None for lang in ("zh", "en")]
    values = (
        case.fingerprint, case.state, *(finding.get(name) for name in ("list", "rule_id", "subject", "subject_key", "subject_name")),
        finding.get("district_name") or finding.get("district_code"), finding.get("developer_name"),
        body.get("responsible") or finding.get("responsible"), case.first_on, days_open(case, found.run.as_of), body.get("decided_on"),
        body.get("resolution_no"), body.get("due_on"), body.get("amount_yuan"), case.done_on, case.reopened, *reasons, line.found_in,
    )  # fmt: skip
    return dict(zip(_NAMES, values, strict=True))


def cases_csv(found: Any) -> Iterator[str]:
    """A line a case (``pipeline.CaseList``): codes, days since the first check in which it was a violation, why it was reopened last."""
    yield BOM + csv_row(_NAMES)
    for line in found.lines:
        yield csv_row(_record(line, found).values())


def cases_json(found: Any) -> Iterator[str]:
    """The same with the series, its latest run, and how many cases it has in all."""
    run = found.run
    told = {"run": run.id, "series": run.series, "as_of": run.as_of, "cases": found.of,
            "listed": [_record(line, found) for line in found.lines]}  # fmt: skip
    yield json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"
