"""Layers into a GeoPackage: the same rows give the same bytes, and a disk that is full is told as that."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from planning_check.disk import is_full
from planning_check.geo.frames.plane import DEGREES
from planning_check.report.layers.shown import FIELDS, Layer

#: The version of the standard: newer ones make the QGIS that offices have warn at every layer.
_VERSION = "1.2"


@contextmanager
def told_of_the_disk(path: Path) -> Iterator[None]:
    """GDAL and SQLite say in their own words that a file cannot be written, mostly because the disk is full."""
    import pyogrio

    try:
        yield
    except (pyogrio.errors.DataSourceError, sqlite3.OperationalError) as error:
        if is_full(path.parent):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        raise OSError(errno.EIO, str(error), str(path)) from error


@contextmanager
def dated(day: str) -> Iterator[None]:
    """GDAL stamps a GeoPackage with the clock; it gets the day of the run, so that the same run gives the same bytes."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def append(path: Path, layer: Layer, rows: list[dict[str, Any]], lang: str) -> None:
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
