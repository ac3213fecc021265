"""``facilities.yaml``: what it says, how one is laid over another, and that a mistake is refused with file and line."""

import pytest

from planning_check.errors import RulebookError
from planning_check.pipeline.rules import bundled
from planning_check.rulebook.facilities import FILE, facilities_of

PACK = bundled("rules") / "packs" / "facilities"
KINDS = ("market", "vegetable_shop", "parking", "elderly", "health", "culture", "outdoor")


def written(folder, text):
    folder.mkdir()
    (folder / FILE).write_text(text, "utf-8")
    return folder


def test_the_pack_has_all_kinds_and_claims_nothing_that_nobody_checked():
    pack = facilities_of([PACK])
    assert tuple(pack.kinds) == KINDS
    assert not any(one.verified for held in (pack, *pack.kinds.values()) for one in held.figures().values())
    assert all(
        one.cite and one.where.startswith("facilities/facilities.yaml:") for kind in pack.kinds.values() for one in kind.figures().values()
    )


def test_a_later_folder_changes_one_number_and_nothing_else(tmp_path):
    own = written(tmp_path / "own", "kinds:\n  elderly:\n    reach_m: {value: 500, unit: m, cite: 本市, verified: yes}\n")
    before, after = facilities_of([PACK]).kinds, facilities_of([PACK, own]).kinds
    assert (after["elderly"].reach_m.value, after["elderly"].reach_m.where) == (500, "own/facilities.yaml:3")
    assert after["elderly"].usual_m2 == before["elderly"].usual_m2 and after["market"] == before["market"]


def test_a_folder_without_the_file_says_nothing(tmp_path):
    assert facilities_of([PACK, tmp_path]) == facilities_of([PACK])
    with pytest.raises(RulebookError):
        facilities_of([tmp_path])


NUMBER = "{value: 500, unit: m, cite: 本市, verified: no}"
MISTAKES = {
    "kind: {}": (1, "unknown key kind"),
    "kinds: {elderly: {reach: 3}}": (1, "unknown key reach"),
    "kinds:\n  elderly:\n    reach_m: 500": (3, "a mapping is expected"),
    "kinds:\n  elderly:\n    reach_m: {value: 500, unit: m, cite: 本市}": (3, "verified is missing"),
    "kinds:\n  elderly:\n    reach_m: {value: 500, unit: km, cite: 本市, verified: no}": (3, "the unit must be m"),
    "kinds:\n  elderly:\n    reach_m: {value: -1, unit: m, cite: 本市, verified: no}": (3, "a number from 0 to 20000"),
    "kinds:\n  elderly:\n    reach_m: {value: 500, unit: m, cite: 本市, verified: perhaps}": (3, "unknown value perhaps"),
    "kinds:\n  elderly:\n    level: 7": (3, "5, 10 or 15"),
    "kinds:\n  elderly:\n    setting: under water": (3, "unknown value under water"),
    "kinds:\n  elderly:\n    cost_yuan_per_m2: {moon: 3}": (3, "unknown key moon"),
    "kinds:\n  elderly:\n    land_uses: [sea]": (3, "unknown value sea"),
    "kinds:\n  elderly:\n    present: {registers: []}": (3, "unknown key registers"),
    "kinds:\n  elderly:\n    present: {community_facilities: [palace]}": (3, "unknown value palace"),
    "kinds:\n  elderly:\n    usual_m2: {value: 149, unit: m2, cite: 本市, verified: no}": (3, "usual_m2 is less than least_m2"),
    f"kinds:\n  Palace:\n    reach_m: {NUMBER}": (3, "the name Palace"),
    f"kinds:\n  palace:\n    reach_m: {NUMBER}": (3, "is missing"),
    "spread:\n  spacing_m: {value: 0, unit: m, cite: 本市, verified: no}": (2, "a number from 1 to"),
    "programme:\n  weights:\n    luck: {value: 1, unit: points, cite: 本市, verified: no}": (3, "unknown key luck"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_refused_with_file_and_line(text, tmp_path):
    line, said = MISTAKES[text]
    with pytest.raises(RulebookError) as raised:
        facilities_of([PACK, written(tmp_path / "own", text + "\n")])
    assert (raised.value.where.file, raised.value.where.line) == ("own/facilities.yaml", line) and said in raised.value.what.en
