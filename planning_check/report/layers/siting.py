"""Where to build next as a GeoPackage: communities by who stays unserved, what serves, and the sites; with styles."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from planning_check.errors import Text
from planning_check.report.layers.finishing import finish
from planning_check.report.layers.shown import ABOUT, SITED
from planning_check.report.layers.writing import append, dated, told_of_the_disk
from planning_check.report.told import siting as told
from planning_check.siting.result import WHYS, Siting


def siting_gpkg(found: Siting, lang: str) -> bytes:
    """The layers in CGCS2000 degrees (EPSG:4490), the same bytes for the same answer."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "plan.gpkg")
        _write(found, path, lang)
        return path.read_bytes()


def _write(found: Siting, path: Path, lang: str) -> None:
    rows = {"communities": _communities(found), "facilities": _facilities(found, lang), "sites": _sites(found, lang)}
    day = found.as_of.isoformat()
    with told_of_the_disk(path), dated(day):
        for layer in SITED:
            append(path, layer, rows[layer.name], lang)
        append(path, ABOUT, _about(found, lang), lang)
        finish(path, day, lang, (*SITED, ABOUT))


def _communities(found: Siting) -> list[dict[str, Any]]:
    lines = {line.code: line for line in found.communities}
    without = {one.key: one for one in found.left_out if one.register == "communities"}
    rows = []
    for code, shape in found.shapes.items():
        line, out = lines.get(code), without.get(code)
        numbers = {name: float(getattr(line, name)) if line else None for name in ("people", "unserved_now", "unserved")}
        rows.append({
            "class": told.share_class(line) if line else "unknown" if out else "none", "code": code,
            "name": line.name if line else out.name if out else code, "district": line.district if line else "", "geometry": shape,
        } | numbers)  # fmt: skip
    return rows


def _facilities(found: Siting, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "class": "unsure" if one.capacity is None else "known", "key": one.key, "name": one.name, "community": one.community,
            "capacity": None if one.capacity is None else float(one.capacity), "why": WHYS[one.why].get(lang) if one.why else "",
            "geometry": found.points[one.key],
        }
        for one in [*found.known, *found.unsure]
    ]  # fmt: skip


def _sites(found: Siting, lang: str) -> list[dict[str, Any]]:
    import shapely

    return [
        {
            "class": "chosen" if one.order else "other", "order": one.order, "kind": told.site_kind(one).get(lang), "key": one.site.key,
            "name": one.site.name, "community": one.site.community, "people": float(one.people), "m2": float(one.site.m2),
            "capacity": float(one.site.capacity), "yuan": float(one.site.yuan),
            "per_10k_yuan": None if one.per_10k_yuan is None else float(one.per_10k_yuan), "per_m2": float(one.per_m2),
            "note": one.site.note.get(lang) if one.site.note else "", "source": one.site.source.get(lang) if one.site.source else "",
            "geometry": shapely.Point(one.longitude, one.latitude),
        }
        for one in found.ranked
    ]  # fmt: skip


def _about(found: Siting, lang: str) -> list[dict[str, Any]]:
    rows = [
        (Text("城市", "city"), found.title or Text("", "")), (Text("数据说明", "about the data"), found.notice or Text("", "")),
        *((told.title(found), text) for text in told.answer(found)),
        *((Text("未计入", "not counted"), text) for text in told.doubts(found)),
        *((Text("怎么算的", "how"), text) for text in told.caveats(found)),
        (Text("坐标系", "CRS"), Text("CGCS2000 EPSG:4490", "CGCS2000 EPSG:4490")),
    ]  # fmt: skip
    numbers = [
        {"item": name, "told": f"{value} {unit} {verified} {source}"}
        for name, value, unit, verified, source in told.figure_rows(found, lang)
    ]
    return [{"item": item.get(lang), "told": text.get(lang)} for item, text in rows] + numbers
