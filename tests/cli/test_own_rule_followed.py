"""docs/own_rule.md followed to the letter ends green: what it says is typed into a folder, and its commands are run in both languages."""

import re

import pytest

from tests.test_own_rule import PAGE, city

__all__ = ["city"]  # a fixture: pytest finds it here


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_followed_to_the_letter_it_ends_green(city, call, lang, monkeypatch):
    """Every command of the page, typed where the files were typed; 0.8 % in one district and 350 m2 in another."""
    monkeypatch.chdir(city.parent)
    commands = re.search(r"## 4\. Try it.*?```\n(.*?)```", PAGE, re.DOTALL)[1].splitlines()
    assert len(commands) == 4
    said = {}
    for line in commands:
        code, out, err = call(*line.split()[1:], "--lang", lang)
        assert code == 0, f"{line}\n{out}\n{err}"
        said[line.split(" --")[0].removeprefix("planning-check ")] = " ".join(out.split())
    tested, compared = said["rules test"], said["simulate"]
    assert {"zh": "个算例，全部符合", "en": "cases, all as expected"}[lang] in tested
    assert {"zh": "our_city（990123，2010-01-01 起）", "en": "our_city (990123, from 2010-01-01)"}[lang] in tested, (
        "tried by the city's share"
    )
    assert {"zh": "没有要看的", "en": "Nothing to look at"}[lang] in said["rules check"]
    assert "our_city.share = 0.008 990123" in compared and "our_city.office_minimum_m2 = 350" in compared
    assert "our_city/overrides.yaml:3" in compared
