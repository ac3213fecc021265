"""The eight invented cities are what they are said to be: each alone, and those that reach across given together."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from planning_check import pipeline
from planning_check.errors import SourceError
from planning_check.store import findings, open_store
from tests.estates import NOW, Checked
from tests.province import cities

#: Of what is found, what depends on where a row stands: its number and the names of the files.
_PLACE = ("number", "sources")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return cities.write(tmp_path_factory.mktemp("cities"))


@pytest.fixture(scope="module")
def checked(folders, tmp_path_factory):
    """A check of cities as one delivery; each once."""
    done: dict[tuple[str, ...], Checked] = {}

    def check(*labels: str) -> Checked:
        if labels not in done:
            url = f"sqlite:///{(tmp_path_factory.mktemp('checked') / 'runs.sqlite').as_posix()}"
            options = pipeline.Options([folders[one] for one in labels], as_of=None, today=NOW.date(), labels=labels)
            result = pipeline.check(options, created_at=NOW, db_url=url)
            done[labels] = Checked(url, result, list(findings(open_store(url, write=False), result.run_id)))
        return done[labels]

    return check


def _told(*checks: Checked) -> Counter[tuple[tuple[str, str], ...]]:
    """All that findings say, whichever row of which check they are."""
    return Counter(
        tuple((name, str(value)) for name, value in finding.items() if name not in _PLACE) for check in checks for finding in check.findings
    )


def _across(checked, labels) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What is found of cities only together, and only of each alone."""
    together, alone = _told(checked(*labels)), _told(*(checked(one) for one in labels))
    return [dict(one) for one in (together - alone).elements()], [dict(one) for one in (alone - together).elements()]


def _verdicts(found) -> set[tuple[str, str, str, str]]:
    return {(one["rule_id"], one["subject_key"], one["outcome"], one["status"]) for one in found}


def test_the_same_whenever_written(folders, tmp_path):
    def told(where):
        return {
            label: {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
            for label, folder in where.items()
        }

    assert told(folders) == told(cities.write(tmp_path / "again"))
    assert list(folders) == list(cities.LABELS)


def test_synthetic_cities_have_ids_and_codes_of_their_own(tmp_path):
    places = cities.synthetic(tmp_path, 3, 60)
    assert list(places) == ["city001", "city002", "city003"]
    for table in ("projects", "premises", "communities", "districts", "offices", "deposits"):
        keys = [line.split(",")[0] for place in places.values() for line in (place / f"{table}.csv").read_text("utf-8").splitlines()[1:]]
        assert len(keys) == len(set(keys)) >= 30, table


@pytest.mark.parametrize("label", cities.READABLE)
def test_every_readable_city_has_something_of_each_kind(checked, label):
    found = checked(label)
    assert found.of("HO01") and found.of("HO02") and found.of("HO04"), "rooms not, or not wholly, or wrongly handed over"
    assert found.of("MO05"), "a deposit to forfeit"
    assert found.of("OF01"), "a rented or borrowed office"
    assert found.of("AR03", outcome="undetermined"), "an estate without a survey"
    assert not found.of("MO03") and not found.of("DA03"), "no receipt twice and no code amiss"
    overlaps = {key for rule, key in found.of("GE02") if found.one(rule, key)["status"] == "overlaps"}
    assert not overlaps, "no parcel on another"


@pytest.mark.parametrize("label", [cities.BROKEN, cities.EMPTY])
def test_what_cannot_be_read_says_so(checked, label):
    with pytest.raises(SourceError):
        checked(label)


def test_a_receipt_used_in_two_cities_is_seen_only_of_both(checked):
    together, alone = _across(checked, cities.RECEIPTS)
    new = _verdicts(together) - _verdicts(alone)
    payments = {f"P12{900 + n}-Z" for n in range(1, 6)}
    assert {(rule, key, status) for rule, key, _, status in new if rule == "MO03"} == {("MO03", key, "receipt_twice") for key in payments}
    estates = {key.removesuffix("-Z") for key in payments}
    assert {key for rule, key, outcome, _ in new if (rule, outcome) == ("AR03", "violation")} == estates
    # and of nothing else, but for the office of their community, which counts open duties there
    assert {one["subject_key"] for one in (*together, *alone)} == payments | estates | {"B12001"}


def test_land_over_a_border_is_seen_only_of_both(checked):
    together, alone = _across(checked, cities.BORDER)
    west, east = ({f"99{city}02001{c:03d}GB0090{n}" for n in (1, 2)} for city, c in ((13, 3), (14, 1)))
    shared = {(one["subject_key"], one["status"]) for one in together if one["rule_id"] == "GE02"}
    assert shared == {(key, "overlaps") for key in west | east}
    assert {(one["rule_id"], one["subject_key"], one["status"]) for one in alone} == {("GE02", key, "outside") for key in west}


def test_cities_that_share_nothing_say_together_what_each_says_alone(checked):
    assert _across(checked, cities.PLAIN) == ([], [])


def test_all_of_them_say_what_the_linked_ones_and_the_plain_ones_say(checked):
    parts = [checked(*labels) for labels in (cities.RECEIPTS, cities.BORDER, cities.PLAIN)]
    assert _told(checked(*cities.READABLE)) == _told(*parts)
