"""QGIS styles (QML, as QGIS 3 writes it): colour and shape by list, weight by severity, labels for communities, aliases of fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from planning_check.cases import STATES
from planning_check.errors import Text
from planning_check.report.layers.shown import (
    CLASSES,
    DIFFERS,
    DISPLAYED,
    ERRORS,
    FIELDS,
    HAS_VIOLATIONS,
    SITED_CLASSES,
    THINGS,
    Layer,
    kind_of,
)
from planning_check.words import LISTS, OUTCOMES, UNKNOWN

#: Heavier findings are drawn larger (points) or with a broader outline (areas), in mm.
_SIZE = "CASE WHEN \"severity\"='critical' THEN 4.2 WHEN \"severity\"='major' THEN 3.4 ELSE 2.6 END"
_OUTLINE = "CASE WHEN \"severity\"='critical' THEN 0.9 WHEN \"severity\"='major' THEN 0.6 ELSE 0.3 END"
_FINDING_ALPHA = 110
_ERROR_ALPHA = 200
_THING_ALPHA = 140
_PALE = 45
#: Width in mm of what shows where the error is, and of other outlines.
_BOLD, _FINE = "0.8", "0.3"
#: QGIS's numbers of the kinds of layer.
_GEOMETRIES = ("Point", "LineString", "Polygon")
#: Kind of geometry -> kind of symbol and what draws it.
_KINDS = {"Polygon": ("fill", "SimpleFill"), "LineString": ("line", "SimpleLine"), "Point": ("marker", "SimpleMarker")}
_COMMON: Any = {"forceraster": "0", "enableorderby": "0", "symbollevels": "0"}
_WITH = Text("有违规", "with violations")
_WITHOUT = Text("没有查出违规（可能有未能判定的）", "no violation found (some may be undetermined)")
_COMMUNITY_LABELS_FROM = "100000"


def qml(layer: Layer, lang: str) -> str:
    """The style of a layer; of a table only the aliases and what its rows are called."""
    categories = "LayerConfiguration|Symbology|Labeling|Fields" if layer.geometry else "LayerConfiguration|Fields"
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
    kind = kind_of(layer)
    ET.SubElement(top, "previewExpression").text = DISPLAYED[kind].replace("{unknown}", UNKNOWN.get(lang))
    if layer.geometry:
        ET.SubElement(top, "layerGeometryType").text = str(_GEOMETRIES.index(layer.geometry.removeprefix("Multi")))
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(top, encoding="unicode")


def _renderer(top: ET.Element, layer: Layer, lang: str) -> None:
    kind = kind_of(layer)
    if kind == "errors":
        _errors(top, layer, lang)
    elif kind == "findings":
        _findings(top, layer, lang)
    elif kind in SITED_CLASSES:
        _sited(top, layer, lang)
    elif layer.name == "idle_facilities":
        symbols = ET.SubElement(ET.SubElement(top, "renderer-v2", type="singleSymbol", **_COMMON), "symbols")
        fill, outline, marker = THINGS[layer.name]
        _symbol(symbols, "0", layer, (fill, _THING_ALPHA), outline, marker, "solid")
    else:
        _things(top, layer, lang)


def _categories(top: ET.Element, attribute: str, shown: Sequence[tuple[str, str]], **more: str) -> tuple[ET.Element, ET.Element]:
    """A renderer by values (value, label), numbered as their symbols are: itself and where the symbols go."""
    renderer = ET.SubElement(top, "renderer-v2", {"type": "categorizedSymbol", "attr": attribute, **_COMMON, **more})
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for number, (value, name) in enumerate(shown):
        said = {"value": value, "symbol": str(number), "label": name, "type": "string", "render": "true"}
        ET.SubElement(categories, "category", said)
    return renderer, symbols


def _findings(top: ET.Element, layer: Layer, lang: str) -> None:
    words = LISTS | OUTCOMES | STATES
    renderer, symbols = _categories(top, "class", [(code, words[code].get(lang)) for code in CLASSES], enableorderby="1")
    for number, (colour, marker, filled) in enumerate(CLASSES.values()):
        _symbol(symbols, str(number), layer, (colour, _FINDING_ALPHA), colour, marker, filled, by_severity=True)
    # drawn in this order, so that the first class comes last and lies on top
    places = " ".join(f"WHEN '{code}' THEN {place}" for place, code in enumerate(CLASSES))
    ET.SubElement(ET.SubElement(renderer, "orderby"), "orderByClause", asc="0", nullsFirst="1").text = f'CASE "class" {places} END'


def _errors(top: ET.Element, layer: Layer, lang: str) -> None:
    kinds = [(code, name, colour) for code, (name, drawn_in, colour) in ERRORS.items() if drawn_in == layer.name] + [DIFFERS]
    _, symbols = _categories(top, "class", [(code, name.get(lang)) for code, name, _ in kinds])
    for number, (code, _, colour) in enumerate(kinds):
        _symbol(
            symbols, str(number), layer, (colour, _ERROR_ALPHA), colour, "", "b_diagonal" if code == DIFFERS[0] else "solid", width=_BOLD
        )


def _sited(top: ET.Element, layer: Layer, lang: str) -> None:
    classes = SITED_CLASSES[layer.fields]
    _, symbols = _categories(top, "class", [(code, name.get(lang)) for code, (name, *_) in classes.items()])
    for number, (_, colour, marker, filled) in enumerate(classes.values()):
        outline = THINGS["communities"][1] if layer.fields == "served" else colour
        _symbol(symbols, str(number), layer, (colour, _THING_ALPHA), outline, marker, filled)


def _things(top: ET.Element, layer: Layer, lang: str) -> None:
    """What has violations as it is, the others pale: the eye goes where something is wrong."""
    fill, outline, marker = THINGS[layer.name]
    shown = [("1", _WITH.get(lang)), ("0", _WITHOUT.get(lang))]
    _, symbols = _categories(top, f"CASE WHEN {HAS_VIOLATIONS} THEN '1' ELSE '0' END", shown)
    empty = layer.name == "communities"
    _symbol(symbols, "0", layer, (fill, 0 if empty else _THING_ALPHA), outline, marker, "solid")
    _symbol(symbols, "1", layer, (fill, 0 if empty else _PALE), outline, marker, "solid", pale=True)


def _symbol(
    symbols: ET.Element,
    name: str,
    layer: Layer,
    fill: tuple[str, int],
    outline: str,
    marker: str,
    filled: str,
    *,
    by_severity: bool = False,
    pale: bool = False,
    width: str = _FINE,
) -> None:
    """One symbol; ``pale``: thin, small and faint. A line has only its outline, broken where the fill is not solid."""
    kind, drawn_as = _KINDS[(layer.geometry or "").removeprefix("Multi")]
    symbol = ET.SubElement(symbols, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    drawn = ET.SubElement(symbol, "layer", {"class": drawn_as, "enabled": "1", "locked": "0", "pass": "0"})
    alpha = _PALE * 2 if pale else 255
    line = {"color": _rgba(outline, alpha), "style": "solid", "width": "0.15" if pale else width, "width_unit": "MM"}
    if kind == "line":
        options = {f"line_{option}": value for option, value in line.items()}
        options["line_style"] = "solid" if filled == "solid" else "dash"
    else:
        options = {f"outline_{option}": value for option, value in line.items()}
    if kind == "fill":
        options |= {"color": _rgba(*fill), "style": filled, "joinstyle": "bevel"}
    elif kind == "marker":
        size = "1.6" if pale else "2.6"
        options |= {"color": _rgba(fill[0], alpha), "name": marker, "size": size, "size_unit": "MM", "angle": "0"}
    held = ET.SubElement(drawn, "Option", type="Map")
    for option, value in sorted(options.items()):
        ET.SubElement(held, "Option", name=option, type="QString", value=value)
    if by_severity:
        _data_defined(drawn, *(("outlineWidth", _OUTLINE) if kind == "fill" else ("size", _SIZE)))


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
