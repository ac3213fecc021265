"""What a GeoJSON file holds that GDAL would cut or fetch: NUL in a text, a coordinate system that is somewhere else."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from planning_check.errors import Text
from planning_check.ingest.sheets import FileProblem

#: The NUL of JSON; an even number of backslashes before it are letters of their own.
_NUL = re.compile(rb"((?<!\\)(?:\\\\)*)\\u0000")
#: The member ``crs``, however its letters are written.
_CRS = re.compile(rb'"(?:c|\\u0063)(?:r|\\u0072)(?:s|\\u0073)"\s*:\s*')
_NULL, _LONGEST = b"null", 65_536
#: Names that say WGS 84, for which GDAL takes what it does not know.
_DEGREES = re.compile(r"4326$|CRS:?84$|WGS ?84", re.I)


@contextmanager
def open_geojson(path: Path) -> Iterator[tuple[Path | bytes, bool]]:
    """The file, or its bytes without NUL, for GDAL ends a text there and drops the rest; and whether it names another system than degrees,
    for which GDAL takes what it does not know. Raises FileProblem for one that would be fetched from another place."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        names = [told for found in _CRS.finditer(held) if (told := _member(held[found.end() : found.end() + _LONGEST])) is not _NO]
        if any(_elsewhere(told) for told in names):
            raise FileProblem(
                "unreadable_file",
                Text(
                    "坐标系是指向别处的链接，不去读取；请写出名称，如 EPSG:4545",
                    "its coordinate system is a link to another place, which is not followed; give its name, such as EPSG:4545",
                ),
            )
        other = bool(names) and not any(_degrees(told) for told in names)
        yield path if held.find(b"\\u0000") < 0 else _NUL.sub(rb"\1", held), other


_NO: Any = object()


def _member(text: bytes) -> Any:
    """The value of the member, if it is an object or null; an attribute of this name has another."""
    if text.startswith(_NULL):
        return None
    if not text.startswith(b"{"):
        return _NO
    try:
        return json.JSONDecoder().raw_decode(text.decode("utf-8", "replace"))[0]
    except (ValueError, RecursionError):
        return {"type": "link"}  # that long or broken: nobody can say that it is none


def _elsewhere(told: Any) -> bool:
    return isinstance(told, dict) and str(told.get("type", "")).lower() in ("link", "url")


def _degrees(told: Any) -> bool:
    properties = told.get("properties") if isinstance(told, dict) else None
    return isinstance(properties, dict) and any(_DEGREES.search(str(value)) for value in properties.values())
