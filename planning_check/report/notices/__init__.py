"""The papers of a run as Word files: one a case, and all of a kind in one file to print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unicodedata import normalize

from planning_check.errors import Text
from planning_check.report.notices.cases import Cases, case_fields, collect
from planning_check.report.notices.kinds import KINDS, Kind
from planning_check.report.notices.letters import letters, minutes
from planning_check.report.notices.resolved import withheld_text
from planning_check.report.notices.templating import Template, check_names, template_path
from planning_check.report.told.pack import Pack
from planning_check.words import PAPERS

#: An office signs papers by the dozen; more of a kind than this are in the merged file only,
#: and cases beyond ``MOST_CASES`` are counted only.
MOST_FILES = 100
MOST_CASES = 1_000


def check(own: Path | None, langs: tuple[str, ...] = ("zh", "en")) -> None:
    """Refuse templates that cannot be filled in, before anything is written (UsageError with file and field)."""
    if own:
        check_names(own)
    for lang in langs:
        for kind in KINDS:
            Template(kind, template_path(kind, lang, own))


def write(pack: Pack, folder: Path, lang: str) -> None:
    """``文书/`` (``notices/``): a folder a kind with a file a case, a merged file a kind, and a list of what was written."""
    templates = {kind.code: Template(kind, template_path(kind, lang, pack.templates)) for kind in KINDS}
    top = folder / PAPERS["notices"].get(lang)
    top.mkdir(parents=True)
    cases, told = collect(pack, MOST_CASES), list[tuple[str, int, int, str]]()
    for number, kind in enumerate(KINDS, 1):
        name = f"{number}_{Text(kind.title.zh, kind.code).get(lang)}"
        written = _write_kind(top, name, templates[kind.code], _papers(kind, pack, cases, lang), lang)
        total = cases.total(kind.code) if kind.wants else written
        told.append((name, written, total, withheld_text(cases.withheld[kind.code], lang)))
    (top / Text("说明.txt", "README.txt").get(lang)).write_text(_note(told, lang), encoding="utf-8-sig", newline="\r\n")


def _papers(kind: Kind, pack: Pack, cases: Cases, lang: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if kind.wants:
        return ((case.key, case_fields(kind, pack, case, cases, lang)) for case in cases.of(kind.code))
    return letters(pack, cases, lang) if kind.code == "return_to_source" else minutes(pack, lang)


def _write_kind(top: Path, name: str, template: Template, papers: Iterator[tuple[str, Mapping[str, Any]]], lang: str) -> int:
    bodies, first = [], None
    for number, (key, fields) in enumerate(papers, 1):
        body = template.filled(fields)
        if number <= MOST_FILES:
            (top / name).mkdir(exist_ok=True)
            template.save(top / name / f"{number:03d}_{name[2:]}_{_file_name(key)}.docx", [body], fields)
        bodies.append(body)
        first = first or fields
    if len(bodies) > 1:
        template.save(top / f"{name}_{Text('合并', 'merged').get(lang)}.docx", bodies, first or {})
    return len(bodies)


def _file_name(key: str) -> str:
    """A key as part of a file's name: letters, digits and dashes only, each letter as one sign however it was typed."""
    return re.sub(r"[^\w-]+", "_", normalize("NFC", key))[:40] or "_"


def _note(told: list[tuple[str, int, int, str]], lang: str) -> str:
    lines = [
        Text(
            "文书均为草拟稿，制发前由承办人核对并删去“承办人注意”；本工具不作任何决定。",
            "All papers are drafts; check them and delete the box for the officer in charge before issue. The tool decides nothing. "
        "They are translations for information: only the Chinese text counts.",
        ).get(lang),
    ]  # fmt: skip
    for name, written, total, withheld in told:
        line = Text(f"{name}：{written} 份", f"{name}: {written}").get(lang)
        if not total:
            line += Text("（没有应发的案件）", " (no case for it)").get(lang)
        if written > MOST_FILES:
            line += Text(
                f"（单件只写前 {MOST_FILES} 份，其余在合并件中）",
                f" (the first {MOST_FILES} as files of their own, all of them in the merged file)",
            ).get(lang)  # fmt: skip
        if total > written:
            line += Text(
                f"；共 {total} 个案件，还有 {total - written} 个没有写", f"; {total} cases in all, {total - written} not written"
            ).get(lang)
        lines.append(line + withheld)
    return "\n".join(lines) + "\n"
