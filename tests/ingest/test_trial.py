"""What ends a reader, or would lay out more than there is, is the problem of one file: in a process by fork, and by one that is kept."""

from __future__ import annotations

import gc
import json
import os
import signal
import struct
import threading
import time
from pathlib import Path

import geopandas
import pytest
import shapely

from planning_check.ingest import layers, limits, trial, waiting
from planning_check.ingest.limits import BeyondLimits
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.spawned import Spawned
from planning_check.ingest.waiting import Ended
from tests.ingest.conftest import Folder
from tests.ingest.test_layer_forms import POLYGON, kml, topology

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
FORMS = ["gpkg", "shp", "geojson", "parquet", "kml", "topojson"]


@pytest.fixture(params=["fork", "spawn"])
def way(request, monkeypatch):
    """Both ways of having a process of its own."""
    if request.param == "fork" and not hasattr(os, "fork"):
        pytest.skip("no fork")
    kept = Spawned()
    monkeypatch.setattr(trial, "_CAN_FORK", request.param == "fork")
    monkeypatch.setattr(trial, "_SPAWNED", kept)
    yield request.param
    kept.close()


def layer(folder: Folder, form: str) -> None:
    path = folder.path / f"宗地.{form}"
    frame = geopandas.GeoDataFrame({"ZDDM": ["D1"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    if form == "kml":
        told = '<ExtendedData><Data name="ZDDM"><value>D1</value></Data><Data name="XMBH"><value>P1</value></Data></ExtendedData>'
        path.write_text(kml(f"<Placemark>{told}{POLYGON}</Placemark>"), "utf-8")
    elif form == "topojson":
        path.write_text(json.dumps(topology(transform=True), ensure_ascii=False), "utf-8")
    elif form == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, **({"encoding": "utf-8"} if form == "shp" else {}))


# what a reader may come to, as functions that another process finds


def dies(*_: object) -> None:
    os.abort()


def crashes(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hangs(*_: object) -> None:
    time.sleep(60)


def hungers(*_: object) -> None:
    bytearray(1 << 40)


def fills(*_: object) -> None:
    held = []
    while True:
        held.append(bytes(range(256)) * 40_000)


def panics(*_: object) -> None:
    raise BaseException("Rust")


def raises(*_: object) -> None:
    raise ValueError("in order")


def refuses(*_: object) -> None:
    limits.refuse_much(1, limits.MOST_FIELDS + 1)


def is_quiet(*_: object) -> None:
    os.write(1, b"a word\n")


@pytest.mark.parametrize(
    ("end", "said"), [(dies, "signal"), (crashes, "signal"), (hangs, "signal"), (hungers, "memory"), (panics, "gave up")]
)
def test_what_ends_a_reader_is_told(tmp_path, monkeypatch, capfd, way, end, said):
    path = tmp_path / "a"
    path.write_bytes(b"a")
    with monkeypatch.context() as short, pytest.raises(FileProblem) as told:
        short.setattr(trial, "MOST_SECONDS", 3 if end is hangs else trial.MOST_SECONDS)
        trial.alone(end, path)
    assert told.value.code == "unreadable_file" and said in told.value.detail.en
    trial.alone(raises, path)
    trial.alone(is_quiet, path)
    assert capfd.readouterr() == ("", ""), "and the next file is tried as if nothing had been"
    with pytest.raises(BeyondLimits) as refused:
        trial.alone(refuses, path)
    assert "2,001" in refused.value.detail.en


def reads(*_: object) -> None:
    """A reader to which nothing happens."""


def test_a_crash_that_is_not_the_files_does_not_accuse_it(tmp_path, monkeypatch):
    """Seen in the suite: a copy of a process with threads crashed over what it had inherited, not over the layer."""
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"x")
    monkeypatch.setattr(trial, "_CAN_FORK", True)
    monkeypatch.setattr(trial, "_forked", lambda *_: Ended(-signal.SIGSEGV, False))
    trial.alone(reads, path)
    with pytest.raises(FileProblem):
        trial.alone(dies, path)
    monkeypatch.setattr(trial._SPAWNED, "tried", lambda *_: None)
    with pytest.raises(FileProblem):  # nobody else can look
        trial.alone(reads, path)


HELD = threading.Lock()


def takes_the_lock(*_: object) -> None:
    with HELD:
        pass


def waits_for_ever(*_: object) -> None:
    time.sleep(1000)


def works_for_ever(*_: object) -> None:
    while True:
        pass


@pytest.mark.parametrize("way", ["fork"], indirect=True)
def test_a_lock_that_a_child_inherited_is_not_the_files_fault(tmp_path, monkeypatch, way):
    """A thread of the program held it when the child was forked, in which nobody is there to let it go."""
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"x")
    monkeypatch.setattr(waiting, "IDLE_SECONDS", 0.5)
    looked = []
    tried = trial._SPAWNED.tried
    monkeypatch.setattr(trial._SPAWNED, "tried", lambda *given: looked.append(given[0]) or tried(*given))
    begun = time.monotonic()
    with HELD:
        trial.alone(takes_the_lock, path)
    assert looked == [takes_the_lock] and time.monotonic() - begun < trial.MOST_SECONDS, "long before its time is up"
    monkeypatch.setattr(trial, "MOST_SECONDS", 4)
    with pytest.raises(FileProblem):  # what waits in a process of its own too is the file's, and no third look is taken
        trial.alone(waits_for_ever, path)
    assert looked == [takes_the_lock, waits_for_ever]
    with pytest.raises(FileProblem):  # and what works all the time is not looked at twice
        trial.alone(works_for_ever, path)
    assert looked == [takes_the_lock, waits_for_ever]
    monkeypatch.setattr(waiting, "_ticks", lambda _: None)
    with HELD:  # where the system tells no ticks, once the time is up
        trial.alone(takes_the_lock, path)
    assert looked[2:] == [takes_the_lock]


@pytest.mark.parametrize("way", ["fork"], indirect=True)
def test_a_child_collects_nothing_that_it_inherited(tmp_path, way):
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"x")
    trial.alone(collects, path)


def collects(*_: object) -> None:
    if gc.isenabled():
        os.abort()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is bounded on Linux")
def test_memory_is_bounded_by_the_size_of_the_file(tmp_path, monkeypatch, way):
    monkeypatch.setattr(trial, "MOST_BYTES", 200 << 20)
    path = tmp_path / "a"
    path.write_bytes(b"a")
    with pytest.raises(FileProblem) as told:
        trial.alone(fills, path)
    assert "memory" in told.value.detail.en


def fills_unbounded(*_: object) -> None:
    """As on a system that does not bound a process: twice what it may, and no more, where nobody looks."""
    resource = pytest.importorskip("resource")
    resource.setrlimit(resource.RLIMIT_AS, (resource.getrlimit(resource.RLIMIT_AS)[1],) * 2)
    held = [b"1" * 10_000_000 for _ in range(60)]
    time.sleep(20)
    assert held


def takes_little(*_: object) -> None:
    held = b"1" * 100_000_000
    time.sleep(0.5)
    assert held


def test_memory_is_bounded_from_outside_where_the_system_does_not(tmp_path, monkeypatch, way):
    path = tmp_path / "a"
    path.write_bytes(b"a")
    monkeypatch.setattr(trial, "MOST_BYTES", 300 << 20)
    with pytest.raises(FileProblem) as told:
        trial.alone(fills_unbounded, path)
    assert "memory" in told.value.detail.en
    trial.alone(takes_little, path)


@pytest.mark.parametrize("form", FORMS)
def test_one_layer_that_ends_its_reader_is_named_and_the_rest_is_read(folder: Folder, monkeypatch, way, form):
    layer(folder, form)
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT count(*) FROM source WHERE file LIKE '宗地%'")[0][0] >= 1, "tried, then read"
    monkeypatch.setattr(layers, "_read_whole", dies)
    again = Folder(folder.path).load()
    assert [(p["file"], p["code"]) for p in again.problems()] == [(f"宗地.{form}", "unreadable_file")]
    assert again.rows("SELECT project_id FROM projects") == [("P1",)]


@pytest.mark.parametrize("begun", ["raise SystemExit(3)", "import time; time.sleep(60)"])
def test_where_no_process_can_be_begun_files_are_read_all_the_same(folder: Folder, monkeypatch, begun):
    monkeypatch.setattr("planning_check.ingest.spawned._MOST_TO_BEGIN", 1)
    monkeypatch.setattr(trial, "_CAN_FORK", False)
    monkeypatch.setattr(trial, "_SPAWNED", Spawned())
    monkeypatch.setattr("planning_check.ingest.spawned._BEGUN", begun)
    layer(folder, "gpkg")
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id FROM raw_parcels") == [("D1",)]


def sparse(path: Path, features: int, fields: int) -> None:
    """Every feature has columns of its own."""
    each = fields // features
    told = [
        {"type": "Feature", "geometry": None, "properties": {f"c{n * each + k}": 1 for k in range(each)}} for n in range(features)
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": told}), "utf-8")


@pytest.mark.parametrize(
    ("what", "most", "said"), [("MOST_FIELDS", 99, "columns"), ("MOST_FEATURES", 9, "features"), ("MOST_CELLS", 999, "cells")]
)
def test_a_layer_beyond_a_limit_is_named_before_it_is_laid_out(folder: Folder, monkeypatch, what, most, said):
    sparse(folder.path / "地块.geojson", 10, 100)
    monkeypatch.setattr(limits, what, most)
    folder.csv("项目.csv", GOOD).load()
    problem = next(p for p in folder.problems() if p["file"] == "地块.geojson")
    assert problem["code"] == "too_large_file" and said in problem["what_en"] and f"{most:,}" in problem["what_zh"]
    assert folder.rows("SELECT project_id FROM projects") == [("P1",)]
    monkeypatch.setattr(limits, what, most + 1)
    assert Folder(folder.path).load().problems("too_large_file") == [], "at the limit it is read"


@pytest.mark.parametrize("form", ["geojson", "shp"])
def test_vertices_are_counted_before_they_are_read(folder: Folder, monkeypatch, form):
    layer(folder, form)
    monkeypatch.setattr(limits, "MOST_VERTICES", 2)
    monkeypatch.setattr(layers, "alone", lambda *_: pytest.fail("read"))
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [(f"宗地.{form}", "too_large_file")]


@pytest.mark.parametrize("records", [2, 1 << 31, (1 << 32) - 1])
def test_a_head_that_tells_more_records_than_there_are(folder: Folder, records):
    layer(folder, "shp")
    table = folder.path / "宗地.dbf"
    data = table.read_bytes()
    table.write_bytes(data[:4] + struct.pack("<I", records) + data[8:])
    folder.csv("项目.csv", GOOD).load()
    (problem,) = folder.problems()
    assert (problem["file"], problem["code"]) == ("宗地.shp", "unreadable_file") and f"{records:,}" in problem["what_zh"]
