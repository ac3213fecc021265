"""GDAL with a few formats and no others. Asked to open a file it tries every driver it has, and some read other files or call a server,
because the file says so: a virtual layer under the name of a GeoPackage, the address of a service, a pipeline."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

#: Signs of an address, and what is dropped from one.
_MEANING = re.compile(r"[!?;#\[\]\t\r\n]")
DRIVERS = frozenset({"GPKG", "ESRI Shapefile", "GeoJSON", "OpenFileGDB", "MapInfo File", "DXF"})
#: A drawing is read out of a copy in UTF-8, without what its blocks would multiply.
_OPTIONS = {"DXF_ENCODING": "UTF-8", "DXF_CLOSED_LINE_AS_POLYGON": True, "DXF_INLINE_BLOCKS": False}


@cache
def opener() -> Any:
    """The module pyogrio, whose GDAL knows the drivers of layers only, in the whole process. Raises RuntimeError where others are left."""
    import pyogrio  # brings geopandas along: 0.3 s, so only where a layer is there
    from pyogrio.core import _register_drivers

    warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"pyogrio\b")  # what it finds odd is told by the readers, by file
    pyogrio.set_gdal_config_options({"OGR_SKIP": ",".join(sorted(set(pyogrio.list_drivers()) - DRIVERS)), **_OPTIONS})
    _register_drivers()  # which leaves out and unloads what is to be skipped
    if others := set(pyogrio.list_drivers()) - DRIVERS:
        raise RuntimeError(f"GDAL keeps drivers that it is not to use: {sorted(others)}")
    return pyogrio


@contextmanager
def plainly_named(
    path: Path, beside: Iterable[Path], endings: Sequence[str], *, apart: bool = False, content: bytes | None = None
) -> Iterator[Path]:
    """The file under a name that nothing is read into (of ``a!b.gpkg`` pyogrio takes ``b.gpkg`` for a file inside an archive)
    and that ends as its kind does. ``apart``: in a folder of its own in any case; ``content``: in place of its own."""
    if not (_MEANING.search(str(path)) or apart or content is not None) and path.suffix.lower() in endings:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="planning_check_layers.", ignore_cleanup_errors=True) as folder:
        own = Path(folder) / _MEANING.sub("_", path.name if path.suffix.lower() in endings else f"{path.stem}{endings[0]}")
        if content is None:
            _put(path, own)
        else:
            own.write_bytes(content)
        for other in beside:
            if other.exists():
                _put(other, Path(folder) / _MEANING.sub("_", other.name))
        yield own


def _put(one: Path, place: Path) -> None:
    try:
        place.symlink_to(one)
    except OSError:  # no right to make links, on Windows
        shutil.copy2(one, place)


@contextmanager
def index_made(lacking: bool) -> Iterator[None]:
    """Meanwhile a Shapefile that is ``lacking`` its index gets one, beside it."""
    opener().set_gdal_config_options({"SHAPE_RESTORE_SHX": lacking or None})
    try:
        yield
    finally:
        opener().set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
