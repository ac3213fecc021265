"""Breaks the engine below the rules in many small ways and names what its nearest tests do not notice.

``python tests/mutations_engine.py [MODULE...]`` runs all mutants of the named modules (all of :data:`NEAREST` without a name),
``--sample N`` only some of each; in one process, and what it has found is kept (``--results``), so that it goes on where it was stopped.
Broken, one at a time: a comparison, and/or, not, a sign, a whole number by one, min for max, the first day for the last, the way of
rounding, a coalesce taken away, a FILTER dropped, in Python and in the SQL that it holds. A survivor is a gap in the tests, or stands in
``tests/mutations_engine.yaml`` with the reason why nothing can show it. Nothing is written but the results: a mutant lives in the memory
of one process.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.abc
import importlib.util
import multiprocessing
import os
import pathlib
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script too
from tests.mutants import PACKAGE, ROOT, Mutant, mutants

REASONS = Path(__file__).with_suffix(".yaml")
#: a mutant whose tests take longer is stuck, and so noticed
MOST_SECONDS = 240
BEGUN, SURVIVES = "begun", "survives"
_TYPES = "tests/facts/test_facts.py::test_every_fact_of_the_dictionary_is_a_column"
#: module -> its nearest fast tests
NEAREST: dict[str, tuple[str, ...]] = {
    "rulebook/expressions.py": ("tests/rulebook/test_terms.py", "tests/rulebook/test_expressions.py"),
    "rulebook/terms.py": ("tests/rulebook/test_terms.py", "tests/rulebook/test_expressions.py"),
    "report/notices/numerals.py": ("tests/report/test_numerals.py",),
    "geo/land/shares.py": ("tests/geo/test_shares.py", "--deselect=tests/geo/test_shares.py::test_area_is_conserved"),
    "facts/events.sql": ("tests/facts/test_events.py",),
    "facts/project.sql": ("tests/facts/test_project_alone.py",),
    "facts/deposit.sql": ("tests/facts/test_deposit_days.py", _TYPES),
    "facts/payment.sql": ("tests/facts/test_payment_days.py", _TYPES),
    "facts/life.sql": ("tests/facts/test_life_record.py",),
    "facts/identity.sql": ("tests/facts/test_identity.py",),
    "facts/keys.sql": ("tests/facts/test_project_alone.py", "tests/facts/test_double_claims.py", "tests/facts/test_double_receipts.py"),
    "facts/room_pair.sql": ("tests/facts/test_room_pair.py",),
    "facts/double_claims.sql": ("tests/facts/test_double_claims.py", "tests/facts/test_double_receipts.py", _TYPES),
}
HEAVY = ("pytest", "hypothesis", "duckdb", "numpy", "pyarrow", "pandas", "shapely", "pyproj", "sqlglot", "ruamel.yaml", "click")


class _Serves(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module its broken text."""

    def __init__(self, mutant: Mutant):
        self.path, self.text = PACKAGE / mutant.module, mutant.text
        self.name = "planning_check." + mutant.module.removesuffix(".py").replace("/", ".")

    def find_spec(self, name: str, path: object = None, target: object = None):
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def exec_module(self, module) -> None:
        exec(compile(self.text, str(self.path), "exec"), module.__dict__)


def _run(mutant: Mutant, tests: Sequence[str]) -> None:
    """In a process of its own: leaves with 0 only where every test passes."""
    import pytest

    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.chdir(ROOT)
    if mutant.module.endswith(".py"):
        sys.meta_path.insert(0, _Serves(mutant))
    else:
        broken, read_text = PACKAGE / mutant.module, pathlib.Path.read_text
        pathlib.Path.read_text = lambda path, *a, **k: mutant.text if path == broken else read_text(path, *a, **k)
    present = [test for test in tests if test.startswith("-") or (ROOT / test.partition("::")[0]).exists()]
    os._exit(int(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", *present])))


def survives(mutant: Mutant, tests: Sequence[str]) -> bool:
    context = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
    if hasattr(os, "fork"):
        context.set_forkserver_preload(list(HEAVY))
    child = context.Process(target=_run, args=(mutant, tests))
    child.start()
    child.join(MOST_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
    return child.exitcode == 0


def reasons() -> dict[str, dict[str, str]]:
    """Module -> mutant -> why no test can notice it."""
    told = YAML(typ="safe").load(REASONS.read_text("utf-8")) or {}
    return {module: {mutant: reason for reason, named in of_it.items() for mutant in named} for module, of_it in told.items()}


def survivors(chosen: Sequence[Mutant]) -> list[Mutant]:
    explained = reasons()
    return [m for m in chosen if m.name not in explained.get(m.module, {}) and survives(m, NEAREST[m.module])]


class Results:
    """What was found of each mutant of a module as it reads now: a line each, so that a run that was stopped goes on where it was."""

    def __init__(self, path: Path):
        self.path = path
        self.killed: dict[tuple[str, str], str] = {}
        begun: set[tuple[str, str]] = set()
        for line in path.read_text("utf-8").splitlines() if path.exists() else ():
            module, name, by = line.split("\t")
            if by != BEGUN:
                begun.discard((module, name))
            elif (module, name) not in begun:
                begun.add((module, name))
                continue
            if by != SURVIVES:  # a survivor is tried again: there may be a test for it by now
                self.killed[module, name] = "stuck" if by == BEGUN else by  # begun twice and never done: it ends the whole process

    def add(self, mutant: Mutant, by: str) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{_as_it_reads(mutant.module)}\t{_in_a_line(mutant.name)}\t{by}\n")

    def killer(self, mutant: Mutant) -> str:
        return self.killed.get((_as_it_reads(mutant.module), _in_a_line(mutant.name)), "")


def _as_it_reads(module: str) -> str:
    return f"{module} {hashlib.sha256((PACKAGE / module).read_bytes()).hexdigest()[:8]}"


def _in_a_line(name: str) -> str:
    return " ".join(name.split())


def try_all(module: str, chosen: Sequence[Mutant], results: Results) -> list[Mutant]:
    """The mutants that nothing notices and no reason explains; all in this one process,
    those of Python that survive once more in a fresh one."""
    from tests import warm

    explained = reasons().get(module, {})
    left = [m for m in chosen if m.name not in explained and not results.killer(m)]
    found: list[Mutant] = []
    tried: list[Mutant] = []

    def work(bench: warm.Bench) -> None:
        if failed := bench.prepare():
            raise SystemExit(f"tests of {module} fail though nothing is broken: {[item.nodeid for item in failed]}")
        for mutant in left:
            results.add(mutant, BEGUN)
            by = bench.killer(mutant.text)
            if not by and module.endswith(".py") and not survives(mutant, NEAREST[module]):
                by = "in a process of its own"
            results.add(mutant, by or SURVIVES)
            tried.append(mutant)
            if not by:
                found.append(mutant)
                print(f"{module} survives: {mutant.name}", flush=True)
        if failed := [item.nodeid for item in bench.items if not bench.passes(item)]:
            raise SystemExit(f"tests of {module} fail after the last mutant: {failed}")

    if left:
        warm.bench(module, NEAREST[module], work)
    if len(tried) < len(left):  # pytest keeps the reason to itself
        raise SystemExit(f"{module}: {len(left) - len(tried)} mutants were not tried")
    return found


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(NEAREST)}")
    parser.add_argument("--results", type=Path, default=ROOT / ".mutations_engine.tsv", help="goes on where the run of this file stopped")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(given)
    results, explained = Results(options.results), reasons()
    found = []
    for module in options.modules or NEAREST:
        chosen = mutants(module)
        if options.sample:
            chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))
        survived = try_all(module, chosen, results)
        told = sum(m.name in explained.get(module, {}) for m in chosen)
        print(
            f"{module}: {len(chosen)} mutants, {len(chosen) - len(survived) - told} killed, {told} explained, {len(survived)} survive",
            flush=True,
        )
        found += survived
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
