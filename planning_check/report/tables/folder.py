"""The findings as files for other programs: CSV (Excel-safe), JSON, JSON Lines with a published JSON Schema, GeoJSON; problems as CSV."""

from __future__ import annotations

import json
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.record.finding import Finding
from planning_check.report.tables.controls import controls_csv
from planning_check.report.tables.corrections import corrections_csv, without_csv
from planning_check.report.tables.exports import BOM, csv_row, json_frame, json_text
from planning_check.report.tables.league import league_csv
from planning_check.report.tables.returns import disagreements_csv, returns_csv
from planning_check.report.tables.schema import schema
from planning_check.report.tables.seen import seen_csv
from planning_check.report.tables.spreadsheet import sheet_head, sheet_line
from planning_check.report.told.pack import Pack
from planning_check.report.told.places import Located, located
from planning_check.report.told.seen import Looked

if TYPE_CHECKING:
    from typing import TextIO


def write(pack: Pack, folder: Path, lang: str) -> None:
    """``findings.csv``, ``.json``, ``.jsonl``, ``.schema.json``, ``.geojson``, ``problems.csv``, ``reading.csv``, ``corrections.csv``,
    ``outcomes_without.csv``, ``disagreements.csv``, ``returns.csv`` and ``controls.csv``: both languages in each but ``findings.csv``,
    which is for spreadsheets, so written once; in another language than the first ``findings_en.csv``; of a province ``cities.csv``.

    The findings are read once and written as they come.
    """
    cities = pack.cities
    if (folder / "findings.csv").exists():
        with (folder / f"findings_{lang}.csv").open("w", encoding="utf-8", newline="") as other:
            other.write(sheet_head(lang, cities))
            other.writelines(sheet_line(finding, lang, cities) for finding in pack.findings())
        return
    (folder / "findings.schema.json").write_text(json.dumps(schema(), ensure_ascii=False, indent=1) + "\n", "utf-8", newline="\n")
    with (folder / "problems.csv").open("w", encoding="utf-8", newline="") as problems:
        problems.write(BOM + csv_row(_PROBLEM))
        problems.writelines(csv_row([_plain(getattr(problem, name)) for name in _PROBLEM]) for problem in pack.problems)
    with (folder / "reading.csv").open("w", encoding="utf-8", newline="") as reading:
        reading.writelines(seen_csv(Looked(pack.summary.seen, pack.summary.lacking)))
    beside = {
        "corrections": corrections_csv(pack), "outcomes_without": without_csv(pack), "disagreements": disagreements_csv(pack),
        "returns": returns_csv(pack), **({"controls": controls_csv(pack.controls())} if pack.controls else {}),
        **({"cities": league_csv(pack.league())} if pack.league else {}),
    }  # fmt: skip
    for name, lines in beside.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as told:
            told.writelines(lines)
    before, after = json_frame(_header(pack))
    places = located(pack.shapes())
    with ExitStack() as stack:

        def opened(kind: str) -> TextIO:
            return stack.enter_context((folder / f"findings.{kind}").open("w", encoding="utf-8", newline=""))

        table, whole, lines, shapes = (opened(kind) for kind in ("csv", "json", "jsonl", "geojson"))
        table.write(sheet_head(lang, cities))
        whole.write(before)
        shapes.write('{"type": "FeatureCollection", "features": [')
        comma = drawn = ""
        for finding in pack.findings():
            text = json_text(finding)
            table.write(sheet_line(finding, lang, cities))
            lines.write(f"{text}\n")
            whole.write(f"{comma}\n  {text}")
            comma = ","
            if finding["outcome"] == "violation":
                shapes.write(f"{drawn}\n{_feature(finding, places)}")
                drawn = ","
        whole.write(("\n " if comma else "") + after)
        shapes.write("\n]}\n")


def _header(pack: Pack) -> dict[str, Any]:
    run = pack.run
    title, notice = ({"zh": t.zh, "en": t.en} if t else None for t in (run.title, run.notice))
    return {
        "as_of": run.as_of.isoformat(),
        "digest": run.digest,
        "tool_version": run.tool_version,
        "root": run.root,
        "title": title,
        "notice": notice,
    }


def _feature(finding: Finding, places: Located) -> str:
    """A violation with its shape (null where its place is unknown), longitude and latitude as RFC 7946 asks."""
    import shapely

    shape = places.of(finding)
    geometry = shapely.to_geojson(shapely.set_precision(shape, 1e-8, mode="pointwise")) if shape is not None else "null"
    told = {name: _plain(finding.get(name)) for name in _PROPERTIES}
    return f'{{"type": "Feature", "geometry": {geometry}, "properties": {json.dumps(told, ensure_ascii=False, sort_keys=True)}}}'


#: Columns of ``problems.csv``: where a problem of the delivery stands, what it is, whether its row was set aside, what to do.
_PROBLEM = (
    "file", "sheet", "row", "letter", "table_name", "key", "field", "raw", "code", "quarantined", "what_zh", "what_en", "fix_zh", "fix_en",
)  # fmt: skip
_PROPERTIES = (
    "fingerprint", "rule_id", "rule_title_zh", "rule_title_en", "list", "severity", "status_zh", "status_en", "subject", "subject_key",
    "subject_name", "project_id", "district_name", "community_name", "developer_name", "responsible", "area_m2", "yuan", "yuan_min",
    "message_zh", "message_en", "cure_zh", "cure_en", "robustness", "case_state", "decision", "decision_on", "decision_no",
)  # fmt: skip


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
