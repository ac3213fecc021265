"""The papers of a run as Word files: one a case, and all of a kind in one file to print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from planning_check.report.notices.cases import Cases, case_fields, collect
from planning_check.report.notices.kinds import KINDS, Kind
from planning_check.report.notices.letters import letters, minutes
from planning_check.report.notices.templating import Template, check_names, template_path
from planning_check.report.told.pack import Pack

#: An office signs papers by the dozen; more of a kind than this are in the merged file only, and cases beyond ``MOST_CASES`` are counted only.
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
    """``notices_zh/``: a folder a kind with a file a case, a merged file a kind, and a list of what was written."""
    templates = {kind.code: Template(kind, template_path(kind, lang, pack.templates)) for kind in KINDS}
    top = folder / f"notices_{lang}"
    top.mkdir(parents=True)
    cases, told = collect(pack, MOST_CASES), []
    for number, kind in enumerate(KINDS, 1):
        name = f"{number}_{kind.title.zh if lang == 'zh' else kind.code}"
        written = _write_kind(top, name, templates[kind.code], _papers(kind, pack, cases, lang), lang)
        told.append((name, written, cases.total(kind.code) if kind.wants else written))
    (top / ("说明.txt" if lang == "zh" else "README.txt")).write_text(_note(told, lang), encoding="utf-8-sig", newline="\r\n")


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
        template.save(top / f"{name}_{'合并' if lang == 'zh' else 'merged'}.docx", bodies, first or {})
    return len(bodies)


def _file_name(key: str) -> str:
    """A key as part of a file's name: letters, digits and dashes only."""
    return re.sub(r"[^\w-]+", "_", key)[:40] or "_"


def _note(told: list[tuple[str, int, int]], lang: str) -> str:
    zh = lang == "zh"
    lines = [
        "文书均为草拟稿，制发前由承办人核对并删去“承办人注意”；本工具不作任何决定。" if zh
        else "All papers are drafts; check them and delete the box for the officer in charge before issue. The tool decides nothing. "
        "They are translations for information: only the Chinese text counts.",
    ]  # fmt: skip
    for name, written, total in told:
        line = f"{name}：{written} 份" if zh else f"{name}: {written}"
        if not total:
            line += "（没有应发的案件）" if zh else " (no case for it)"
        if written > MOST_FILES:
            line += (f"（单件只写前 {MOST_FILES} 份，其余在合并件中）" if zh
                     else f" (the first {MOST_FILES} as files of their own, all of them in the merged file)")  # fmt: skip
        if total > written:
            line += (
                f"；共 {total} 个案件，还有 {total - written} 个没有写" if zh else f"; {total} cases in all, {total - written} not written"
            )
        lines.append(line)
    return "\n".join(lines) + "\n"
