"""GDAL with three formats and no others. Asked to open a file it tries every driver it has, and some read other files or call a server,
because the file says so: a virtual layer under the name of a GeoPackage, the address of a service, a pipeline."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from planning_check.errors import Text
from planning_check.ingest.sheets import FileProblem

#: Signs of an address, and what is dropped from one.
_MEANING = re.compile(r"[!?;#\[\]\t\r\n]")
DRIVERS = frozenset({"GPKG", "ESRI Shapefile", "GeoJSON"})
#: What the file of a layer begins with, by suffix.
_BEGINS = {".gpkg": (b"SQLite format 3\0",), ".shp": (b"\0\0\x27\x0a",)}
_KINDS = {".gpkg": "GeoPackage", ".shp": "Shapefile", ".geojson": "GeoJSON", ".json": "GeoJSON"}


@cache
def opener() -> Any:
    """The module pyogrio, whose GDAL knows the drivers of layers only, in the whole process. Raises RuntimeError where others are left."""
    import pyogrio  # brings geopandas along: 0.3 s, so only where a layer is there
    from pyogrio.core import _register_drivers

    pyogrio.set_gdal_config_options({"OGR_SKIP": ",".join(sorted(set(pyogrio.list_drivers()) - DRIVERS))})
    _register_drivers()  # which leaves out and unloads what is to be skipped
    if others := set(pyogrio.list_drivers()) - DRIVERS:
        raise RuntimeError(f"GDAL keeps drivers that it is not to use: {sorted(others)}")
    return pyogrio


@contextmanager
def plainly_named(path: Path, beside: Iterable[Path]) -> Iterator[Path]:
    """The file under a name that nothing is read into: of ``a!b.gpkg`` pyogrio takes ``b.gpkg`` for a file inside an archive."""
    if not _MEANING.search(str(path)):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="planning_check_layers.", ignore_cleanup_errors=True) as folder:
        for one in (path, *(other for other in beside if other.exists())):
            named = Path(folder) / _MEANING.sub("_", one.name)
            try:
                named.symlink_to(one)
            except OSError:  # no right to make links, on Windows
                shutil.copy2(one, named)
        yield Path(folder) / _MEANING.sub("_", path.name)


def refuse_other_kinds(path: Path) -> None:
    """A file is what its name says by its first bytes, or it is not opened."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(4096)
    if suffix in _BEGINS:
        is_kind = head.startswith(_BEGINS[suffix])
    else:
        is_kind = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    if not is_kind:
        kind = _KINDS[suffix]
        raise FileProblem("unreadable_file", Text(f"名称是 {kind}，内容不是", f"a {kind} by its name, but not by its content"))
