"""``explain --like`` and ``rents`` at their edges: what cannot be compared, or was typed wrong, is said."""

import pytest

from tests import kept


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "库.sqlite")


def test_where_the_delivery_is_gone_nothing_is_compared_and_it_is_said(db, call):
    code, _, err = call("explain", "AR03", "P1", "--like", "--db", db.url.database, "--lang", "zh")
    assert (code, "无从比较" in err, "重新检查" in err) == (2, True, True)
    assert call("explain", "AR03", "--like", "--db", db.url.database)[0] == 2


def test_a_cost_is_a_path_and_yuan(db, call, tmp_path):
    assert call("rents", "--db", db.url.database, "--cost", "idle_reuse=1200")[0] == 0
    for wrong in ("idle=1", "idle_reuse", "idle_reuse=-1", "idle_reuse=NaN", "idle_reuse=many"):
        code, _, err = call("rents", "--db", db.url.database, "--cost", wrong)
        assert (code, "idle_reuse=1200" in err) == (2, True)
    assert call("rents", "--db", db.url.database, "-o", tmp_path / "r.csv")[0] == 0
