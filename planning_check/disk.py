"""Whether a disk is full: libraries say of it in their own words that a file cannot be written."""

from __future__ import annotations

import shutil
from pathlib import Path

_FULL_BYTES = 4 * 1024 * 1024  # with less left than this a file that failed had no room


def is_full(folder: Path) -> bool:
    """Whether there is next to no room on the disk of a folder; no where nobody can say."""
    try:
        return shutil.disk_usage(folder).free < _FULL_BYTES
    except OSError:
        return False
