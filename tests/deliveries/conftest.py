"""The folder that a delivery is written into: the one of the tests of reading."""

from tests.ingest.conftest import folder  # noqa: F401
