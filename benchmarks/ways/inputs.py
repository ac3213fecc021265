"""The map as every way is given it: files in one folder, made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from benchmarks import invented_map

PARCELS, COMMUNITIES = "parcels.parquet", "communities.parquet"


def write_map(folder: Path, parcels: int, communities: int) -> int:
    """The invented map as WKB; the number of its vertices."""
    shapes = invented_map.parcels(parcels)
    for name, these in ((PARCELS, shapes), (COMMUNITIES, invented_map.communities(communities, parcels))):
        pq.write_table(pa.table({"wkb": pa.array(shapely.to_wkb(these), pa.binary())}), folder / name)
    return int(shapely.get_num_coordinates(shapes).sum())


def parcel_wkb(folder: Path) -> np.ndarray:
    """The WKB of every parcel."""
    return _wkb(folder / PARCELS)


def community_shapes(folder: Path) -> np.ndarray:
    """The boundary of every community."""
    return shapely.from_wkb(_wkb(folder / COMMUNITIES))


def community_wkb(folder: Path) -> np.ndarray:
    """The WKB of every community."""
    return _wkb(folder / COMMUNITIES)


def _wkb(path: Path) -> np.ndarray:
    return pq.read_table(path)["wkb"].to_numpy().astype(object)
