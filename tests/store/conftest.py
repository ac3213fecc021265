import pytest

from tests import kept


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'runs.sqlite'}"


@pytest.fixture
def engine(tmp_path):
    """A store with the tiny run in it."""
    return kept.store(tmp_path / "runs.sqlite")
