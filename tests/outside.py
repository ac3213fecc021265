"""Programs that some tests look at the results with: Chromium, LibreOffice, poppler, a PostgreSQL server.
Where they must be there, their absence is a failure."""

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


#: The URL of a PostgreSQL server where databases may be made and dropped, such as postgresql+psycopg://me@localhost/postgres.
SERVER = "PLANNING_CHECK_POSTGRESQL"


def require_postgresql() -> pytest.MarkDecorator:
    """Skip where no server is named; CI names one."""
    if not os.environ.get(SERVER) and os.environ.get("PLANNING_CHECK_NEEDS_ALL"):
        raise RuntimeError(f"no server: {SERVER} is not set")
    return pytest.mark.skipif(not os.environ.get(SERVER), reason=f"no PostgreSQL server: {SERVER} is not set")
