"""Texts to compare with; ``UPDATE_GOLDEN=1 pytest tests/report`` writes them anew."""

import difflib
import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, made: str) -> None:
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(made.encode("utf-8"))
    assert made.encode("utf-8") == path.read_bytes(), f"{name} differs; look at it, then UPDATE_GOLDEN=1"


def assert_golden_words(name: str, made: str) -> None:
    """The same words in the same order, wherever its lines break."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(made.encode("utf-8"))
    kept = path.read_text(encoding="utf-8")
    if "".join(made.split()) != "".join(kept.split()):
        told = "\n".join(difflib.unified_diff(kept.splitlines(), made.splitlines(), "kept", "made", lineterm="", n=0))
        raise AssertionError(f"{name} differs; look at it, then UPDATE_GOLDEN=1\n{told[:4000]}")
