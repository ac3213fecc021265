"""Two runs of a series compared, as files for other programs: JSON with its schema, and CSV with a row a change.

JSON: ``{"after", "before", "changes": [...], "differs": {...}, "judged_again", "lost": [...]}``. Of either run nothing of this machine: its
day, digest and root, and its number in the database. Areas (m2) and money (yuan) are text, so that no reader rounds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from planning_check.record.causes import FACTORS, KINDS, Judged
from planning_check.record.changes import CellChange, Change, Differing
from planning_check.record.run import StoredRun
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.differing import alone_line, cause_line, evidence_lines
from planning_check.words import OUTCOMES

_NAMED = ("fingerprint", "rule_id", "list", "subject", "subject_key", "subject_name", "project_id", "district_code", "district_name",
          "developer_name")  # fmt: skip
_AMOUNTS = ("outcome", "status", "severity", "area_m2", "yuan")


def diff_json(found: Differing) -> Iterator[str]:
    """The whole comparison as one JSON text, keys sorted."""
    told = {
        "before": _run(found.before), "after": _run(found.after), "judged_again": found.judged,
        "differs": {
            "factors": list(found.things.factors), "files": dict(found.things.files), "as_of": list(found.things.days),
            "tool_version": list(found.things.programs),
            "corrections": [{"is_new": change.is_new, **_correction(change.row)} for change in found.things.corrections],
            "texts": [asdict(text) for text in found.things.texts],
        },
        "lost": [{"factor": factor, "side": side, "why_zh": why.zh, "why_en": why.en} for factor, side, why in found.lost],
        "changes": [_change(change) for change in found.changes],
    }  # fmt: skip
    yield json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1, default=str) + "\n"


def _run(run: StoredRun) -> dict[str, Any]:
    return {"run": run.id, "as_of": run.as_of.isoformat(), "digest": run.digest, "root": run.root, "series": run.series}


def _correction(row: Any) -> dict[str, Any]:
    names = ("file", "sheet", "record_key", "field_told", "old_value", "new_value", "reason", "corrected_by", "corrected_on", "valid_to")
    return {name: getattr(row, name) for name in names}


def _judged(one: Judged) -> dict[str, Any]:
    return {name: None if (value := getattr(one, name)) is None else str(value) for name in _AMOUNTS}


def _cell(change: CellChange) -> dict[str, Any]:
    sides = {"before": change.before, "after": change.after}
    told = {
        side: cell and {"file": cell.file, "sheet": cell.sheet, "row": cell.row, "column": cell.letter if change.field else None,
                        "raw": cell.raw if change.field else None}
        for side, cell in sides.items()
    }  # fmt: skip
    return {"table": change.table, "record_key": change.record_key, "field": change.field or None, **told}


def _change(change: Change) -> dict[str, Any]:
    cause, standing = change.cause, change.standing
    said = cause_line(change)
    return {
        **{name: getattr(change.named, name) for name in _NAMED}, "kind": change.kind, "before": _judged(change.before),
        "after": _judged(change.after), "cause_zh": said.zh, "cause_en": said.en,
        "cause": cause and {
            "ways": [list(way) for way in cause.ways], "proved": cause.proved, "needed": list(cause.needed),
            "excluded": list(cause.excluded), "alone": {factor: _judged(outcome) for factor, outcome in cause.alone.items()},
        },
        "cells": [_cell(cell) for cell in change.cells], "cells_unknown": change.is_bare,
        "corrections": [{"is_new": one.is_new, **_correction(one.row)} for one in change.corrections],
        "texts": [asdict(text) for text in change.texts],
        "case": standing and {"before": standing.before, "after": standing.after, "entry": standing.seq},
        "waiver": change.waived and dict(zip(("before", "after"), change.waived, strict=True)),
    }  # fmt: skip


_TEXT = {"type": ["string", "null"]}
_SIDE = {
    "type": ["object", "null"], "additionalProperties": False, "required": ["file", "sheet", "row", "column", "raw"],
    "properties": {"file": {"type": "string"}, "sheet": {"type": "string"}, "row": {"type": "integer"}, "column": _TEXT, "raw": _TEXT},
}  # fmt: skip
_JUDGED = {
    "type": "object", "additionalProperties": False, "required": list(_AMOUNTS),
    "properties": {**dict.fromkeys(_AMOUNTS, _TEXT), "outcome": {"enum": [*OUTCOMES, None]}},
}  # fmt: skip
_FACTORS = {"type": "array", "items": {"enum": list(FACTORS)}}
#: One of ``changes``.
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "planning_check change",
    "description": "One rule and subject that came out otherwise in the newer of two runs, with its cause.",
    "type": "object",
    "additionalProperties": False,
    "required": [*_NAMED, "kind", "before", "after", "cause", "cause_zh", "cause_en", "cells", "cells_unknown", "corrections", "texts",
                 "case", "waiver"],
    "properties": {
        **dict.fromkeys(_NAMED, _TEXT), "kind": {"enum": list(KINDS)}, "before": _JUDGED, "after": _JUDGED,
        "cause_zh": {"type": "string"}, "cause_en": {"type": "string"}, "cells_unknown": {"type": "boolean"},
        "cause": {
            "type": ["object", "null"], "additionalProperties": False, "required": ["ways", "proved", "needed", "excluded", "alone"],
            "properties": {"ways": {"type": "array", "items": _FACTORS}, "proved": {"type": "boolean"}, "needed": _FACTORS,
                           "excluded": _FACTORS, "alone": {"type": "object", "additionalProperties": _JUDGED}},
        },
        "cells": {"type": "array", "items": {
            "type": "object", "additionalProperties": False, "required": ["table", "record_key", "field", "before", "after"],
            "properties": {"table": {"type": "string"}, "record_key": {"type": "string"}, "field": _TEXT, "before": _SIDE, "after": _SIDE},
        }},
        "corrections": {"type": "array", "items": {"type": "object"}},
        "texts": {"type": "array", "items": {"type": "object", "required": ["what", "id", "part", "before", "after"]}},
        "case": {"type": ["object", "null"], "required": ["before", "after", "entry"]},
        "waiver": {"type": ["object", "null"], "required": ["before", "after"]},
    },
}  # fmt: skip
_CSV = (
    "kind", "list", "rule_id", "subject", "subject_key", "subject_name", "district_name", "developer_name", "outcome_before",
    "outcome_after", "area_before_m2", "area_after_m2", "before_yuan", "after_yuan", "causes", "proved", "cause_zh", "cause_en",
    "evidence_zh", "evidence_en", "fingerprint",
)  # fmt: skip


def diff_csv(found: Differing) -> Iterator[str]:
    """Every change as a row; causes as codes: ``data`` one, ``data+rules`` both needed, ``data | rules`` either alone."""
    yield BOM + csv_row(_CSV)
    for change in found.changes:
        named, one, other, cause = change.named, change.before, change.after, change.cause
        ways = " | ".join("+".join(way) for way in cause.ways) if cause else "decision" if change.standing else "waiver"
        told = [text for text in (alone_line(change), *evidence_lines(change)) if text]
        said = cause_line(change)
        yield csv_row([
            change.kind, named.list, named.rule_id, named.subject, named.subject_key, named.subject_name, named.district_name,
            named.developer_name, one.outcome, other.outcome, one.area_m2, other.area_m2,
            one.yuan, other.yuan, ways, "yes" if cause is None or (cause.proved and cause.ways) else "no", said.zh, said.en,
            "\n".join(text.zh for text in told), "\n".join(text.en for text in told), named.fingerprint,
        ])  # fmt: skip
