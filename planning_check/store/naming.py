"""Which subject of a rule a word means: its key, its name, a part of one; of a project that the rule does not judge, what of it the rule
does."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from planning_check.errors import Text, UsageError
from planning_check.store.models import RegisterLine, RunSubject
from planning_check.words import SUBJECTS

_MOST_COMPARED = 5_000
_MOST_NAMED = 8
L, S = RegisterLine.__table__.c, RunSubject.__table__.c


def subject_key(connection: Connection, run_id: int, rule: Row[Any], given: str) -> str:
    """The key of the subject that is meant. Raises UsageError: what of its project the rule has judged, else the nearest keys."""
    own = (L.run_id == run_id, L.subject == rule.subject)
    if connection.scalar(sa.select(L.subject_key).where(*own, L.subject_key == given)) is not None:
        return given
    named = sa.select(S.subject_key).where(S.run_id == run_id, S.subject == rule.subject, S.subject_name == given)
    by_name = connection.scalars(named).all()
    if len(by_name) == 1:
        return by_name[0]
    if not by_name and (project := _project(connection, run_id, given)):
        raise _of_its_project(connection, run_id, rule, given, project)
    near = list(by_name) or _inside(connection, run_id, rule.subject, given) or _near(connection, own, given)
    raise UsageError(
        Text(f"{rule.rule_id} 没有检查过 {given}", f"{rule.rule_id} has not checked {given}"),
        fix=Text(f"相近的有：{'、'.join(near)}", f"near it: {', '.join(near)}") if near else None,
    )


def _project(connection: Connection, run_id: int, given: str) -> str | None:
    """The project that a word names, or that the room, handover or payment of that key belongs to."""
    own = sa.select(L.subject_key).where(L.run_id == run_id, L.subject == "project", L.subject_key == given)
    told = sa.or_(S.subject_key == given, sa.and_(S.subject == "project", S.subject_name == given))
    of = connection.scalars(sa.select(S.project_id).where(S.run_id == run_id, S.project_id.is_not(None), told).distinct()).all()
    return connection.scalar(own) or (of[0] if len(of) == 1 else None)


def _of_its_project(connection: Connection, run_id: int, rule: Row[Any], given: str, project: str) -> UsageError:
    """What the rule judges, and which of it are the project's, as far as the run has findings of them."""
    kind = SUBJECTS.get(rule.subject, Text(rule.subject, rule.subject))
    rows = connection.execute(
        sa.select(S.subject_key, S.subject_name)
        .where(S.run_id == run_id, S.subject == rule.subject, S.project_id == project)
        .order_by(S.subject_key)
        .limit(_MOST_NAMED)
    ).all()
    listed = [project] if rule.subject == "project" else [row.subject_key for row in rows]
    named = [
        f"{row.subject_key} {row.subject_name}" if row.subject_name not in (None, row.subject_key) else row.subject_key for row in rows
    ]
    shown = listed if rule.subject == "project" else named
    found = Text(f"{project} 的有：{'、'.join(shown)}", f"of {project} there are: {', '.join(shown)}")
    none = Text(f"{project} 的{kind.zh}没有问题在案", f"there are no findings of that kind of {project}")
    see = f"planning-check explain {rule.rule_id} {listed[0]}" if listed else f"planning-check findings --project {project}"
    return UsageError(
        Text(f"{rule.rule_id} 查的是{kind.zh}，{given} 不是", f"{rule.rule_id} judges a {kind.en}, and {given} is none"),
        why=found if shown else none, fix=Text(see, see),
    )  # fmt: skip


def _inside(connection: Connection, run_id: int, subject: str, given: str) -> list[str]:
    """Keys that hold the word, or whose name does; with the name."""
    if len(given) < 2:
        return []
    inside = sa.or_(*(column.icontains(given, autoescape=True) for column in (S.subject_key, S.subject_name)))
    rows = connection.execute(
        sa.select(S.subject_key, S.subject_name)
        .where(S.run_id == run_id, S.subject == subject, inside)
        .order_by(S.subject_key)
        .limit(_MOST_NAMED)
    )
    found = [f"{key} {name}" if name and name != key else key for key, name in rows]
    holding = sa.select(L.subject_key).where(L.run_id == run_id, L.subject == subject, L.subject_key.icontains(given, autoescape=True))
    return found or list(connection.scalars(holding.order_by(L.subject_key).limit(_MOST_NAMED)))


def _near(connection: Connection, own: tuple[Any, ...], given: str) -> list[str]:
    """The nearest subject keys; among very many, those that share its beginning are compared first."""
    known: Sequence[str] = ()
    for begins in (given[:6], given[:3], given[:1], ""):
        known = connection.scalars(
            sa.select(L.subject_key).where(*own, L.subject_key.startswith(begins, autoescape=True)).order_by(L.subject_key)
            .limit(_MOST_COMPARED)
        ).all()  # fmt: skip
        near = get_close_matches(given, known, n=5, cutoff=0.6)
        if near:
            return near
    return list(known[:5])
