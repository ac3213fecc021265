"""The rulebook: every ordinance, measure and rule of the bundled folder and of a city's own folders, loaded strictly.

A city layer (``--rules DIR``) has the same folders, and ``tables/`` with tables of its own; its ``overrides.yaml`` sets
parameters of bundled rules or switches rules and ordinances off with a reason. Under ``examples/`` are layers to try and under
``packs/`` whole duties to lay over, each a folder of its own.
"""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from planning_check import following
from planning_check.assess import SHOWN, Plan
from planning_check.declared import OwnTable
from planning_check.errors import Place, RulebookError, Text, UsageError
from planning_check.geo.places.assignment import MatchSettings
from planning_check.measuring import Measuring
from planning_check.precedence import Precedence
from planning_check.record.waiver import Waiver
from planning_check.rulebook.building_on import Written, ordinances_of, written
from planning_check.rulebook.compile import make_plan
from planning_check.rulebook.contracts import NO_TERMS, ContractTerms, read_contract
from planning_check.rulebook.facilities import FILE as FACILITIES
from planning_check.rulebook.matching import Width, measuring_of, read_coverage, read_matching, read_measuring
from planning_check.rulebook.measures import AnyMeasure, read_measures
from planning_check.rulebook.nodes import check_cases, hint
from planning_check.rulebook.ordinances import Ordinance
from planning_check.rulebook.overriding import FILE as OVERRIDES
from planning_check.rulebook.overriding import Overrides
from planning_check.rulebook.own_tables import FOLDER as OWN_TABLES
from planning_check.rulebook.own_tables import check_measures, read_own_tables
from planning_check.rulebook.preceding import precedence_of
from planning_check.rulebook.proofs import Proofs, proofs_of
from planning_check.rulebook.rules import Rule, read_rule
from planning_check.rulebook.story import FILE as STORY
from planning_check.rulebook.story import Story, story_of
from planning_check.rulebook.waivers import FILE as WAIVERS
from planning_check.rulebook.waivers import waivers_of
from planning_check.rulebook.workdays import workdays_of
from planning_check.workdays import FILE as WORKDAYS

EXAMPLES, PACKS = "examples", "packs"
#: Folders of layers that stand inside a rules folder and are not read with it.
LAYERS = frozenset((EXAMPLES, PACKS))
_NOT_JUDGING = (OVERRIDES, "precedence.yaml", "provisions.yaml", "proofs.yaml", FACILITIES, STORY, WORKDAYS, WAIVERS)
#: No verdict rests on these: which rule carries what, what is on file before a case is struck off, by what facilities are sited, which
#: days are worked.
_BESIDE = ("provisions.yaml", "proofs.yaml", FACILITIES, WORKDAYS)
_FILE = re.compile(r"[A-Z]{2}\d{2}_[a-z0-9_]+\.ya?ml")


@dataclass(frozen=True)
class Rulebook:
    """What a run judges by. ``off`` are rules switched off: id -> reason; ``overridden``: "OF02.near_m" -> where from."""

    ordinances: tuple[Ordinance, ...]
    measures: tuple[AnyMeasure, ...]
    rules: tuple[Rule, ...]
    off: dict[str, str]
    overridden: dict[str, str]
    hashes: dict[str, str]
    matching: MatchSettings | None = None  # the last folder's that has them
    service_radius_m: int | None = None
    widths: dict[str, Width] = field(default_factory=dict)
    contract: ContractTerms = NO_TERMS
    precedence: tuple[Precedence, ...] = ()
    proofs: Proofs = field(default_factory=Proofs)
    waivers: tuple[Waiver, ...] = ()
    story: Story = field(default_factory=Story)
    own: tuple[OwnTable, ...] = ()  # the tables that its folders bring: in force wherever it is worked by

    @property
    def measuring(self) -> Measuring:
        """The widths of measuring, with the distances that the rules on groups and on names alike ask for as ``near_m``."""
        near = [(r.subject, float(str(metres))) for r in self.rules for metres in r.values_of("near_m")]
        groups = dict.fromkeys(metres for subject, metres in near if subject == "cluster")
        alike = max((metres for subject, metres in near if subject == "project"), default=None)
        return replace(measuring_of(self.widths), group_m=tuple(groups), alike_m=alike)

    def rule(self, rule_id: str) -> Rule:
        found = next((r for r in self.rules if r.id == rule_id.upper()), None)
        if found is None:
            near = hint(rule_id.upper(), [r.id for r in self.rules])
            raise UsageError(Text(f"没有规则 {rule_id}", f"no rule {rule_id}"), fix=Text(f"现有规则：{near}", f"there are: {near}"))
        return found

    def plan(self, select: Sequence[str] = (), ignore: Sequence[str] = (), shown: Sequence[str] = SHOWN) -> Plan:
        """Compile the rules chosen by id, family or pattern (``AR``, ``AR0?``); ``shown`` outcomes become findings."""
        chosen = [r for r in self.rules if (not select or _matches(r.id, select)) and not _matches(r.id, ignore)]
        for pattern in (*select, *ignore):
            if not any(_matches(r.id, [pattern]) for r in self.rules):
                raise UsageError(
                    Text(f"没有规则符合 {pattern}", f"no rule fits {pattern}"),
                    fix=Text("用 planning-check rules list 查看规则", "see planning-check rules list"),
                )
        if not chosen:
            raise UsageError(
                Text("没有选中任何规则", "no rule is selected"), fix=Text("检查 --select 和 --ignore", "look at --select and --ignore")
            )
        with following.in_force(self.own):
            return replace(make_plan(self.ordinances, self.measures, chosen, shown, self.contract), leading=self.story.leading)


def _matches(rule_id: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatch(rule_id, p.upper()) or rule_id.startswith(p.upper()) for p in patterns)


def load(folders: Sequence[Path]) -> Rulebook:
    """Load the folders in order. Raises RulebookError (file:line) for the first mistake, UsageError for a bad folder."""
    for folder in folders:
        _check_folder(folder)
    tables = [(path, _name(folder, path)) for folder in folders for path in rule_files(folder) if _is_own_table(folder, path)]
    for path, name in tables:
        _check_file(path, name)
    own = read_own_tables(tables)
    with following.in_force(own):
        book = _load(folders)
    check_measures(own, [measure.id for measure in book.measures])
    return replace(book, own=own, hashes=book.hashes | {name: digest_of(path, "") for path, name in tables})


def _name(folder: Path, path: Path) -> str:
    """What messages, digests and bundles call a file of a folder."""
    return f"{folder.name}/{path.relative_to(folder).as_posix()}"


def _is_own_table(folder: Path, path: Path) -> bool:
    return path.relative_to(folder).parts[:-1] == (OWN_TABLES,)


def _load(folders: Sequence[Path]) -> Rulebook:
    """All but the own tables, which are in force."""
    laws: list[Written] = []
    measures: list[AnyMeasure] = []
    rules: list[Rule] = []
    hashes: dict[str, str] = {}
    matching, radius, contract = None, None, NO_TERMS
    widths: dict[str, Width] = {}
    overridden: dict[str, str] = {}
    for folder in folders:
        for path in (one for one in rule_files(folder) if not _is_own_table(folder, one)):
            name = _name(folder, path)
            _check_file(path, name)
            if path.parent.name == "ordinances":
                laws += _unique([written(path, name)], laws, name)
            elif path.name == "measures.yaml":
                measures += _unique(read_measures(path, name), measures, name)
            elif path.name == "matching.yaml":
                matching = read_matching(path, name)
            elif path.name == "coverage.yaml":
                radius = read_coverage(path, name)
            elif path.name == "contract.yaml":
                contract = read_contract(path, name)
            elif path.name == "measuring.yaml":
                changed = read_measuring(path, name, widths or None)
                overridden |= {f"measuring.{w.name}": w.where for w in changed.values() if widths and w != widths[w.name]}
                widths = changed
            elif _FILE.fullmatch(path.name):
                rules += _unique([read_rule(path, name)], rules, name)
            elif path.name not in _NOT_JUDGING:
                raise RulebookError(
                    Text("不认识的规则文件名", "not a name for a rule file"), where=Place(name),
                    fix=Text("规则文件命名如 AR03_as_built.yaml，办法放入 ordinances/",
                             "call a rule file such as AR03_as_built.yaml and put ordinances into ordinances/"),
                )  # fmt: skip
            if path.name not in _BESIDE:
                hashes[name] = digest_of(path, hashes.get(name, ""))
    _check_cases(folders[1:])
    workdays_of(folders)  # for its form: it is read where deadlines are counted
    overrides = Overrides.of(folders)
    ordinances = ordinances_of(laws, overrides.placed)
    overrides.check_clauses(ordinances)
    rules, measures = overrides.apply(rules, measures, [o.id for o in ordinances])
    off, overridden = overrides.off, overridden | overrides.where
    live = tuple(sorted((r for r in rules if r.id not in off), key=lambda r: r.id))
    live_ordinances = tuple(o for o in ordinances if o.id not in off)
    proofs = proofs_of(folders, [r.id for r in rules])
    return Rulebook(
        live_ordinances,
        tuple(measures),
        live,
        off,
        overridden,
        hashes,
        matching,
        radius,
        widths,
        contract,
        precedence_of(folders),
        proofs,
        waivers_of(folders, sorted(r.id for r in rules)),
        story_of(folders, rules),
    )


def _check_cases(folders: Sequence[Path]) -> None:
    """Of a city's own files; of the bundled ones, which are many, the tests do."""
    for folder, path in ((one, path) for one in folders for path in rule_files(one)):
        if path.parent.name == "ordinances" or _FILE.fullmatch(path.name):
            check_cases(path, name=_name(folder, path))


def rule_files(folder: Path) -> list[Path]:
    """The YAML files of a folder in order; those under ``examples/`` and ``packs/`` are layers of their own and are not read with it."""
    return sorted((p for p in folder.rglob("*.y*ml") if LAYERS.isdisjoint(p.relative_to(folder).parts)), key=lambda p: p.as_posix())


def _check_file(path: Path, name: str) -> None:
    if not path.is_file():
        raise RulebookError(
            Text("这是文件夹、管道或断了的链接，不是文件", "this is a folder, a pipe or a broken link, not a file"), where=Place(name),
            fix=Text("把它移开或改名", "move it away or rename it"),
        )  # fmt: skip


def digest_of(path: Path, before: str) -> str:
    """SHA-256 of a file; of one that goes by the name of a file of an earlier folder (``before``), of both."""
    return hashlib.sha256(before.encode() + path.read_bytes()).hexdigest()


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(Text("没有这个规则文件夹", "no such rules folder"), where=Place(str(folder)))
    if not rule_files(folder):
        raise UsageError(Text("文件夹里没有规则文件（.yaml）", "no rule files (.yaml) in the folder"), where=Place(str(folder)))


def _unique(read: list, there: list, name: str) -> list:
    for new in read:
        old = next((o for o in there if o.id == new.id), None)
        if old is not None:
            raise RulebookError(
                Text(f"编号 {new.id} 已在别的文件中定义", f"id {new.id} is already defined in another file"), where=Place(name, line=1),
                fix=Text("改用别的编号；要改参数或停用规则，写 overrides.yaml",
                         "use another id; to change a parameter or switch a rule off, write overrides.yaml"),
            )  # fmt: skip
    return read
