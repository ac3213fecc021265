"""The JSON Schema of one finding, as ``findings.jsonl`` holds it a line and ``findings.json`` in its list."""

from __future__ import annotations

from typing import Any

from planning_check.report.tables.exports import COLUMNS
from planning_check.words import BUREAUS, CONSEQUENCES, LAW_STATES, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, SUBJECTS

_DECIMAL = {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"}
_TEXT = {"type": ["string", "null"]}
_NAMED = {"type": ["object", "null"], "additionalProperties": {"type": ["string", "null"]}}


def _codes(words: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": list(words)}}


_SOURCE = {
    "type": "object",
    "properties": {"table": {"type": "string"}, "file": {"type": "string"}, "sheet": {"type": "string"}, "row": {"type": "integer", "minimum": 1}},
    "required": ["table", "file", "sheet", "row"],
    "additionalProperties": False,
}  # fmt: skip
_READING = {
    "type": "object",
    "properties": {"clause": {"type": "string"}, "value": {"type": "string"}, "outcome": {"enum": list(OUTCOMES)}, "margin": _DECIMAL, "unit": _TEXT},
    "required": ["clause", "value", "outcome", "margin", "unit"],
    "additionalProperties": False,
}  # fmt: skip
_KEYS: dict[str, dict[str, Any]] = {
    "list": {"enum": list(LISTS)},
    "rule_id": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}$"},
    "outcome": {"enum": [o for o in OUTCOMES if o in ("violation", "undetermined", "error", "exempt")]},
    "severity": {"enum": list(SEVERITIES)},
    "subject": {"enum": list(SUBJECTS)},
    "subject_key": {"type": "string"},
    "fingerprint": {"type": "string", "description": "the same for a rule and a subject in every run"},
    "responsible": {"enum": list(BUREAUS)},
    "consequence": _codes(CONSEQUENCES),
    "missing": {"type": "array", "items": {"type": "string"}},
    "missing_owner": _codes(BUREAUS),
    "robustness": {"enum": [*ROBUSTNESS, None]},
    "alternatives": {"type": ["array", "null"], "items": _READING},
    "facts": _NAMED,
    "law": _NAMED,
    "numbers": _NAMED,
    "sources": {"type": "array", "items": _SOURCE},
    "law_state": {"enum": [*LAW_STATES, "no_project", None]},
    "ordinance_verified": {"type": ["boolean", "null"]},
}
_UNITS = {"_m2": "square metres, to 0.01", "yuan": "yuan, to 0.01", "yuan_min": "yuan, to 0.01: the lower of two amounts"}


def _key(name: str) -> dict[str, Any]:
    if name in _KEYS:
        return _KEYS[name]
    unit = next((text for ending, text in _UNITS.items() if name.endswith(ending)), None)
    return {**_DECIMAL, "description": unit} if unit else _TEXT


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "planning_check finding",
    "description": "One subject that failed one rule, could not be judged, or is exempt. Decimals are text, so that no reader rounds them.",
    "type": "object",
    "properties": {name: _key(name) for name in sorted(COLUMNS)},
    "required": sorted(COLUMNS),
    "additionalProperties": False,
}
