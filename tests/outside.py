"""Programs that some tests look at the results with: Chromium, LibreOffice, poppler. Where they must be there, their absence is a failure."""

import os
import shutil

import pytest

#: A name -> the programs that will do.
_NAMES = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "soffice": ("soffice", "libreoffice")}


def program(name: str) -> str | None:
    """The path of a program, None where it is not installed."""
    return next((found for each in _NAMES.get(name, (name,)) if (found := shutil.which(each))), None)


def require(*names: str) -> pytest.MarkDecorator:
    """Skip on a machine without these programs; CI sets PLANNING_CHECK_NEEDS_ALL and fails there instead."""
    missing = [name for name in names if program(name) is None]
    if missing and os.environ.get("PLANNING_CHECK_NEEDS_ALL"):
        raise RuntimeError(f"not installed: {', '.join(missing)}")
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")
