"""The findings as files for other programs: CSV (Excel-safe), JSON, JSON Lines with a published JSON Schema, GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from planning_check.report.exports import export
from planning_check.report.findings_schema import SCHEMA
from planning_check.report.pack import Pack
from planning_check.report.places import located


def write(pack: Pack, folder: Path, lang: str) -> None:
    """``findings.csv``, ``.json``, ``.jsonl``, ``.schema.json`` and ``.geojson``: both languages in each, so written once."""
    if (folder / "findings.csv").exists():
        return
    run = pack.run
    both = [{"zh": t.zh, "en": t.en} if t else None for t in (run.title, run.notice)]
    header = {"as_of": run.as_of.isoformat(), "digest": run.digest, "tool_version": run.tool_version, "title": both[0], "notice": both[1]}
    for kind in ("csv", "json", "jsonl"):
        _write(folder / f"findings.{kind}", export(kind, header, pack.findings(), lang))
    _write(folder / "findings.schema.json", [json.dumps(SCHEMA, ensure_ascii=False, indent=1) + "\n"])
    _write(folder / "findings.geojson", _geojson(pack))


def _write(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)


def _geojson(pack: Pack) -> Iterable[str]:
    """Violations with their shapes (null where their place is unknown), longitude and latitude as RFC 7946 asks."""
    import shapely

    places = located(pack.shapes())
    yield '{"type": "FeatureCollection", "features": ['
    comma = "\n"
    for finding in pack.findings(outcome="violation"):
        shape = places.of(finding)
        geometry = shapely.to_geojson(shapely.set_precision(shape, 1e-8, mode="pointwise")) if shape is not None else "null"
        told = {name: _plain(finding.get(name)) for name in _PROPERTIES}
        yield f'{comma}{{"type": "Feature", "geometry": {geometry}, "properties": {json.dumps(told, ensure_ascii=False, sort_keys=True)}}}'
        comma = ",\n"
    yield "\n]}\n"


_PROPERTIES = (
    "fingerprint", "rule_id", "rule_title_zh", "rule_title_en", "list", "severity", "status_zh", "status_en", "subject", "subject_key", "subject_name",
    "project_id", "district_name", "community_name", "developer_name", "responsible", "area_m2", "yuan", "message_zh", "message_en", "cure_zh", "cure_en",
    "robustness",
)  # fmt: skip


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
