"""The run as a GeoPackage that QGIS opens finished: findings, where their errors lie, what they are about; with styles and aliases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Text
from planning_check.record.finding import Finding, said
from planning_check.report.layers.errors import Error, draw, errors_of
from planning_check.report.layers.finishing import finish
from planning_check.report.layers.shown import ABOUT, DIFFERS, ERRORS, FIELDS, Layer, layers_of, rank
from planning_check.report.layers.writing import append, dated, told_of_the_disk
from planning_check.report.told.pack import Pack
from planning_check.report.told.places import Located, located
from planning_check.report.told.standing import DISMISSED, stood_last
from planning_check.words import BUREAUS, LISTS, OUTCOMES, SEVERITIES, SUBJECTS, UNKNOWN, label

if TYPE_CHECKING:
    import shapely

_AGREES = Text("一致", "agree")
_PAUSE = Text("；", "; ")
_NOT_DRAWN = Text("没有画出：本次检查没有记录所需的图形", "not drawn: the run did not record the shapes it needs")
#: How many cities that were not checked are named in the table that explains the file.
_MOST_CITIES = 200
#: Findings written at a time.
_BATCH = 5_000


def write(pack: Pack, folder: Path, lang: str) -> None:
    """``layers_zh.gpkg``: layers in CGCS2000 degrees (EPSG:4490); findings without a place are a table of their own, not left out."""
    path = folder / f"layers_{lang}.gpkg"
    shapes = pack.shapes()
    places = located(shapes)
    weights: dict[tuple[str, str], tuple[int, int]] = {}
    errors: list[tuple[Error, dict[str, Any]]] = []
    layers = layers_of(is_province=bool(pack.cities))
    named = {layer.name: layer for layer in layers}
    with told_of_the_disk(path), dated(pack.run.as_of.isoformat()):
        _write_findings(pack, named, places, path, lang, weights, errors)
        where = _drawn(errors, shapes, pack.run.manifest, lang)
        for name, rows in where.items():
            append(path, named[name], rows, lang)
        for layer in layers:
            if layer.subject:
                append(path, layer, list(_things(layer, places, weights, lang)), lang)
        append(path, ABOUT, _about(pack, where, lang), lang)
        finish(path, pack.run.as_of.isoformat(), lang, (*layers, ABOUT))


def _write_findings(
    pack: Pack, named: Mapping[str, Layer], places: Located, path: Path, lang: str, weights: dict[tuple[str, str], tuple[int, int]],
    errors: list[tuple[Error, dict[str, Any]]],
) -> None:  # fmt: skip
    """Areas and points apart (GIS layers hold one kind); ``weights`` collects what lies on each subject: violations, heaviest;
    ``errors`` what was measured wrong, each with its finding as a row."""
    areas, points, unplaced = (named[f"findings_{kind}"] for kind in ("areas", "points", "unplaced"))
    for layer in (areas, points, unplaced):
        append(path, layer, [], lang)
    findings = pack.findings()
    while batch := tuple(islice(findings, _BATCH)):
        rows: dict[Layer, list[dict[str, Any]]] = {areas: [], points: [], unplaced: []}
        for finding in batch:
            told = _told(finding, lang) | {"city": pack.cities.name(finding["district_code"]).get(lang)}
            if finding["outcome"] == "violation" and finding["case_state"] not in DISMISSED:
                _weigh(finding, weights)
                errors += [(error, told) for error in errors_of(finding)]
            shape = places.of(finding)
            if shape is None or shape.is_empty:
                rows[unplaced].append(told)
            else:
                rows[points if shape.geom_type in ("Point", "MultiPoint") else areas].append(told | {"geometry": shape})
        for layer, lines in rows.items():
            if lines:
                append(path, layer, lines, lang)


def _drawn(
    errors: Sequence[tuple[Error, dict[str, Any]]], shapes: Sequence[Any], manifest: Mapping[str, Any], lang: str
) -> dict[str, list[dict[str, Any]]]:
    """Layer -> its rows: every error as its own shape; one that cannot be drawn is a row without shape that says so."""
    rows: dict[str, list[dict[str, Any]]] = {layer: [] for _, layer, _ in ERRORS.values()}
    for (error, finding), drawn in zip(errors, draw([error for error, _ in errors], shapes, manifest), strict=True):
        name, layer, _ = ERRORS[error.kind]
        agrees = drawn.agrees(error.found)
        own = {
            "class": error.kind if agrees or drawn.shape is None else DIFFERS[0],
            "error": name.get(lang), "found": _plain(error.found), "drawn": _plain(drawn.measure),
            "unit": "m" if layer == "errors_lines" else "m2",
            "agrees": (_AGREES if agrees else _NOT_DRAWN if drawn.shape is None else DIFFERS[1]).get(lang),
        }  # fmt: skip
        fields = (field for field, *_ in FIELDS["errors"])
        rows[layer].append(
            {field: own.get(field, finding.get(field)) for field in fields} | {"city": finding.get("city"), "geometry": drawn.shape}
        )
    return rows


def _weigh(finding: Finding, weights: dict[tuple[str, str], tuple[int, int]]) -> None:
    for key in {(finding["subject"], finding["subject_key"]), ("project", finding["project_id"] or "")}:
        number, heaviest = weights.get(key, (0, rank("")))
        weights[key] = number + 1, min(heaviest, rank(finding["severity"]))


def _told(finding: Finding, lang: str) -> dict[str, Any]:
    """One finding as a row of the layer; codes beside words, so that styles and filters hold in every language."""
    is_dismissed = finding["outcome"] == "violation" and finding["case_state"] in DISMISSED
    listed = finding["list"] if finding["outcome"] == "violation" else finding["outcome"]
    words = {
        "class": finding["case_state"] if is_dismissed else listed,
        "stood": stood_last(finding, lang),
        "list_name": label(LISTS, finding["list"], lang),
        "outcome_name": label(OUTCOMES, finding["outcome"], lang),
        "severity_name": label(SEVERITIES, finding["severity"], lang),
        "bureau": label(BUREAUS, finding["responsible"], lang),
        "subject_kind": label(SUBJECTS, finding["subject"], lang),
        "rule_title": said(finding, "rule_title", lang),
        "status": said(finding, "status", lang) or "",
        "told": said(finding, "message", lang) or said(finding, "reason", lang) or "",
        "cure": said(finding, "cure", lang) or "",
        "verified": _verified(finding["ordinance_verified"], lang),
    }
    return {name: _plain(words.get(name, finding.get(name))) for name, *_ in FIELDS["findings"]}


def _verified(verified: bool | None, lang: str) -> str:
    if verified is None:
        return ""
    return Text("已核实" if verified else "未核实", "verified" if verified else "not verified").get(lang)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _things(layer: Layer, places: Located, weights: Mapping[tuple[str, str], tuple[int, int]], lang: str) -> Iterable[dict[str, Any]]:
    """Everything of one kind with how many violations are recorded about it (a parcel: about its own shape only)."""
    for key, name, shape in places.layer(layer.subject):
        number, heaviest = weights.get((layer.subject, key), (0, rank("")))
        severity = list(SEVERITIES)[heaviest] if number else ""
        yield {
            "key": key, "name": name or UNKNOWN.get(lang), "violations": number, "severity": severity,
            "severity_name": label(SEVERITIES, severity, lang), "geometry": _pointed(shape) if layer.geometry == "MultiPoint" else shape,
            "of_project": weights.get(("project", of), (0, 0))[0] if (of := places.projects.get((layer.subject, key))) else None,
        }  # fmt: skip


def _pointed(shape: shapely.Geometry) -> shapely.Geometry:
    """What a layer of points can hold: of what is drawn as an area, a point inside it."""
    return shape if shape.geom_type in ("Point", "MultiPoint") else shape.point_on_surface()


def _about(pack: Pack, where: Mapping[str, Sequence[Mapping[str, Any]]], lang: str) -> list[dict[str, Any]]:
    """What was judged, by which law, and that nobody verified it, and how many errors (``where``, by layer) could be drawn:
    the table that explains the file."""
    run = pack.run
    rows = [
        (Text("城市", "city").get(lang), run.title.get(lang) if run.title else ""),
        *(
            (Text("全省各市", "cities").get(lang), told.get(lang))
            for told in [pack.cities.left_out(_MOST_CITIES) or pack.cities.counted()]
            if pack.cities
        ),
        (Text("数据说明", "about the data").get(lang), run.notice.get(lang) if run.notice else ""),
        (Text("检查基准日", "as of").get(lang), run.as_of.isoformat()),
        (Text("检查编号", "digest of the run").get(lang), run.digest),
        (Text("工具版本", "tool version").get(lang), run.tool_version),
        (Text("坐标系", "CRS").get(lang), "CGCS2000 EPSG:4490"),
    ]
    for ordinance in pack.summary.ordinances:
        told = f"{ordinance.title.get(lang)} ({ordinance.id})：{_verified(ordinance.verified, lang)}"
        rows.append((Text("适用办法", "ordinance").get(lang), told))
    drawn = Text(
        "宗地、用房只画有问题的；没有位置的问题在表“findings_unplaced”",
        "parcels and rooms only where there are findings; findings without a place are in the table findings_unplaced",
    )
    rows.append((Text("图层范围", "what is drawn").get(lang), drawn.get(lang)))
    counted = Counter(row["agrees"] for rows_of in where.values() for row in rows_of)
    kinds = [told_as.get(lang) for told_as in (_AGREES, DIFFERS[1], _NOT_DRAWN)]
    rows.append((Text("错在哪里", "where the errors are").get(lang), _PAUSE.get(lang).join(f"{kind} {counted[kind]}" for kind in kinds)))
    return [{"item": item, "told": told} for item, told in rows]
