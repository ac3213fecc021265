"""The run as a GeoPackage that QGIS opens finished: findings, parcels, communities, offices, idle facilities, with styles and aliases."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from planning_check.errors import Text
from planning_check.geo.frames.plane import DEGREES
from planning_check.record.finding import Finding, said
from planning_check.report.layers.finishing import finish
from planning_check.report.layers.shown import ABOUT, FIELDS, LAYERS, Layer, rank
from planning_check.report.told.pack import Pack
from planning_check.report.told.places import Located, located
from planning_check.report.told.standing import DISMISSED, stood_last
from planning_check.words import BUREAUS, LISTS, OUTCOMES, SEVERITIES, SUBJECTS, UNKNOWN, label

#: Findings written at a time.
_BATCH = 5_000
_FULL_BYTES = 4 * 1024 * 1024  # with less left than this a file that failed had no room
#: The version of the standard: newer ones make the QGIS that offices have warn at every layer.
_VERSION = "1.2"


def write(pack: Pack, folder: Path, lang: str) -> None:
    """``layers_zh.gpkg``: layers in CGCS2000 degrees (EPSG:4490); findings without a place are a table of their own, not left out."""
    path = folder / f"layers_{lang}.gpkg"
    places = located(pack.shapes())
    weights: dict[tuple[str, str], tuple[int, int]] = {}
    with _told_of_the_disk(path), _dated(pack.run.as_of.isoformat()):
        _write_findings(pack, places, path, lang, weights)
        for layer in LAYERS:
            if layer.subject:
                _append(path, layer, list(_things(layer, places, weights, lang)), lang)
        _append(path, ABOUT, _about(pack, lang), lang)
        finish(path, pack.run.as_of.isoformat(), lang)


@contextmanager
def _told_of_the_disk(path: Path) -> Iterator[None]:
    """GDAL and SQLite say in their own words that a file cannot be written, mostly because the disk is full."""
    import pyogrio

    try:
        yield
    except (pyogrio.errors.DataSourceError, sqlite3.OperationalError) as error:
        if shutil.disk_usage(path.parent).free < _FULL_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        raise OSError(errno.EIO, str(error), str(path)) from error


@contextmanager
def _dated(day: str) -> Iterator[None]:
    """GDAL stamps a GeoPackage with the clock; it gets the day of the run, so that the same run gives the same bytes."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _write_findings(pack: Pack, places: Located, path: Path, lang: str, weights: dict[tuple[str, str], tuple[int, int]]) -> None:
    """Areas and points apart (GIS layers hold one kind); ``weights`` collects what lies on each subject: violations, heaviest."""
    areas, points, unplaced = LAYERS[-2], LAYERS[-1], LAYERS[0]
    for layer in (areas, points, unplaced):
        _append(path, layer, [], lang)
    findings = pack.findings()
    while batch := tuple(islice(findings, _BATCH)):
        rows: dict[Layer, list[dict[str, Any]]] = {areas: [], points: [], unplaced: []}
        for finding in batch:
            if finding["outcome"] == "violation" and finding["case_state"] not in DISMISSED:
                _weigh(finding, weights)
            shape = places.of(finding)
            told = _told(finding, lang)
            if shape is None or shape.is_empty:
                rows[unplaced].append(told)
            else:
                rows[points if shape.geom_type in ("Point", "MultiPoint") else areas].append(told | {"geometry": shape})
        for layer, lines in rows.items():
            if lines:
                _append(path, layer, lines, lang)


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
            "severity_name": label(SEVERITIES, severity, lang), "geometry": shape,
        }  # fmt: skip


def _about(pack: Pack, lang: str) -> list[dict[str, Any]]:
    """What was judged, by which law, and that nobody verified it: the table that explains the file."""
    run = pack.run
    rows = [
        (Text("城市", "city").get(lang), run.title.get(lang) if run.title else ""),
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
    return [{"item": item, "told": told} for item, told in rows]


def _append(path: Path, layer: Layer, rows: list[dict[str, Any]], lang: str) -> None:
    """Add rows to a layer; the first call makes it, with no rows too, so that an empty layer is there and empty."""
    import geopandas
    import numpy as np
    import pandas as pd
    import pyogrio

    columns = {
        name: pd.Series([row[name] for row in rows], dtype={"text": "str", "number": "float64", "count": "int32"}[kind])
        for name, kind, *_ in FIELDS[layer.fields]
    }
    begins = not path.exists()
    is_new = begins or layer.name not in {name for name, _ in pyogrio.list_layers(path)}
    options: dict[str, Any] = {"layer": layer.name, "driver": "GPKG", "append": not is_new}
    if begins:
        options["dataset_options"] = {"VERSION": _VERSION}
    if is_new:
        options |= {"identifier": layer.title.get(lang), "description": layer.note.get(lang), "fid": "fid"}
    if layer.geometry is None:
        pyogrio.write_dataframe(pd.DataFrame(columns), path, **options)
        return
    shapes = np.array([*(row["geometry"] for row in rows), None], object)[:-1]
    frame = geopandas.GeoDataFrame(columns, geometry=geopandas.GeoSeries(shapes, crs=DEGREES), crs=DEGREES)
    if is_new:
        options |= {"geometry_name": "geom", "spatial_index": "YES"}
    pyogrio.write_dataframe(frame, path, geometry_type=layer.geometry, promote_to_multi=layer.geometry.startswith("Multi"), **options)
