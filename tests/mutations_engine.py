"""Breaks the engine below the rules in many small ways and names what its nearest tests do not notice.

``python tests/mutations_engine.py [MODULE...]`` runs all mutants of the named modules (all of :data:`NEAREST` without a name), ``--sample N
--seed S`` only some of them. Broken, one at a time: a comparison, and/or, not, a sign, a whole number by one, min for max, the first day for
the last, the way of rounding, a coalesce taken away, a FILTER dropped, in Python and in the SQL that it holds. A survivor is a gap in the tests, or
stands in ``tests/mutations_engine.yaml`` with the reason why nothing can show it. Nothing is written: a mutant lives in the memory of one process.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.util
import io
import multiprocessing
import os
import pathlib
import random
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "planning_check"
REASONS = Path(__file__).with_suffix(".yaml")
#: a mutant whose tests take longer is stuck, and so noticed
MOST_SECONDS = 240
#: module -> its nearest fast tests
NEAREST: dict[str, tuple[str, ...]] = {
    "rulebook/expressions.py": ("tests/rulebook/test_terms.py", "tests/rulebook/test_expressions.py"),
    "rulebook/terms.py": ("tests/rulebook/test_terms.py", "tests/rulebook/test_expressions.py"),
    "report/notices/numerals.py": ("tests/report/test_numerals.py",),
    "geo/shares.py": ("tests/geo/test_shares.py",),
    "facts/events.sql": ("tests/facts/test_money.py", "tests/facts/test_rooms.py", "tests/facts/test_facts.py"),
    "facts/project.sql": (
        "tests/facts/test_money.py",
        "tests/facts/test_projects.py",
        "tests/facts/test_facts.py",
        "tests/facts/test_rooms.py",
    ),
    "facts/deposit.sql": ("tests/facts/test_money.py",),
    "facts/payment.sql": ("tests/facts/test_money.py",),
    "facts/life.sql": ("tests/facts/test_life.py",),
    "facts/identity.sql": ("tests/facts/test_double_claims.py",),
    "facts/room_pair.sql": ("tests/facts/test_double_claims.py",),
    "facts/double_claims.sql": ("tests/facts/test_double_claims.py",),
}
HEAVY = ("pytest", "hypothesis", "duckdb", "numpy", "pyarrow", "pandas", "shapely", "pyproj", "sqlglot", "ruamel.yaml", "click")

SWAPS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "+": "-", "-": "+", "*": "+", "//": "*", "%": "+",
    "and": "or", "or": "and", "not": "", "True": "False", "False": "True", "min": "max", "max": "min", "any": "all", "all": "any",
    "ROUND_HALF_UP": "ROUND_DOWN", "hi": "sql",
}  # fmt: skip
#: in SQL: what is looked for, and what stands there instead
IN_SQL: tuple[tuple[str, str], ...] = (
    (r"<=", "<"), (r"(?<![<>=])<(?![=>])", "<="), (r">=", ">"), (r"(?<![<=>-])>(?![=])", ">="), (r"(?<![<>=!:])=(?![=>])", "<>"), (r"<>", "="),
    (r"\bAND\b", "OR"), (r"\bOR\b(?! REPLACE)", "AND"), (r"\bNOT (?!MATERIALIZED)", ""), (r"\bIS NOT NULL\b", "IS NULL"), (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bleast\b", "greatest"), (r"\bgreatest\b", "least"), (r"\bmin\(", "max("), (r"\bmax\(", "min("), (r"_lo\b", "_hi"), (r"_hi\b", "_lo"),
    (r"\bbool_and\b", "bool_or"), (r"\bbool_or\b", "bool_and"), (r" DESC\b", ""), (r" FILTER \((?:[^()]|\([^()]*\))*\)", ""),
    (r"\bcoalesce\(([^(),]+), [^(),]+\)", r"\1"), (r"\bLEFT JOIN\b", "JOIN"), (r"\bUNION\b(?! ALL)", "UNION ALL"), (r"\bDISTINCT ", ""),
    (r" \+ ", " - "), (r" - ", " + "), (r"(?<![\w.:'])\d+(?![\w.'])", "+1"), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
)  # fmt: skip
_IS_SQL = re.compile(
    r"\b(SELECT|CASE|WHEN|FROM|CAST|JOIN|ELSE|NULL|IS NULL|COALESCE|coalesce|list_filter|list_contains|list_has_any|date_diff)\b| // "
)
_SPOKEN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Mutant:
    """A module with one thing broken: the name says where and what, without line numbers, so that it stands when lines move."""

    module: str
    name: str
    text: str


def mutants(module: str) -> list[Mutant]:
    source = (PACKAGE / module).read_text("utf-8")
    spots = _in_sql(source, 0) if module.endswith(".sql") else _in_python(source)
    found: dict[str, Mutant] = {}
    for start, end, new in spots:
        line_start, line_end = source.rfind("\n", 0, start) + 1, source.find("\n", end)
        line = f"{source[line_start:start]}«{source[start:end]}→{new}»{source[end : line_end if line_end >= 0 else None]}".strip()
        name, number = line, 2
        while name in found:
            name, number = f"{line} ({number})", number + 1
        found[name] = Mutant(module, name, source[:start] + new + source[end:])
    return list(found.values())


def _in_python(source: str) -> Iterator[tuple[int, int, str]]:
    """Places in code, and in the strings that hold SQL; not in what is said to people, in docstrings or imports."""
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    offsets.append(offsets[-1])
    before = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        start, end = (offsets[row - 1] + column for row, column in (token.start, token.end))
        line = source[offsets[token.start[0] - 1] : offsets[token.start[0]]]
        is_docstring = token.type == tokenize.STRING and (before is None or before.type in (tokenize.INDENT, tokenize.NEWLINE, tokenize.NL))
        if token.type == tokenize.STRING:
            if not is_docstring and _IS_SQL.search(token.string) and not _SPOKEN.search(token.string):
                yield from _in_sql(token.string, start)
            elif token.string.startswith("f"):
                yield from _in_braces(token.string, start)
        elif not line.lstrip().startswith(("import ", "from ", "@")):
            if token.type == tokenize.NUMBER and token.string.isdigit():
                yield start, end, str(int(token.string) + 1)
            elif token.string in SWAPS and not (token.string in "*-+" and _is_sign(before)) and not _is_keyword_argument(source, start):
                yield start, end, SWAPS[token.string]
        if token.type not in (tokenize.COMMENT,):
            before = token


def _in_braces(text: str, offset: int) -> Iterator[tuple[int, int, str]]:
    """The code inside a formatted string."""
    for braces in re.finditer(r"\{[^{}]*\}", text):
        for match in re.finditer(r"==|\bnot\b|\bif\b (?=\w)|(?<![\w.:'])\d+(?![\w.'%])", braces.group()):
            word = match.group()
            new = {"==": "!=", "not": "", "if ": "if not "}.get(word)
            new = str(int(word) + 1) if new is None else new
            yield offset + braces.start() + match.start(), offset + braces.start() + match.end(), new


def _is_sign(before: tokenize.TokenInfo | None) -> bool:
    """Whether an operator after this token has nothing on its left: a sign, or a star before arguments."""
    return (
        before is None
        or before.string in "([{,=:"
        or before.type in (tokenize.NEWLINE, tokenize.INDENT)
        or before.string in ("return", "in")
    )


def _is_keyword_argument(source: str, start: int) -> bool:
    """``hi=…`` names an argument; only ``.hi`` is read."""
    return source.startswith("hi", start) and source[start - 1] != "."


def _in_sql(text: str, offset: int) -> Iterator[tuple[int, int, str]]:
    dead = [m.span() for m in re.finditer(r"--[^\n]*", text)]
    for pattern, new in IN_SQL:
        for match in re.finditer(pattern, text):
            if any(a <= match.start() < b for a, b in dead):
                continue
            given = str(int(match.group()) + 1) if new == "+1" else match.expand(new)
            yield offset + match.start(), offset + match.end(), given


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
    present = [test for test in tests if (ROOT / test.partition("::")[0]).exists()]
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


def survivors(chosen: Sequence[Mutant], say=lambda line: None) -> list[Mutant]:
    explained = reasons()
    found = []
    for mutant in chosen:
        if mutant.name not in explained.get(mutant.module, {}) and survives(mutant, NEAREST[mutant.module]):
            found.append(mutant)
            say(f"{mutant.module} survives: {mutant.name}")
    return found


def main(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help=f"of {', '.join(NEAREST)}")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(given)
    chosen = [m for module in NEAREST if not options.modules or module in options.modules for m in mutants(module)]
    tried = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen))) if options.sample else chosen
    for module in {m.module for m in tried}:
        if not survives(Mutant(module, "unbroken", (PACKAGE / module).read_text("utf-8")), NEAREST[module]):
            print(f"the tests of {module} fail though nothing is broken")
            return 2
    found = survivors(tried, lambda line: print(line, flush=True))
    print(f"{len(tried)} of {len(chosen)} mutants; survivors: {len(found)}; explained: {sum(map(len, reasons().values()))}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
