"""Runs of a city follow one another; what says when is no part of its name."""

from pathlib import Path

import pytest

from planning_check.errors import UsageError
from planning_check.store import load_run, runs, save_run, since
from planning_check.store.series import series_of
from tests.store.tables import FINDINGS, TELLINGS, connection, manifest


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("小城（虚构）", "小城（虚构）"),
        ("安康市2011年6月报送", "安康市报送"),
        ("安康市 2011 年第二季度报送", "安康市报送"),
        ("日照市（2011-06-30）", "日照市"),
        ("日照市2011年上半年", "日照市"),
        ("Tangchuan, Q2 2011", "Tangchuan"),
        ("Tangchuan, 20110630, v2", "Tangchuan"),
        ("610902 汉滨区", "610902 汉滨区"),
        ("2011-06", "2011-06"),
    ],
)
def test_by_the_title(title, series):
    assert series_of(title) == series


@pytest.mark.parametrize(
    ("paths", "series"),
    [(["安康/2011-06"], "安康"), (["ankang_2011"], "ankang"), (["610902"], "610902"), (["b", "a", "a_2011"], "a + b"), ([], "")],
)
def test_by_the_folders_where_there_is_no_title(tmp_path, paths, series):
    assert series_of(None, [tmp_path / path for path in paths]) == series


def test_a_file_goes_by_its_folder(tmp_path):
    (tmp_path / "棠川").mkdir()
    (tmp_path / "棠川" / "parcels.csv").touch()
    assert series_of(None, [Path(tmp_path / "棠川" / "parcels.csv")]) == "棠川"


def test_two_cities_in_one_database(engine):
    other = {"zh": "别的城市2011年", "en": "Another city, 2011"}
    save_run(engine, connection(FINDINGS[:1]), manifest(title=other), TELLINGS)
    save_run(engine, connection([f for f in FINDINGS if f["rule_id"] != "HO01"]), manifest(), TELLINGS)
    save_run(engine, connection(), manifest(series="自己的名字"), TELLINGS)
    assert [(run.series, run.parent_run_id) for run in runs(engine)] == [
        ("小城（虚构）", None), ("别的城市", None), ("小城（虚构）", 1), ("自己的名字", None),
    ]  # fmt: skip
    assert since(engine, 2) is None
    assert (since(engine, 3).run_id, [gone.rule_id for gone in since(engine, 3).gone]) == (1, ["HO01"])
    assert (load_run(engine).id, load_run(engine, "小城（虚构）").id) == (4, 3)
    with pytest.raises(UsageError, match="别的城市"):
        load_run(engine, "没有的城市")
