"""The matching of offices to idle facilities, as a run recorded it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MatchProblem:
    """Rows of the tables ``match_office``, ``match_facility`` and ``match_candidate``, in order of their ids."""

    offices: Sequence[Any]
    facilities: Sequence[Any]
    candidates: Sequence[Any]
