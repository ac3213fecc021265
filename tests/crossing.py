"""Cases of several sides: every value of a side is tried every day beside the first of the others, and all together as ``long``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest


def crossed(*sides: Iterable[Any]) -> list[Any]:
    """Parameters of every combination of the sides; those that differ from the first of more than one side are ``long``. A side that is
    a dict is known by its keys."""
    named = [list(side.items()) if isinstance(side, dict) else [(str(n), value) for n, value in enumerate(side)] for side in sides]
    found = []
    for chosen in product(*(list(enumerate(side)) for side in named)):
        is_wide = sum(place > 0 for place, _ in chosen) > 1
        name = "-".join(known for _, (known, _) in chosen)
        found.append(pytest.param(*(value for _, (_, value) in chosen), marks=pytest.mark.long if is_wide else (), id=name))
    return found
