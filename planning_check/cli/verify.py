"""``verify``: prove a run, a bundle or one finding, or say what in it is not what was recorded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.cli.options import RunOrSeries, database, limits, of_then, paper_heads, talking
from planning_check.cli.values import refused
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text, UsageError

if TYPE_CHECKING:
    from planning_check.cli.console import Console

#: What the state of a verdict ends the command with: ``db check`` ends so, too, where something differs.
_EXITS = {"same": 0, "differs": 2, "unproved": 3}
_FILES = (".zip", ".json")


class _Proved(click.ParamType):
    """A run's number, the name of a series, or a bundle or proof."""

    name = "run"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str | Path:
        if str(value).lower().endswith(_FILES):
            return click.Path(exists=True, dir_okay=False, path_type=Path).convert(value, param, ctx)
        return RunOrSeries().convert(value, param, ctx)


def _root(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    if not all(re.fullmatch(r"[0-9a-fA-F]{64}", value.strip()) for value in values):
        raise refused("根哈希是 64 位十六进制数", "a root has 64 hexadecimal digits")
    return tuple(value.strip().lower() for value in values)


@click.command(short_help="证明一次检查、一个证据包、一条问题 / prove a check, a bundle, a finding")
@click.argument("what", required=False, type=_Proved(), metavar="[RUN|FILE.zip|PROOF.json]")
@of_then
@paper_heads
@click.option("--root", "roots", multiple=True, callback=_root, metavar="ROOT", help="纸上的根哈希 / the root as it stands on paper")
@click.option("--finding", "key", metavar="KEY",
              help="把一条问题连同证明写出（键在工作簿里），配合 -o / write one finding with its proof, by its key in the workbook, with -o")  # fmt: skip
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="证明写入的文件 / the file of the proof")  # fmt: skip
@click.option("--force", is_flag=True, help="覆盖已有文件 / overwrite an existing file")
@limits
@database
@talking
@click.pass_obj
def verify(
    console: Console, what: int | str | Path | None, inputs: tuple[Path, ...], rules_now: tuple[Path, ...],
    heads: list[tuple[str, int, str]], roots: tuple[str, ...], key: str | None, target: Path | None, force: bool, threads: int | None,
    memory: str | None, db_url: str,
) -> int:  # fmt: skip
    """证明一次检查（默认最近一次）：日志的哈希链、记录的每一行，并用当时的文件和规则重新推导，逐个结果比较，指出第一处不同。证据包（.zip）和一条问题的证明（.json）不需要记录库。

    Prove a check (the latest if none is named): the chain of the log, every row on record, and every outcome, derived again from the
    same files by the same rules; names the first thing that differs. A bundle (.zip) and the proof of a finding (.json) need no
    database. Exits with 0 if all is proved, 2 if anything differs, 3 if nothing does but something that is needed (a file, a rule, the
    version, a root from paper) is not there.
    """
    from planning_check import pipeline
    from planning_check.report.console.verifying import verified_lines
    from planning_check.store import Head

    named = [Head(*told) for told in heads]
    if key is not None:
        return _write_proof(console, db_url, what, key, target, force)
    if target is not None:
        raise UsageError(
            Text("-o 要同 --finding 一起用", "-o goes with --finding"),
            fix=Text("整次检查用 planning-check bundle", "for a whole run: planning-check bundle"),
        )
    if isinstance(what, Path) and what.suffix.lower() == ".json":
        found = pipeline.verify_proof(what, roots, named)
    elif isinstance(what, Path):
        found = pipeline.verify_bundle(what, paths=inputs, roots=roots, heads=named, threads=threads, memory=memory)
    else:
        found = pipeline.verify(
            db_url, what, paths=inputs, rule_dirs=rules_now, roots=roots, heads=named, threads=threads, memory=memory
        )  # fmt: skip
    console.say(verified_lines(found, console.lang, paint=console.paint))
    return _EXITS[found.state]


def _write_proof(console: Console, db_url: str, what: int | str | Path | None, key: str, target: Path | None, force: bool) -> int:
    from planning_check import pipeline

    if isinstance(what, Path) or target is None:
        raise UsageError(
            Text(
                "--finding 要写明文件：-o proof.json，检查取自记录库",
                "--finding needs a file, -o proof.json; the run comes from the database",
            ),
            fix=Text("planning-check verify --finding 键 -o proof.json", "planning-check verify --finding KEY -o proof.json"),
        )
    if target.suffix.lower() != ".json":
        raise UsageError(Text("证明是 .json 文件", "a proof is a .json file"), fix=Text("-o proof.json", "-o proof.json"))
    check_target(target, force)
    write([pipeline.proof_text(db_url, key, what)], target, "json", force)
    console.note(Text(f"已写入 {target}；核对：planning-check verify {target} --root 根哈希",
                      f"Written to {target}; to verify it: planning-check verify {target} --root ROOT"))  # fmt: skip
    return 0
