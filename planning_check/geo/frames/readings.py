"""Ways to read the coordinates of a layer: a CRS, its axes as they are or flipped, or the offset degrees of a web map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning_check.geo.frames.offsets import from_bd09, from_gcj02
from planning_check.geo.frames.plane import DEGREES

if TYPE_CHECKING:
    import numpy as np

_OFFSETS = {"gcj02": from_gcj02, "bd09": from_bd09}
MERCATOR = "EPSG:3857"
#: EPSG codes of the CGCS2000 3-degree zones with the zone's number before the easting (25 to 45), and of those without it.
PREFIXED, PLAIN = {n: f"EPSG:{4488 + n}" for n in range(25, 46)}, {n: f"EPSG:{4509 + n}" for n in range(25, 46)}


@dataclass(frozen=True)
class Reading:
    """``crs``: an EPSG code or WKT; ``flipped``: northing or latitude comes first; ``offset``: gcj02 or bd09,
    the degrees are those of a web map."""

    crs: str
    flipped: bool = False
    offset: str = ""

    @property
    def text(self) -> str:
        """As it is typed after ``--crs FILE=``."""
        return (self.offset or self.crs) + (" flipped" if self.flipped else "")

    @property
    def kind(self) -> str:
        """degrees, zone_prefixed, zone_plain, web_mercator, gcj02, bd09 or other."""
        if self.offset:
            return self.offset
        kinds = {DEGREES: "degrees", MERCATOR: "web_mercator"} | dict.fromkeys(PREFIXED.values(), "zone_prefixed")
        return (kinds | dict.fromkeys(PLAIN.values(), "zone_plain")).get(self.crs, "other")

    def applied(self, geometries: np.ndarray) -> np.ndarray:
        """The geometries as this reading has them, in ``crs``; missing ones stay missing."""
        import shapely

        if self.flipped:
            geometries = shapely.transform(geometries, lambda xy: xy[:, ::-1])
        return shapely.transform(geometries, _OFFSETS[self.offset]) if self.offset else geometries


def parse(text: str) -> Reading | None:
    """A reading as people type it: ``EPSG:4545``, ``4545``, ``EPSG:4490 flipped``, ``gcj02``, ``bd09``. None where there is no such CRS."""
    words = text.strip().lower().replace("-", "").split()
    flipped = words[-1:] == ["flipped"]
    words = words[: len(words) - flipped]
    if len(words) != 1:
        return None
    if words[0] in _OFFSETS:
        return Reading(DEGREES, flipped, words[0])
    return Reading(f"EPSG:{code}", flipped) if _is_crs(code := words[0].removeprefix("epsg:")) else None


def _is_crs(code: str) -> bool:
    import pyproj

    try:
        return code.isdigit() and len(pyproj.CRS.from_epsg(int(code)).axis_info) == 2
    except pyproj.exceptions.CRSError:
        return False


def possible(middles: np.ndarray) -> list[Reading]:
    """The readings that could put points (x, y), shape (n, 2), into China, the plainest first: told by their size alone."""
    found = []
    for flipped in (False, True):
        x, y = (middles[:, ::-1] if flipped else middles).T
        found += [Reading(crs, flipped, offset) for crs, offset in _of_size(x, y)]
    return found


def _of_size(x: np.ndarray, y: np.ndarray) -> list[tuple[str, str]]:
    """Easting or longitude x, northing or latitude y."""
    import numpy as np

    def within(values: np.ndarray, low: float, high: float) -> bool:
        return bool(np.percentile(values, 5) >= low and np.percentile(values, 95) <= high)

    if within(x, 70, 140) and within(y, 0, 60):
        return [(DEGREES, ""), (DEGREES, "gcj02"), (DEGREES, "bd09")]
    if not within(y, 300_000, 7_200_000):
        return []
    zone = int(np.median(x) // 1_000_000)
    if zone in PREFIXED and within(x, zone * 1e6, (zone + 1) * 1e6):
        return [(PREFIXED[zone], "")]
    if within(x, 200_000, 800_000):
        return [(crs, "") for crs in PLAIN.values()]
    return [(MERCATOR, "")] if within(x, 7_800_000, 15_600_000) else []
