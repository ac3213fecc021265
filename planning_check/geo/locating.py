"""Everything that is measured on the map, in its order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from planning_check.geo.frames.deciding import frame_layers
from planning_check.geo.land.boundaries import locate_boundaries
from planning_check.geo.land.locate import LAND_TABLES, locate_land
from planning_check.geo.land.overlaps import OVERLAP_TABLE
from planning_check.geo.land.spots import locate_rooms
from planning_check.geo.places.near import locate_facilities, locate_offices
from planning_check.geo.places.points import locate_points
from planning_check.geo.spread import give_back

if TYPE_CHECKING:
    import duckdb

    from planning_check.measuring import Measuring


#: How many steps there are.
STEPS = 7


def locate(con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring, each: Callable[[], None] = lambda: None) -> None:
    """Make the tables of this room from the typed tables of a delivery, anew where they are there;
    coordinates that cannot be are taken out first. ``each`` hears of every step that is done."""
    for table in (
        "geo_choice",
        "layer_frame",
        "community_shape",
        "office_place",
        "facility_place",
        "point_place",
        "overlap_piece",
        *LAND_TABLES,
    ):
        con.execute(f"DROP TABLE IF EXISTS {table}")
    con.execute(OVERLAP_TABLE)
    for step in (
        lambda: frame_layers(con, measuring), lambda: locate_boundaries(con, as_of, measuring), lambda: locate_offices(con, as_of),
        lambda: locate_facilities(con), lambda: locate_points(con, as_of, measuring), lambda: locate_rooms(con),
        lambda: locate_land(con, as_of, measuring),
    ):  # fmt: skip
        step()
        each()
    give_back()
