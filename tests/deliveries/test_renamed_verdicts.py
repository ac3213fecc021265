"""A few headings of the bundled city renamed to a word that nobody knows: they are named on the first screen, or no outcome changes.
(All of them: ``python -m tests.deliveries.renamed``.)"""

from __future__ import annotations

from random import Random

import pytest

from tests.deliveries.renamed import SEED, headings, outcomes, told

pytestmark = pytest.mark.long
SOME = 2


@pytest.fixture(scope="module")
def before():
    return outcomes()[0]


@pytest.mark.parametrize("number", range(SOME))
def test_a_renamed_heading_is_named_or_changes_nothing(before, number):
    one = Random(SEED + 1).sample(headings(), SOME)[number]
    assert len(before) > 6_000
    assert told(one, before) in ("named", "same"), one.place()
