"""The folder that a delivery is written into: the one of the tests of reading."""

from tests.ingest.conftest import _every_file_is_read, folder  # noqa: F401
