"""What TAB offers: rules, subjects, projects, districts, developers and communities of the latest run.

It is asked at every TAB, so the record is read by sqlite3 alone: the libraries of the store take longer to load than a person waits. Where
there is no record, or it is on a server, the bundled rules are offered and nothing else. What goes wrong offers nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from planning_check.errors import Text

_MOST = 200
_BEGINS = "substr({0}, 1, length(:begins)) = :begins"
_LATEST = "(SELECT max(id) FROM run)"
_SUBJECT = f"FROM run_subject WHERE run_id = {_LATEST}"
#: What is offered: SQL of a word and what it means in Chinese and English, of those that begin as typed.
_RULES = f"SELECT rule_id, title_zh, title_en FROM run_rule WHERE run_id = {_LATEST} AND {_BEGINS.format('rule_id')} ORDER BY 1"
_FOUND = (
    "SELECT DISTINCT f.subject_key, s.subject_name, s.subject_name FROM finding f "
    "JOIN run_rule r ON r.run_id = f.run_id AND r.rule_id = f.rule_id "
    "JOIN run_subject s ON s.run_id = f.run_id AND s.subject = r.subject AND s.subject_key = f.subject_key "
    f"WHERE f.run_id = {_LATEST} AND f.rule_id = :rule AND {_BEGINS.format('f.subject_key')} ORDER BY 1"
)
_PROJECTS = (
    "SELECT l.subject_key, s.subject_name, s.subject_name FROM register_line l LEFT JOIN run_subject s ON s.run_id = l.run_id "
    "AND s.subject = l.subject AND s.subject_key = l.subject_key "
    f"WHERE l.run_id = {_LATEST} AND l.subject = 'project' AND {_BEGINS.format('l.subject_key')} ORDER BY 1"
)


def _named(name: str) -> str:
    """The names in one column, which are the same in both languages."""
    return f"SELECT DISTINCT {name}, NULL, NULL {_SUBJECT} AND {name} IS NOT NULL AND {_BEGINS.format(name)} ORDER BY 1"


def _asked(ctx: click.Context, sql: str, begins: str, rule: str = "") -> list[CompletionItem]:
    """The rows of the latest run, as they are offered."""
    from planning_check.cli.options import DEFAULT_DB

    address = str(ctx.params.get("db_url") or ctx.lookup_default("db_url") or DEFAULT_DB).removeprefix("sqlite:///")
    if "://" in address or not Path(address).is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{Path(address).absolute().as_uri()}?mode=ro", uri=True, timeout=0.2)) as connection:
            rows = connection.execute(f"{sql} LIMIT {_MOST}", {"begins": begins, "rule": rule}).fetchall()
    except sqlite3.Error:
        return []
    return [CompletionItem(word, help=Text(zh or "", en or "").get(ctx.obj.lang) or None) for word, zh, en in rows]


def rules(ctx: click.Context, _param: click.Parameter, begins: str) -> list[CompletionItem]:
    """Rules by their id."""
    return _asked(ctx, _RULES, begins.upper()) or _bundled(begins.upper())


def _bundled(begins: str) -> list[CompletionItem]:
    """The rules that ship with the program, by the names of their files."""
    from planning_check.pipeline.rules import bundled

    files = bundled("rules").glob("*/[A-Z][A-Z][0-9][0-9]_*.yaml")
    return [CompletionItem(one) for one in sorted(path.name.partition("_")[0] for path in files) if one.startswith(begins)]


def subjects(ctx: click.Context, _param: click.Parameter, begins: str) -> list[CompletionItem]:
    """Subjects of which the rule that was typed has a finding, by their key."""
    return _asked(ctx, _FOUND, begins, str(ctx.params.get("rule") or "").upper())


def projects(ctx: click.Context, _param: click.Parameter, begins: str) -> list[CompletionItem]:
    """Projects by their id."""
    return _asked(ctx, _PROJECTS, begins)


def names(column: str) -> Callable[[click.Context, click.Parameter, str], Sequence[CompletionItem]]:
    """``district_name``, ``developer_name`` or ``community_name``: those of which something was found."""
    return lambda ctx, _param, begins: _asked(ctx, _named(column), begins)
