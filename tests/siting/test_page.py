"""The page on where to build shows what is printed, and its example of a city's own numbers is read."""

import re
from pathlib import Path

from planning_check.cli.main import run
from planning_check.pipeline.rules import bundled
from planning_check.rulebook.facilities import FILE, facilities_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "plan.md").read_text("utf-8")


def test_the_excerpts_are_printed_now(capfdbinary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    excerpts = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    assert len(excerpts) == 2
    for lang, excerpt in zip(("zh", "en"), excerpts, strict=True):
        assert run(["plan", "--facility", "elderly", "--sites", "5", "--budget", "3000000", "--lang", lang, "-q"]) == 0
        assert capfdbinary.readouterr().out.decode("utf-8").startswith(excerpt)


def test_the_example_of_a_citys_own_numbers_is_read(tmp_path):
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / FILE).write_text(example, "utf-8")
    made = facilities_of([bundled("rules") / "packs" / "facilities", tmp_path]).kinds["elderly"]
    assert (made.reach_m.value, made.reach_m.verified, made.costs["idle"].value) == (500, True, 900)


def test_every_key_of_a_kind_is_on_the_page():
    kinds = facilities_of([bundled("rules") / "packs" / "facilities"]).kinds.values()
    names = {name.partition(".")[0] for kind in kinds for name in kind.figures()}
    assert {name for name in names if f"`{name}`" not in PAGE} == set()
