"""What a line of a list says, by the finding that says it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple


class Led(NamedTuple):
    """Area and money of the line that a finding leads; None where it has none. ``yuan_min``: the lower of two amounts."""

    area_m2: Decimal | None
    yuan_min: Decimal | None
    yuan: Decimal | None
