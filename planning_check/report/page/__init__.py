"""The page: one HTML file with everything in it, for file:// and an intranet; nothing is loaded from anywhere."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from planning_check.errors import speaking
from planning_check.report.page import content, drawing, listed
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack

#: The parts of the page's script, in their order: one function, in which each sees what the others define.
SCRIPTS = (
    "base.js", "map_view.js", "map_names.js", "map.js", "equation.js", "finding.js", "cases.js", "filters.js", "map_links.js", "page.js",
)  # fmt: skip


def write(pack: Pack, folder: Path, lang: str) -> None:
    """``findings_<lang>.html``: overview, districts, map, lists with filters, law and inputs; readable without script.

    Texts of the delivery are escaped by the template; the data for the script stand in a JSON block that cannot end early.
    """
    import jinja2

    room = files("planning_check.report.page")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["number"] = number
    open_lines = listed.open_lines(pack, lang)
    told = content.overview(pack, open_lines, lang)
    city = drawing.drawn(pack, lang)
    data = listed.listed(pack, open_lines, lang) | {"map": city}
    parts = {
        name: (room / path).read_text("utf-8")
        for name, path in (
            ("css", "page.css"),
            ("list_css", "list.css"),
            ("equation_css", "equation.css"),
            ("map_css", "map.css"),
            ("leaflet_css", "leaflet/leaflet.css"),
            ("leaflet_js", "leaflet/leaflet.js"),
        )
    }
    script = "\n".join((room / name).read_text("utf-8") for name in SCRIPTS)
    parts["js"] = f"(function () {{\n'use strict';\n{script}\n}}());"
    template = environment.from_string((room / "page.html").read_text("utf-8"))
    text = template.render(told | {"lang": lang, "say": speaking(lang), "data": embedded(data), "undrawn": city["left"], **parts})
    (folder / f"findings_{lang}.html").write_text(text, "utf-8", newline="\n")


def embedded(data: Any) -> str:
    """JSON for a script block: no ``<``, ``>`` or ``&`` as such, so that no text of the delivery can end the block or begin a comment."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
