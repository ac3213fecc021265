"""What was measured, as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.ways.workers import Measured


@dataclass(frozen=True)
class Target:
    """How many times as fast as a peer this program ought to be; for the pipeline, which it can at best equal, 1 / 1.2."""

    title: str
    way: str
    least: float


@dataclass(frozen=True)
class Part:
    """One table: this program's way first, its peers after it."""

    title: str
    about: str
    measured: Sequence[Measured]
    targets: Sequence[Target]


def render(parts: Sequence[Part], machine: dict[str, str], day: str, repeat: int) -> str:
    """The whole page."""
    lines = [
        "# Speed beside its peers",
        "",
        f"Written by `benchmarks/peers.py` on {day}: do not edit. Each way runs in a process of its own, on the same invented data, step "
        f"by step in turn, {repeat} times over; a figure is the median, CPU seconds in brackets. Setting up (loading, indexes) is not "
        "counted. The answers were compared in the same run and are the same: counts and sets exactly, areas to 0.01 m2.",
        "",
        "| machine | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in machine.items()),
        *(f"| server | {about} |" for about in sorted({m.about for part in parts for m in part.measured if m.about})[-1:]),
    ]
    for part in parts:
        lines += ["", f"## {part.title}", "", part.about, "", *_table(part), "", *_against(part)]
        lines += [f"- {note}" for m in part.measured for note in m.answers.notes]
    return "\n".join(lines) + "\n"


def _table(part: Part) -> list[str]:
    ours = part.measured[0]
    steps = list(ours.wall)
    rows = [["", *(m.entrant.title for m in part.measured)], ["---"] * (len(part.measured) + 1)]
    rows += [[step, *(_seconds(m, step) for m in part.measured)] for step in steps]
    if len(steps) > 1:
        rows.append(["**in all**", *(_seconds(m, None) for m in part.measured)])
    rows.append(["**times as long as this program**", *(_ratio(m, ours) for m in part.measured)])
    rows.append(["peak memory", *(f"{m.peak / 2**20:,.0f} MiB" if m.peak else "-" for m in part.measured)])
    return ["| " + " | ".join(row) + " |" for row in rows]


def _seconds(measured: Measured, step: str | None) -> str:
    if measured.absent:
        return measured.absent
    cpu = measured.cpu_seconds(step)
    return f"{measured.seconds(step):.2f} s" + (f" ({cpu:.2f})" if cpu is not None else "")


def _ratio(measured: Measured, ours: Measured) -> str:
    return "-" if measured.absent else f"{measured.seconds() / ours.seconds():.2f}"


def _against(part: Part) -> list[str]:
    """The targets, and by how much one is missed."""
    ours, peers = part.measured[0], {m.entrant.way: m for m in part.measured}
    lines = []
    for target in part.targets:
        peer = peers.get(target.way)
        if peer is None or peer.absent:
            lines.append(f"- Target: {target.title}. Not measured: {peer.absent if peer else 'no server was given'}.")
            continue
        reached = peer.seconds() / ours.seconds()
        verdict = (
            "Met" if reached >= target.least else f"**Missed**: this program takes {target.least / reached:.1f} times as long as it may"
        )
        lines.append(f"- Target: {target.title}. The peer takes {reached:.2f} times as long as this program. {verdict}.")
    return lines
