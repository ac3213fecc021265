"""The question before something is written to the log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


def agreed(console: Console, count: int) -> bool:
    """Whether so many entries are to be written; where nobody can be asked, how to say so beforehand."""
    if not sys.stdin.isatty():
        console.note(Text("加 --yes 才记入", "Add --yes to write it"))
        return False
    return click.confirm(Text(f"记入这 {count} 件？", f"Write these {count}?").get(console.lang), default=False, err=True)
