"""The benchmark against peers: at a tiny size all answer alike, and a difference is noticed. No time is asserted."""

import argparse
import dataclasses
import os

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.ways.answers import INVALID, PAIRS, PIECES, RULES, Answers, Found, differences
from benchmarks.ways.page import render

pytestmark = pytest.mark.long
PARCELS, PROJECTS = 900, 200


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Both parts, measured once; of the ways that share their formulas one each."""
    given = argparse.Namespace(parcels=PARCELS, projects=PROJECTS, repeat=1, postgis=os.environ.get("PLANNING_CHECK_POSTGRESQL"))
    folder = tmp_path_factory.mktemp("peers")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            peers, "RULES", [entrant for entrant in peers.RULES if entrant.way not in ("product_rules:WithEvidence", "pandera_rules:Way")]
        )
        return peers.on_the_map(folder, given), peers.on_the_rules(folder, given)


def test_all_ways_answer_alike(parts):
    assert [told for part in parts for told in peers.disagreements(part)] == []


def test_there_is_something_to_answer(parts):
    """What nobody finds is no proof of anything."""
    on_map, on_rules = (part.measured[0].answers for part in parts)
    assert all(len(found.in_order(on_map.without)[0]) for found in (on_map.found[name] for name in (INVALID, PIECES, PAIRS)))
    assert len(on_map.found[PIECES].one) > PARCELS  # some parcels are cut
    assert all(0 < len(found.one) < PROJECTS for found in on_rules.found.values())


def test_the_page_names_the_machine_and_every_way(parts):
    page = render(parts, {"processor": "an abacus"}, "2011-06-30", 1)
    assert "| processor | an abacus |" in page
    assert [m.entrant.title for part in parts for m in part.measured if m.entrant.title not in page] == []
    assert page.count("- Target:") == len(peers.GEOMETRY_TARGETS) + len(peers.RULES_TARGETS)


def test_a_peer_that_answers_otherwise_ends_it(parts, monkeypatch, tmp_path, capsys):
    """One violating project too many: exit 1, the rule is named, and no page is written."""
    part = parts[1]
    peer = part.measured[-1]
    name = f"{RULES}: HO01"
    theirs = peer.answers.found[name]
    odd = {**peer.answers.found, name: Found(np.append(theirs.one, PROJECTS))}
    wrong = dataclasses.replace(part, measured=[*part.measured[:-1], dataclasses.replace(peer, answers=Answers(odd))])
    monkeypatch.setattr(peers, "on_the_rules", lambda _folder, _given: wrong)
    page = tmp_path / "page.md"
    assert peers.main(["--only", "rules", "--parcels", "1", "--projects", "1", "-o", str(page)]) == 1
    assert f"{peer.entrant.title}: {name}: 0 missing and 1 too many" in capsys.readouterr().err
    assert not page.exists()


def answers(**found):
    return Answers({PIECES: Found(np.arange(300), np.zeros(300, int), np.full(300, 10.0)), **found})


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (np.full(300, 10.0), None),
        (np.full(300, 10.0) + np.eye(300)[7] * 0.0101, None),  # a hundredth apart
        (np.full(300, 10.0) + np.eye(300)[7] * 0.02, "apart by up to 0.02 m2"),
        (np.full(300, 10.01), "a community's apart by 3.0 m2 in all"),  # each within a hundredth, all of them together not
        (np.full(300, 10.0) * (np.arange(300) != 7), "1 missing and 0 too many of 300, such as (7, 0)"),
    ],
)
def test_areas_are_held_to_a_hundredth(theirs, told):
    found = differences(answers(), answers(**{PIECES: Found(np.arange(300), np.zeros(300, int), theirs)}))
    assert [told in line for line in found] == ([True] if told else [])


def test_a_parcel_left_out_is_left_out_of_both():
    ours = answers(**{PAIRS: Found(np.array([1, 2]), np.array([2, 9]), parcels=2)})
    theirs = Answers({PAIRS: Found(np.array([1]), np.array([2]), parcels=2)}, without=np.array([9]))
    assert differences(ours, theirs) == []
    assert differences(ours, dataclasses.replace(theirs, without=np.array([8])))
