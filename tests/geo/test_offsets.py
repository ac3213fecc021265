"""GCJ-02 and BD-09 against published conversions, and there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.geo.frames.offsets import _gcj_to_bd, from_bd09, from_gcj02, to_bd09, to_gcj02
from planning_check.geo.frames.readings import MERCATOR, PLAIN, PREFIXED, Reading, parse, possible

TIANANMEN = np.array([[116.404, 39.915]])
PLACES = st.tuples(st.floats(74, 134), st.floats(18, 53))


@pytest.mark.parametrize(
    ("shown", "as_published"),
    [(to_gcj02, (116.41024449916938, 39.91640428150164)), (_gcj_to_bd, (116.41036949371029, 39.92133699351021))],
)
def test_as_published(shown, as_published):
    assert shown(TIANANMEN)[0] == pytest.approx(as_published, abs=1e-12)


@given(st.lists(PLACES, min_size=1, max_size=20))
def test_there_and_back_within_a_millimetre(places):
    xy = np.array(places)
    for shown, true in ((to_gcj02, from_gcj02), (to_bd09, from_bd09)):
        there = shown(xy)
        assert np.abs(true(there) - xy).max() < 1e-8
        assert 1e-4 < np.abs(there - xy).max() < 0.02, "some hundred metres, in one direction or the other"


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("EPSG:4545", Reading("EPSG:4545")), ("4545", Reading("EPSG:4545")), (" epsg:4490  flipped ", Reading("EPSG:4490", flipped=True)),
        ("gcj02", Reading("EPSG:4490", offset="gcj02")), ("BD-09", Reading("EPSG:4490", offset="bd09")),
        ("EPSG:999999", None), ("EPSG:4978", None), ("flipped", None), ("", None), ("wgs 84", None), ("EPSG:", None),
    ],
)  # fmt: skip
def test_readings_as_typed(typed, reading):
    assert parse(typed) == reading
    if reading:
        assert parse(reading.text) == reading


def test_what_the_size_of_coordinates_allows():
    def texts(x, y):
        return [r.text for r in possible(np.array([[x, y]]))]

    assert texts(109.0, 32.7) == ["EPSG:4490", "gcj02", "bd09"]
    assert texts(32.7, 109.0) == ["EPSG:4490 flipped", "gcj02 flipped", "bd09 flipped"]
    assert texts(36_512_000, 3_618_000) == ["EPSG:4524"]
    assert texts(3_618_000, 36_512_000) == ["EPSG:4524 flipped"]
    assert texts(12_133_000, 3_850_000) == ["EPSG:3857"]
    assert texts(512_000, 3_618_000) == list(PLAIN.values())
    assert texts(1e9, 5) == []
    assert (PREFIXED[25], PREFIXED[45], PLAIN[25], PLAIN[45]) == ("EPSG:4513", "EPSG:4533", "EPSG:4534", "EPSG:4554")
    assert {Reading(c).kind for c in (MERCATOR, "EPSG:4524", "EPSG:4545", "EPSG:4490", "EPSG:2100")} == {
        "web_mercator", "zone_prefixed", "zone_plain", "degrees", "other",
    }  # fmt: skip
