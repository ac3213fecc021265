"""What a rule owner should look at in a rulebook that can be used as it is: said where it stands, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planning_check.errors import Place, Text


@dataclass(frozen=True)
class Remark:
    """One thing to look at: where it stands, what it is, what to do."""

    where: Place
    what: Text
    fix: Text


@dataclass(frozen=True)
class Looked:
    """One question that a rulebook was asked, and the remarks that came of it (none: it is in order). ``of``: what was looked at."""

    title: Text
    remarks: Sequence[Remark]
    of: Text | None = None
