"""The machine that it was measured on, as it names itself."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import shapely

_LIBRARIES = ("duckdb", "shapely", "geopandas", "pandas", "numpy", "pyarrow", "pandera")
_LOAD = (
    os.getloadavg()[0] if hasattr(os, "getloadavg") else None
)  # what else the machine did: figures of a busy one are worth their ratios only


def described() -> dict[str, str]:
    """What to name: processor, cores, memory, system, Python and the libraries."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": f"{memory() / 2**30:.0f} GiB",
        "system": platform.platform(terse=True),
        "load as it began": f"{_LOAD:.1f}" if _LOAD is not None else "unknown",
        "Python": platform.python_version(),
        "libraries": ", ".join([*filter(None, map(_version, _LIBRARIES)), f"GEOS {shapely.geos_version_string}"]),
    }


def memory() -> int:
    """Bytes that the machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0


def touch(wanted: int) -> None:
    """Write to that much memory and give it back: on rented machines the first touch is slow, and no way should pay for the others."""
    np.ones(min(wanted, memory() // 2), np.uint8)


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return ""
