"""Runs the nearest tests of a module over and over in one process, each time with another mutant of it: for ``tests/mutations_engine.py``.

A broken Python module is swapped in function by function. A broken step of SQL runs on tables that are kept as they were before it, in a
transaction that is rolled back; a test is run only where the step makes something else of its tables. A mutant is noticed where a test
fails.
"""

from __future__ import annotations

import contextlib
import importlib
import pathlib
import signal
import types
from collections.abc import Callable, Iterator, Sequence

import duckdb
import pytest

from planning_check.facts import measuring
from tests.facts.lazy import STEPS, Kept, Lazy
from tests.facts.tables import connection as MAKE
from tests.facts.tables import prepared

#: a mutant on which a test takes longer is stuck, and so noticed
MOST_SECONDS = 60


class Bench:
    """The tests of one module, collected once."""

    def __init__(self, module: str, items: list[pytest.Item]):
        self.module, self.items = module, items
        self.kept: dict[str, Kept] = {}
        self.asked: list[str] = []
        self.keys: dict[pytest.Item, list[str]] = {}
        self.plain: set[pytest.Item] = set()  # tests that need a connection of their own
        self.now: pytest.Item | None = None
        self.steps = STEPS
        file = pathlib.PurePath(module).name
        self.at = next((n for n, step in enumerate(self.steps) if file in step.reads), len(self.steps))
        if module.endswith(".sql"):
            for holder in {item.module for item in items}:
                if getattr(holder, "connection", None) is MAKE:
                    holder.connection = self.connection

    def connection(self, *given, **told) -> Lazy | duckdb.DuckDBPyConnection:
        if self.now in self.plain:
            return MAKE(*given, **told)
        key = repr((given, told))
        if key not in self.kept:
            self.kept[key] = Kept(prepared(*given, **told), self.steps, self.at)
        self.asked.append(key)
        return Lazy(self.kept[key])

    def passes(self, item: pytest.Item) -> bool:
        from _pytest.runner import runtestprotocol

        self.asked, self.now = [], item
        try:
            with _no_longer():
                return all(report.outcome != "failed" for report in runtestprotocol(item, log=False, nextitem=None))
        except TimeoutError:
            return False
        finally:
            for key in self.asked:
                self.kept[key].close()

    def prepare(self) -> list[pytest.Item]:
        """Runs every test on what is not broken, and keeps those that the module may change; names those that fail."""
        failed = []
        for item in self.items:
            if not self.passes(item):
                self.plain.add(item)
                if not self.passes(item):
                    failed.append(item)
            self.keys[item] = list(dict.fromkeys(self.asked))
        if self.module.endswith(".sql"):
            for kept in self.kept.values():
                if self.at in kept.needed:
                    kept.whole_made = kept.made()
                    kept.close()
            self.items = [i for i in self.items if not self.keys[i] or any(self.at in self.kept[k].needed for k in self.keys[i])]
            self.items.sort(key=lambda item: not self.keys[item])  # the slow ones last
        return failed

    def may_notice(self, item: pytest.Item, same: set[str]) -> bool:
        """Whether the step makes something else of a table of this test. ``same``: of which it is known that it does not."""
        keys = self.keys[item]
        if not keys or self.steps[self.at].macros:
            return True
        for key in keys:
            kept = self.kept[key]
            if key in same or self.at not in kept.needed:
                continue
            try:
                with _no_longer():
                    if kept.made() != kept.whole_made:
                        return True  # left open: the test goes on from here
            except (duckdb.Error, TimeoutError):
                kept.close()
                return True
            kept.close()
            same.add(key)
        return False

    def killer(self, text: str) -> str:
        """The test that fails when the module reads like this; empty where none does."""
        with _broken(self.module, text):
            same: set[str] = set()
            for item in self.items:
                if (not self.module.endswith(".sql") or self.may_notice(item, same)) and not self.passes(item):
                    self.items.remove(item)
                    self.items.insert(0, item)
                    return item.nodeid
        return ""


@contextlib.contextmanager
def _no_longer() -> Iterator[None]:
    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _broken(module: str, text: str) -> Iterator[None]:
    path = pathlib.Path(measuring.__file__).parents[1] / module
    if module.endswith(".sql"):
        read_text = pathlib.Path.read_text
        pathlib.Path.read_text = lambda asked, *a, **k: text if asked == path else read_text(asked, *a, **k)
        try:
            yield
        finally:
            pathlib.Path.read_text = read_text
        return
    name = "planning_check." + module.removesuffix(".py").replace("/", ".")
    real = importlib.import_module(name)
    whole = path.read_text("utf-8")
    try:
        _swap(real, text, path)
        yield
    finally:
        _swap(real, whole, path)


def _swap(real: types.ModuleType, text: str, path: pathlib.Path) -> None:
    """Gives the functions of a module the code of this text; who holds a function holds the broken one."""
    other = types.ModuleType(real.__name__)
    other.__file__ = real.__file__
    exec(compile(text, str(path), "exec"), other.__dict__)
    _replace(real, other)


def _replace(real, other) -> None:
    for name, new in list(vars(other).items()):
        old = vars(real).get(name)
        if isinstance(new, types.FunctionType) and isinstance(old, types.FunctionType) and not new.__closure__ and not old.__closure__:
            old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
        elif isinstance(new, type) and isinstance(old, type) and new.__module__ == real.__name__:
            _replace(old, new)
        elif isinstance(real, types.ModuleType) and not name.startswith("__") and not isinstance(new, types.ModuleType | type):
            setattr(real, name, new)


class Session:
    """Plugin of pytest: collects, and hands the tests to ``work`` instead of running them."""

    def __init__(self, module: str, work: Callable[[Bench], None]):
        self.module, self.work = module, work

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.work(Bench(self.module, list(session.items)))
        return True


def bench(module: str, tests: Sequence[str], work: Callable[[Bench], None]) -> None:
    pytest.main(["-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:terminal", *tests], plugins=[Session(module, work)])
