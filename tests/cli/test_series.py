"""Several cities in one database: who reads the latest run is told whose it is."""

import pytest

from planning_check.store import open_store, save_run
from tests.store.tables import TELLINGS, connection, manifest

COMMANDS = (["findings"], ["balance"], ["coverage"], ["match"])


@pytest.fixture
def record():
    engine = open_store("sqlite:///planning_check.sqlite")
    return lambda **told: save_run(engine, connection(), manifest(**told), TELLINGS)


@pytest.mark.parametrize("command", COMMANDS)
def test_of_several_series_the_one_that_was_read_is_said(call, record, command):
    record()
    assert "--run" not in call(*command, "--lang", "en")[2]  # one series: nothing to choose
    record(series="别的城市")
    code, out, err = call(*command, "--lang", "en")
    assert code == 0 and "the latest run, 2, of the series '别的城市'" in err and "小城（虚构）" in err and "--run SERIES" in err
    assert "series" not in out
    assert "--run" not in call(*command, "--run", "小城（虚构）", "--lang", "en")[2]
    assert "--run" not in call(*command, "--lang", "en", "-q")[2]
