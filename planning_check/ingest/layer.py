"""One layer as its reader hands it on, and how its coordinate system is called. Data only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planning_check.errors import Text

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY = "geometry"


@dataclass
class Layer:
    """One layer: an Arrow table whose last column ``geometry`` is WKB. ``crs`` None: the file states none; it is never guessed.

    ``cut``: the rows, from 0, of cells that end in the middle, by column; ``illegible``: of cells with bytes that are no text.
    ``notes``: problems of the whole layer, by code and detail.
    """

    name: str
    table: pa.Table
    crs: str | None
    encoding: str | None
    cut: dict[str, list[int]] = field(default_factory=dict)
    illegible: dict[str, list[int]] = field(default_factory=dict)
    notes: list[tuple[str, Text]] = field(default_factory=list)


def crs_name(crs: str | None) -> str | None:
    """``EPSG:4545`` where the file's CRS has a code, else its WKT; None for none or an undefined one."""
    if not crs or re.match(r"(LOCAL_CS|ENGCRS|ENGINEERINGCRS)\b", crs) or "Undefined" in crs:
        return None
    if crs.startswith("EPSG:"):
        return crs
    import pyproj

    try:
        code = pyproj.CRS.from_user_input(crs).to_epsg()
    except pyproj.exceptions.CRSError:
        return None
    return f"EPSG:{code}" if code else crs
