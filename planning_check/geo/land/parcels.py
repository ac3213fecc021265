"""Parcels, communities and the pieces of one in the other: data only, arrays in one plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

STANDING, UNCLEAR, GONE = 1, 0, -1  # on the day of the check; gone: abolished, or not yet founded


@dataclass(frozen=True)
class Parcels:
    """The parcels by id, as arrays of one length, in one plane.

    ``shapes``: valid polygons, None where unknown; ``areas``: m2, NaN where unknown; ``projects``, ``developers``: numbers, -1 for none.
    """

    rows: pa.Table
    shapes: np.ndarray
    areas: np.ndarray
    projects: np.ndarray
    developers: np.ndarray


@dataclass(frozen=True)
class Communities:
    """The communities that have a boundary, by code, in the parcels' plane.

    ``states``: STANDING, UNCLEAR (abolished or founded in a month that the day of the check is in) or GONE.
    ``complete``: every community that is not gone has a boundary.
    """

    codes: np.ndarray
    shapes: np.ndarray
    states: np.ndarray
    complete: bool


@dataclass(frozen=True)
class Pieces:
    """Parcel ``parcels[i]`` has ``hundredths[i]`` of m2 in community ``communities[i]``, gone ones left out.

    ``outside``: for every parcel the hundredths of m2 outside all communities, gone or not; NaN where unknown.
    """

    parcels: np.ndarray
    communities: np.ndarray
    hundredths: np.ndarray
    outside: np.ndarray
