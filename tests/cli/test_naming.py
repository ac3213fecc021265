"""explain finds what a word means: a part of a name, a room of a project, the project of a room."""

import pytest

from planning_check.store import open_store, save_run
from tests.store.tables import FINDINGS, TELLINGS, connection, finding, manifest

ROOMS = [finding("US01", f"U{n}", project_id="P1") for n in (2, 3)]


@pytest.fixture
def told(tmp_path, call):
    engine = open_store(f"sqlite:///{tmp_path / 'planning_check.sqlite'}")
    save_run(engine, connection([*FINDINGS, *ROOMS]), manifest(), TELLINGS)

    def ask(*words, lang="zh"):
        code, _, err = call("explain", *words, "--lang", lang)
        assert code == 2
        return err

    return ask


def test_a_project_is_resolved_to_its_rooms(told):
    said = told("US01", "P1")
    assert "US01 查的是公益性用房，P1 不是" in said
    assert all(room in said for room in ("U1", "U2", "U3"))
    assert "planning-check explain US01 U1" in said
    assert told("US01", "花园P1") == said.replace("P1 不是", "花园P1 不是")
    assert "US01 judges a premises, and P1 is none" in told("US01", "P1", lang="en")


def test_a_project_of_which_that_kind_has_no_finding_is_told_so(told):
    said = told("US01", "P2")
    assert "P2 的公益性用房没有问题在案" in said
    assert "planning-check findings --project P2" in said


def test_a_room_is_resolved_to_its_project(told):
    assert "planning-check explain AR03 P1" in told("AR03", "U2")


def test_a_part_of_a_name_is_enough_to_be_told_the_key(told):
    assert "相近的有：P1 花园P1、P2 花园P2" in told("AR03", "花园")
    assert "AR03 没有检查过 花园" in told("AR03", "花园")
    assert "花园" not in told("AR03", "%%"), "no wildcard"
