"""Links are followed to what was delivered, and nowhere else; what leads out is one problem of its place."""

import contextlib
import os
import subprocess

import geopandas
import pytest
import shapely

from planning_check.errors import UsageError
from planning_check.pipeline import asking
from tests.ingest.conftest import Folder
from tests.widths import load

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
PARCELS = "宗地编号,项目编号\nD1,P1\n"


def told(folder: Folder) -> list[tuple]:
    return [(p["file"], p["code"]) for p in folder.problems() if p["code"] != "missing_column"]


@pytest.mark.parametrize("name", ["宗地.csv", "宗地.xlsx", "宗地.gpkg", "宗地.shp", "宗地.geojson", "宗地.pdf", "宗地"])
def test_a_link_out_of_the_delivery_is_not_read(folder: Folder, name):
    (folder.path / name).symlink_to(folder.outside("secret.csv"))
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [(name, "link_outside")]
    assert folder.rows("SELECT table_name FROM unread") == [("parcels",)]
    assert folder.rows("SELECT count(*) FROM raw_parcels") == [(0,)] and folder.rows("SELECT project_id FROM projects") == [("P1",)]


def test_a_link_to_a_folder_outside_is_not_searched(folder: Folder):
    folder.outside("宗地.csv")
    (folder.path / "旧").symlink_to(folder.path.parent)
    (folder.path / "系统").symlink_to("/proc")
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [("旧", "link_outside"), ("系统", "link_outside")]
    assert folder.rows("SELECT * FROM unread") == [("旧", "", None), ("系统", "", None)]


def test_links_within_the_delivery_are_read_once(folder: Folder):
    (folder.path / "国土局").mkdir()
    (folder.path / "国土局" / "宗地.csv").write_text(PARCELS, "utf-8")
    (folder.path / "a宗地.csv").symlink_to("国土局/宗地.csv")
    (folder.path / ".旧").mkdir()
    (folder.path / ".旧" / "宗地.csv").write_text(PARCELS.replace("D1", "D2"), "utf-8")
    (folder.path / "旧").symlink_to(".旧")
    for n in range(8):
        (folder.path / f"圈{n}").symlink_to(".")
        (folder.path / "国土局" / f"圈{n}").symlink_to("..")
    folder.csv("项目.csv", GOOD).load()
    assert folder.delivery is not None
    assert folder.delivery.files == ("国土局/宗地.csv", "旧/宗地.csv", "项目.csv") and told(folder) == []
    assert folder.rows("SELECT parcel_id FROM raw_parcels ORDER BY 1") == [("D1",), ("D2",)]


def test_what_the_user_names_is_followed(folder: Folder):
    folder.csv("项目.csv", GOOD).csv("宗地.csv", PARCELS)
    (folder.path.parent / "链接").symlink_to(folder.path)
    (folder.path.parent / "项目.csv").symlink_to(folder.path / "项目.csv")
    delivery = load(folder.con, [folder.path.parent / "链接"])
    assert delivery.files == ("宗地.csv", "项目.csv") and told(folder) == []
    again = Folder(folder.path)
    assert load(again.con, [folder.path.parent / "项目.csv"]).files == ("项目.csv",)


def test_a_link_to_what_is_delivered_beside_is_followed(folder: Folder):
    one, other = folder.path / "甲", folder.path / "乙"
    one.mkdir()
    other.mkdir()
    (other / "项目.csv").write_text(GOOD, "utf-8")
    (one / "项目.csv").symlink_to(other / "项目.csv")
    load(folder.con, [one, other])
    assert told(folder) == [] and folder.rows("SELECT count(*) FROM raw_projects") == [(1,)]


@pytest.mark.parametrize("suffix", [".dbf", ".prj", ".cpg", ".shx", ".DBF", ".qix"])
def test_a_part_of_a_layer_that_is_elsewhere(folder: Folder, suffix):
    frame = geopandas.GeoDataFrame({"ZDDM": ["D1"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    frame.to_file(folder.path / "宗地.shp")
    part, away = folder.path / f"宗地{suffix}", folder.path.parent / "elsewhere"
    if (folder.path / f"宗地{suffix.lower()}").exists():
        (folder.path / f"宗地{suffix.lower()}").rename(away)
    else:
        away.write_bytes(b"x")
    part.symlink_to(away)
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [("宗地.shp", "link_outside")]


def test_a_log_of_a_geopackage_that_is_elsewhere(folder: Folder):
    frame = geopandas.GeoDataFrame({"ZDDM": ["D1"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    frame.to_file(folder.path / "宗地.gpkg")
    (folder.path / "宗地.gpkg-wal").symlink_to(folder.outside("wal"))
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [("宗地.gpkg", "link_outside")]


def test_a_manifest_that_is_elsewhere(folder: Folder):
    (folder.path / "delivery.yaml").symlink_to(folder.outside("other.yaml"))
    with pytest.raises(UsageError, match="not followed"):
        folder.csv("项目.csv", GOOD).load()


def test_a_link_that_appears_is_another_delivery(folder: Folder):
    folder.csv("项目.csv", GOOD)
    seen = [list(asking._files([folder.path]))]
    (folder.path / "系统.csv").symlink_to("/proc/kcore")
    seen.append(list(asking._files([folder.path])))
    (folder.path / "旧").symlink_to("/proc")
    seen.append(list(asking._files([folder.path])))
    assert [len(found) for found in seen] == [1, 2, 3]


def test_folders_in_folders_without_end(folder: Folder):
    at = os.open(folder.path, os.O_RDONLY)
    for _ in range(1100):
        os.mkdir("深", dir_fd=at)
        at, before = os.open("深", os.O_RDONLY, dir_fd=at), at
        os.close(before)
    os.close(at)
    folder.csv("项目.csv", GOOD).load()
    assert {p["code"] for p in folder.problems()} <= {"unreadable_folder", "unreadable_file"} and folder.problems()
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]
    with contextlib.suppress(OSError):
        list(asking._files([folder.path]))
    subprocess.run(["rm", "-rf", folder.path], check=True)
