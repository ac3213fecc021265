"""QGIS styles (QML, as QGIS 3 writes it): colour and shape by list, weight by severity, labels for communities, aliases of fields."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from planning_check.cases import STATES
from planning_check.report.layers.shown import CLASSES, FIELDS, THINGS, Layer
from planning_check.words import LISTS, OUTCOMES

#: Heavier findings are drawn larger (points) or with a broader outline (areas), in mm.
_SIZE = "CASE WHEN \"severity\"='critical' THEN 4.2 WHEN \"severity\"='major' THEN 3.4 ELSE 2.6 END"
_OUTLINE = "CASE WHEN \"severity\"='critical' THEN 0.9 WHEN \"severity\"='major' THEN 0.6 ELSE 0.3 END"
_FINDING_ALPHA = 110
_COMMUNITY_LABELS_FROM = "100000"


def qml(layer: Layer, lang: str) -> str:
    """The style of a layer; of a table only the aliases."""
    categories = "Symbology|Labeling|Fields" if layer.geometry else "Fields"
    top = ET.Element(
        "qgis", version="3.28.0-Firenze", styleCategories=categories, labelsEnabled="1" if layer.name == "communities" else "0"
    )
    if layer.geometry:
        _renderer(top, layer, lang)
    if layer.name == "communities":
        _labels(top)
    aliases = ET.SubElement(top, "aliases")
    for index, (name, _, alias) in enumerate(FIELDS[layer.fields], 1):
        ET.SubElement(aliases, "alias", index=str(index), field=name, name=alias.get(lang))
    if layer.geometry:
        ET.SubElement(top, "layerGeometryType").text = "2" if "Polygon" in (layer.geometry or "") else "0"
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(top, encoding="unicode")


def _renderer(top: ET.Element, layer: Layer, lang: str) -> None:
    is_area = "Polygon" in (layer.geometry or "")
    common: Any = {"forceraster": "0", "enableorderby": str(int(layer.fields == "findings")), "symbollevels": "0"}
    if layer.fields != "findings":
        fill, outline, marker = THINGS[layer.name]
        renderer = ET.SubElement(top, "renderer-v2", type="singleSymbol", **common)
        _symbol(
            ET.SubElement(renderer, "symbols"), "0", is_area, (fill, 0 if layer.name == "communities" else 140), outline, marker, "solid"
        )
        return
    renderer = ET.SubElement(top, "renderer-v2", type="categorizedSymbol", attr="class", **common)
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    words = LISTS | OUTCOMES | STATES
    for number, (code, (colour, marker, filled)) in enumerate(CLASSES.items()):
        name = words[code].get(lang)
        shown = {"value": code, "symbol": str(number), "label": name, "type": "string", "render": "true"}
        ET.SubElement(categories, "category", shown)
        _symbol(symbols, str(number), is_area, (colour, _FINDING_ALPHA), colour, marker, filled, by_severity=True)
    # drawn in this order, so that the first class comes last and lies on top
    places = " ".join(f"WHEN '{code}' THEN {place}" for place, code in enumerate(CLASSES))
    ET.SubElement(ET.SubElement(renderer, "orderby"), "orderByClause", asc="0", nullsFirst="1").text = f'CASE "class" {places} END'


def _symbol(
    symbols: ET.Element,
    name: str,
    is_area: bool,
    fill: tuple[str, int],
    outline: str,
    marker: str,
    filled: str,
    *,
    by_severity: bool = False,
) -> None:
    kind = "fill" if is_area else "marker"
    symbol = ET.SubElement(symbols, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    drawn = ET.SubElement(
        symbol, "layer", {"class": "SimpleFill" if is_area else "SimpleMarker", "enabled": "1", "locked": "0", "pass": "0"}
    )
    options = {"outline_color": _rgba(outline, 255), "outline_style": "solid", "outline_width": "0.3", "outline_width_unit": "MM"}
    if is_area:
        options |= {"color": _rgba(*fill), "style": filled, "joinstyle": "bevel"}
    else:
        options |= {"color": _rgba(fill[0], 255), "name": marker, "size": "2.6", "size_unit": "MM", "angle": "0"}
    held = ET.SubElement(drawn, "Option", type="Map")
    for option, value in sorted(options.items()):
        ET.SubElement(held, "Option", name=option, type="QString", value=value)
    if by_severity:
        _data_defined(drawn, *(("outlineWidth", _OUTLINE) if is_area else ("size", _SIZE)))


def _data_defined(drawn: ET.Element, name: str, expression: str) -> None:
    held = ET.SubElement(ET.SubElement(drawn, "data_defined_properties"), "Option", type="Map")
    ET.SubElement(held, "Option", name="name", type="QString", value="")
    one = ET.SubElement(ET.SubElement(held, "Option", name="properties", type="Map"), "Option", name=name, type="Map")
    ET.SubElement(one, "Option", name="active", type="bool", value="true")
    ET.SubElement(one, "Option", name="expression", type="QString", value=expression)
    ET.SubElement(one, "Option", name="type", type="int", value="3")
    ET.SubElement(held, "Option", name="type", type="QString", value="collection")


def _labels(top: ET.Element) -> None:
    settings = ET.SubElement(ET.SubElement(top, "labeling", type="simple"), "settings", calloutType="simple")
    style = {
        "fieldName": "name",
        "fontSize": "9",
        "fontSizeUnit": "Point",
        "textColor": "60,60,60,255",
        "isExpression": "0",
        "multilineHeight": "1",
    }
    text = ET.SubElement(settings, "text-style", style)
    ET.SubElement(text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor="255,255,255,255")
    ET.SubElement(settings, "placement", placement="1")
    ET.SubElement(settings, "rendering", scaleVisibility="1", scaleMin="0", scaleMax=_COMMUNITY_LABELS_FROM, drawLabels="1", obstacle="0")


def _rgba(colour: str, alpha: int) -> str:
    return ",".join([*(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)), str(alpha)])
