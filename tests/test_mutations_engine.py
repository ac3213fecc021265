"""The script that breaks the engine is itself tried: it breaks what it says, a break is noticed,
and some of each module run with the suite."""

import random

import pytest

from tests import mutations_engine as engine

PICKED = [
    m for module in ("report/notices/numerals.py", "rulebook/terms.py") for m in random.Random(2011).sample(engine.mutants(module), 3)
]


@pytest.mark.parametrize("module", engine.NEAREST)
def test_every_mutant_differs_from_its_module_and_compiles(module):
    made = engine.mutants(module)
    source = (engine.PACKAGE / module).read_text("utf-8")
    assert len({m.name for m in made}) == len(made) > 9
    for mutant in made:
        assert mutant.text != source
        if module.endswith(".py"):
            compile(mutant.text, module, "exec")


@pytest.mark.long
@pytest.mark.parametrize("mutant", PICKED, ids=lambda m: f"{m.module}: {m.name}"[:80])
def test_a_broken_engine_is_noticed(mutant):
    assert engine.survivors([mutant]) == []


def test_a_module_that_is_not_broken_passes():
    module = "report/notices/numerals.py"
    whole = engine.Mutant(module, "nothing", (engine.PACKAGE / module).read_text("utf-8"))
    assert engine.survives(whole, engine.NEAREST[module])


def test_every_reason_names_a_mutant_that_is_still_made():
    for module, of_it in engine.reasons().items():
        gone = set(of_it) - {m.name for m in engine.mutants(module)}
        assert not gone, f"{module}: no such mutants any more: {gone}"
