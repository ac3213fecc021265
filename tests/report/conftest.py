import pytest

from planning_check.report.told.summarising import summarise
from planning_check.store import open_store, save_run, totals
from tests.store.tables import TELLINGS, connection, manifest


@pytest.fixture(scope="session")
def engine():
    """A store in memory with the tiny run in it."""
    engine = open_store("sqlite://")
    save_run(engine, connection(), manifest(), TELLINGS)
    return engine


@pytest.fixture(scope="session")
def summary(engine):
    return summarise(totals(engine))
