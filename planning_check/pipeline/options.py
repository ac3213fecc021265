"""What a check is asked for, the same for every command that reads a delivery and judges it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planning_check.ingest.mapping import DeliveryMapping


@dataclass(frozen=True)
class Options:
    """``paths``: the delivery, the bundled city if there are none. ``as_of``: the day of the check; None: the delivery's own,
    else ``today``.

    ``crs``: how layers are to be read (``FILE=READING``). ``rule_dirs``: folders of a city's own rules, laid over the bundled ones in this
    order. ``select``, ``ignore``: ids or families of rules; nothing selected is all. ``series``: whose checks it is one of; None: by the
    title of the delivery, else its folder. ``mapping``: a file that says how sheets with other headings are read, or what it said.
    ``threads``: how many cores the engine may take, None: all; ``memory``: how much of it before it
    spills to disk, such as ``2GB``, None: what such a delivery usually needs, and where that is too
    little four fifths of the machine's. Neither changes what is found. ``labels``: what the names of the files in each of ``paths`` begin
    with; none: where there are several, the name of the folder.
    """

    paths: Sequence[Path]
    as_of: dt.date | None
    today: dt.date
    crs: Sequence[str] = ()
    rule_dirs: Sequence[Path] = ()
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    series: str | None = None
    threads: int | None = None
    memory: str | None = None
    mapping: Path | DeliveryMapping | None = None
    labels: Sequence[str] = ()

    @property
    def delivered(self) -> list[Path]:
        """The delivery: what was named, else the bundled city's."""
        from planning_check.pipeline.rules import bundled_city

        return list(self.paths) or bundled_city(self.rule_dirs)

    def day(self, delivered: dt.date | None) -> dt.date:
        """The day of the check of a delivery that states ``delivered`` as its own."""
        return self.as_of or delivered or self.today
