"""Texts to compare with; ``UPDATE_GOLDEN=1 pytest tests/report`` writes them anew."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, made: str) -> None:
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(made.encode("utf-8"))
    assert made.encode("utf-8") == path.read_bytes(), f"{name} differs; look at it, then UPDATE_GOLDEN=1"
