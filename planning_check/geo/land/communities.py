"""What part of every parcel lies in which community. Parcels wholly in one are found first; only the others are cut."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from planning_check.geo.frames.plane import NO_RECORD, Places, in_crs, read_places, where
from planning_check.geo.land.borders import with_common_vertices
from planning_check.geo.land.parcels import GONE, STANDING, UNCLEAR, Communities, Pieces
from planning_check.geo.shapes.validity import is_polygon, keeps_area, repaired
from planning_check.geo.spread import built, in_threads

if TYPE_CHECKING:
    import duckdb
    import numpy as np

    from planning_check.geo.land.parcels import Parcels
    from planning_check.measuring import Measuring

_COMMUNITIES_A_PIECE = 100  # of work for one thread; changes no result


def read_communities(con: duckdb.DuckDBPyConnection, plane: str, as_of: dt.date, measuring: Measuring) -> Communities:
    """The boundaries, repaired. One without CRS or polygon is no boundary, nor one whose repair would change its area (as for parcels)."""
    import numpy as np
    import shapely

    state = state_on(as_of)
    places = read_places(con, f"SELECT community_code, geometry, geometry_crs, {state} FROM communities ORDER BY community_code")
    flat = where(is_polygon(places.geometries), shapely.force_2d(places.geometries))
    matched = with_common_vertices(flat, places.crs, measuring.vertex_m)
    drawn = in_crs(Places(places.keys, matched, places.crs), plane)
    shapes = repaired(drawn)
    has = is_polygon(shapes) & keeps_area(shapely.area(drawn), shapely.area(shapes), measuring.repair_share)
    states = places.extra[has].astype(int) if len(places) else np.empty(0, int)
    ((expected,),) = con.execute(f"SELECT count(*) FROM communities WHERE {state} <> {GONE}").fetchall()
    ((lost,),) = con.execute(f"SELECT count(*) FROM quarantine WHERE table_name = 'communities' AND code NOT IN ({NO_RECORD})").fetchall()
    return Communities(places.keys[has], shapes[has], states, not lost and int((states != GONE).sum()) == expected)


def state_on(as_of: dt.date) -> str:
    """SQL for the state of a community on a day; it is gone on the day of its abolition. No day given: it always stood, or still stands."""
    day = f"DATE '{as_of.isoformat()}'"
    return f"""CASE WHEN valid_from_lo > {day} OR valid_to_hi <= {day} THEN {GONE}
        WHEN coalesce(valid_from_hi <= {day}, true) AND coalesce(valid_to_lo > {day}, true) THEN {STANDING} ELSE {UNCLEAR} END"""


def in_communities(parcels: Parcels, communities: Communities) -> Pieces:
    """Divide the parcels among the communities.

    A parcel wholly in a standing community is its alone, even where another one's boundary overlaps it (two that both hold the whole
    parcel both get it). ``outside`` is 0 wherever communities cover the parcel; a rest is unknown if no community has a boundary
    or one that is not gone has none: it may be theirs.
    """
    import numpy as np
    import shapely

    count = len(parcels.shapes)
    outside = np.full(count, np.nan)
    if not len(communities.codes):
        return Pieces(np.empty(0, int), np.empty(0, int), np.empty(0, np.int64), outside)
    tree = built(parcels.shapes)
    community, parcel = _hits(tree, communities.shapes, "covers")
    whole = communities.states[community] == STANDING
    community, parcel = community[whole], parcel[whole]
    settled = np.zeros(count, bool)
    settled[parcel] = True
    outside[settled] = 0
    rest = np.flatnonzero(~settled & ~shapely.is_missing(parcels.shapes))
    cut_parcel, cut_community, cut, beyond = _cut(parcels, communities, rest)
    outside[rest] = beyond if communities.complete else np.where(beyond > 0, np.nan, 0)
    kept = communities.states[cut_community] != GONE
    areas = np.concatenate([parcels.areas[parcel], cut[kept]])
    hundredths = np.rint(areas * 100).astype(np.int64)
    return Pieces(np.concatenate([parcel, cut_parcel[kept]]), np.concatenate([community, cut_community[kept]]), hundredths, outside)


def _hits(tree: Any, shapes: np.ndarray, predicate: str) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of (a shape, a geometry of the tree); the shapes are the prepared side, so they should be the fewer and larger ones."""
    import numpy as np

    def query(these: np.ndarray) -> np.ndarray:
        shape, found = tree.query(shapes[these], predicate=predicate)
        return np.stack([these[shape], found])

    return tuple(in_threads(query, np.arange(len(shapes)), rows=_COMMUNITIES_A_PIECE))


def _cut(parcels: Parcels, communities: Communities, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cut the parcels ``rest``: parcel, community and m2 of every piece; and the hundredths of m2 of each parcel in none."""
    import numpy as np
    import shapely

    shapes = parcels.shapes[rest]
    community, position = _hits(built(shapes), communities.shapes, "intersects")
    pieces = in_threads(lambda p, c: shapely.intersection(shapes[p], communities.shapes[c]), position, community)
    areas = shapely.area(pieces)
    real = areas > 0
    community, position, pieces, areas = community[real], position[real], pieces[real], areas[real]
    order = np.lexsort((community, position))
    community, position, pieces, areas = community[order], position[order], pieces[order], areas[order]
    covered = np.bincount(position, areas, len(rest))
    several = np.flatnonzero(np.bincount(position, minlength=len(rest)) > 1)
    at = np.isin(position, several)
    together = shapely.geometrycollections(pieces[at], indices=np.searchsorted(several, position[at]))
    covered[several] = in_threads(lambda these: shapely.area(shapely.union_all(these[:, None], axis=1)), together)
    beyond = np.maximum(0, np.rint((parcels.areas[rest] - covered) * 100))
    return rest[position], community, areas, beyond
