"""The JSON Schema of one finding, as ``findings.jsonl`` holds it a line and ``findings.json`` in its list."""

from __future__ import annotations

from typing import Any

from planning_check.record.finding import FIELDS, Field
from planning_check.words import OUTCOMES, SUBJECTS

_DECIMAL = {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"}
_TEXT = {"type": ["string", "null"]}
_NAMED = {"type": ["object", "null"], "additionalProperties": {"type": ["string", "null"]}}


_SOURCE = {
    "type": "object",
    "properties": {"table": {"type": "string"}, "file": {"type": "string"}, "sheet": {"type": "string"},
                   "row": {"type": "integer", "minimum": 1}},
    "required": ["table", "file", "sheet", "row"],
    "additionalProperties": False,
}  # fmt: skip
_READING = {
    "type": "object",
    "properties": {"clause": {"type": "string"}, "value": {"type": "string"}, "outcome": {"enum": list(OUTCOMES)}, "margin": _DECIMAL,
                   "unit": _TEXT},
    "required": ["clause", "value", "outcome", "margin", "unit"],
    "additionalProperties": False,
}  # fmt: skip
_SHAPES: dict[str, dict[str, Any]] = {
    "text": _TEXT,
    "key": {"type": "string"},
    "names": {"type": "array", "items": {"type": "string"}},
    "decimal": _DECIMAL,
    "flag": {"type": ["boolean", "null"]},
    "named": _NAMED,
    "readings": {"type": ["array", "null"], "items": _READING},
    "sources": {"type": "array", "items": _SOURCE},
}
#: What is said of a field beyond its kind.
_MORE: dict[str, dict[str, str]] = {
    "rule_id": {"pattern": "^[A-Z]{2}[0-9]{2}$"},
    "fingerprint": {"description": "the same for a rule and a subject in every run"},
    "yuan_min": {"description": "yuan, to 0.01: the lower of two amounts"},
}
_UNITS = {"m2": {"description": "square metres, to 0.01"}, "yuan": {"description": "yuan, to 0.01"}, "": {}}


def _key(name: str, field: Field) -> dict[str, Any]:
    if field.kind == "code":
        return {"enum": [*field.codes, *([None] if field.optional else [])]}
    if field.kind == "codes":
        return {"type": "array", "items": {"enum": list(field.codes)}}
    return {**_SHAPES[field.kind], **_MORE.get(name, _UNITS[field.unit])}


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "planning_check finding",
    "description": "One subject that failed one rule, could not be judged, or is exempt. Decimals are text, so that no reader rounds them.",
    "type": "object",
    "properties": {name: _key(name, FIELDS[name]) for name in sorted(FIELDS)},
    "required": sorted(FIELDS),
    "additionalProperties": False,
}


def schema() -> dict[str, Any]:
    """The same with the subjects in force: those of own tables of the run, too."""
    return {**SCHEMA, "properties": {**SCHEMA["properties"], "subject": {"enum": list(SUBJECTS)}}}
