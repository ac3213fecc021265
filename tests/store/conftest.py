import pytest

from planning_check.store import open_store, save_run
from tests.store.tables import TELLINGS, connection, manifest


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'runs.sqlite'}"


@pytest.fixture
def engine(url):
    """A store with the tiny run in it."""
    engine = open_store(url)
    save_run(engine, connection(), manifest(), TELLINGS)
    return engine
