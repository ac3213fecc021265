"""Which folders are cities, and what they are called."""

import pytest

from planning_check.errors import UsageError
from planning_check.province.cities import find_cities


def city(folder, name="项目.csv"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("项目编号,项目名称,区县\nP1,一苑,990102\n", "utf-8")
    return folder


def test_folders_that_are_named(tmp_path):
    one, other = city(tmp_path / "甲市"), city(tmp_path / "b")
    assert find_cities([one, other]) == {"b": other, "甲市": one}
    assert list(find_cities([other, one])) == ["b", "甲市"], "in the order of labels"


def test_folders_of_one_name_are_told_by_those_above(tmp_path):
    places = [city(tmp_path / year / "送审" / "甲市") for year in ("2010", "2011")] + [city(tmp_path / "乙市")]
    assert list(find_cities(places)) == ["2010/送审/甲市", "2011/送审/甲市", "乙市"]


def test_one_folder_that_holds_them_all(tmp_path):
    for name in ("甲市", "乙市"):
        city(tmp_path / name)
    (tmp_path / "丙市").mkdir()
    (tmp_path / "说明.pdf").write_bytes(b"%PDF-1.7 notes")
    (tmp_path / "README.txt").write_text("notes", "utf-8")
    (tmp_path / ".git").mkdir()
    assert list(find_cities([tmp_path])) == sorted(["甲市", "乙市", "丙市"])


@pytest.mark.parametrize("own", ["项目.csv", "delivery.yaml"])
def test_a_folder_with_something_of_its_own_is_a_city(tmp_path, own):
    for bureau in ("规划局", "房管局"):
        city(tmp_path / "甲市" / bureau)
    city(tmp_path / "甲市", own)
    assert list(find_cities([tmp_path / "甲市"])) == ["甲市"]


def test_a_folder_of_the_folders_of_bureaus_is_a_city(tmp_path):
    """As ``init`` makes it, and as bureaus deliver."""
    for bureau in ("规划局", "住建", "civil_affairs", "房管局"):
        city(tmp_path / "甲市" / bureau)
    assert list(find_cities([tmp_path / "甲市"])) == ["甲市"]
    city(tmp_path / "甲市" / "乙市")
    assert sorted(find_cities([tmp_path / "甲市"])) == sorted(["规划局", "住建", "civil_affairs", "房管局", "乙市"])


def test_a_folder_in_which_only_one_holds_something_is_a_city(tmp_path):
    city(tmp_path / "甲市" / "台账")
    (tmp_path / "甲市" / "空").mkdir()
    assert list(find_cities([tmp_path / "甲市"])) == ["甲市"]
    (tmp_path / "无").mkdir()
    assert list(find_cities([tmp_path / "无"])) == ["无"]


def refused(*folders):
    with pytest.raises(UsageError) as told:
        find_cities(folders)
    return told.value.render("en")


def test_what_is_no_list_of_cities(tmp_path):
    one = city(tmp_path / "甲市")
    assert "there is no such folder" in refused(tmp_path / "乙市")
    assert "there is no such folder" in refused(one / "项目.csv", one)
    assert "named twice" in refused(one, one)
    assert "named twice" in refused(one, tmp_path / "甲市" / ".." / "甲市")
    inner = city(one / "开发区")
    assert "lies in that of another city" in refused(one, inner)
    (tmp_path / "别名").symlink_to(one, target_is_directory=True)
    assert "named twice" in refused(one, tmp_path / "别名")
