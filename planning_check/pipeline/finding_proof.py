"""One finding handed over with its proof, and such a proof held against a root or the head of a log on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Place, Text, UsageError, speaking
from planning_check.pipeline.rederiving import DIFFERS, SAME, UNPROVED, Point
from planning_check.pipeline.verifying import Verdict
from planning_check.record.finding import FIELDS
from planning_check.words import LISTS, OUTCOMES, label

if TYPE_CHECKING:
    from planning_check.store import Head, Proven

_MOST_BYTES = 256 << 20
_SHOWN = ("area_m2", "yuan", "yuan_min", "remedy_hand_over_m2", "remedy_pay_yuan", "robustness")


def proof_text(db_url: str, fingerprint: str, run: int | str | None = None) -> str:
    """The proof of a finding of a run (the latest if none is named), as JSON. Raises UsageError where there is no such key, where the run
    is not as it was recorded, and where its log is broken."""
    from planning_check import store

    with store.reading(db_url) as engine:
        told = store.proof(engine, store.load_run(engine, run), fingerprint.strip().lower())
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def verify_proof(path: Path, roots: Sequence[str] = (), heads: Sequence[Head] = ()) -> Verdict:
    """Hold a proof against roots and heads as they stand on paper; without any of them it is whole, and proves nothing yet.
    Raises UsageError for a file that is none."""
    from planning_check.store import NoProof, check_proof

    name = Text(f"证明 {path.name}", f"Proof {path.name}")
    told = _read(path)
    try:
        proven = check_proof(told)
    except NoProof as error:
        return Verdict(name, (Point(DIFFERS, error.why),))
    return Verdict(name, (Point(SAME, _finding(proven)), Point(SAME, _entered(proven)), *_on_paper(proven, roots, heads)))


def _read(path: Path) -> Any:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("size")
        return json.loads(path.read_bytes().decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            Text("这个文件不是证明", "the file is no proof"), where=Place(str(path)),
            fix=Text("证明由 planning-check verify --finding 键 -o 文件.json 写出", "planning-check verify --finding KEY -o FILE.json writes one"),
        ) from error  # fmt: skip


def _finding(proven: Proven) -> Text:
    rows = proven.rows
    finding, rule, subject = rows["finding"], rows["run_rule"], rows["run_subject"]

    def said(lang: str) -> str:
        say = speaking(lang)
        shown = [(say(*FIELDS[name].label()), finding[name]) for name in _SHOWN if finding[name] is not None]
        parts = [f"{rule['rule_id']} {say(rule['title_zh'], rule['title_en'])}", label(LISTS, rule["list"], lang),
                 f"{finding['subject_key']} {subject['subject_name'] or ''}".strip(), label(OUTCOMES, finding["outcome"], lang),
                 *(f"{name} {value}" for name, value in shown), say(f"截至 {proven.as_of}", f"as of {proven.as_of}")]  # fmt: skip
        return say("，", ", ").join(parts)

    return Text(said("zh"), said("en"))


def _entered(proven: Proven) -> Text:
    seq, at, actor = (proven.entry[name] for name in ("seq", "at", "actor"))
    return Text(f"在根哈希 {proven.root} 之下，以日志第 {seq} 条记入（{at}，{actor}）",
                f"under the root {proven.root}, which entry {seq} of the log records ({at}, {actor})")  # fmt: skip


def _on_paper(proven: Proven, roots: Sequence[str], heads: Sequence[Head]) -> Iterator[Point]:
    series, seq, own = (proven.entry[name] for name in ("series", "seq", "hash"))
    for one in roots:
        if one == proven.root:
            yield Point(SAME, Text("就是纸上的根哈希", "it is the root on paper"))
        else:
            yield Point(DIFFERS, Text(f"纸上的根哈希是 {one}，不是它", f"the root on paper is {one}, another one"))
    for head in heads:
        if (head.series, head.seq, head.hash) == (series, seq, own):
            yield Point(SAME, Text("就是纸上的日志末尾", "it is the head on paper"))
        elif head.seq == seq or head.series != series:
            yield Point(
                DIFFERS, Text(f"纸上的日志末尾不是它的：{series}:{seq}:{own}", f"the head on paper is another than {series}:{seq}:{own}")
            )
        else:
            yield Point(UNPROVED, Text(f"纸上的日志末尾是第 {head.seq} 条，这里只有第 {seq} 条",
                                       f"the head on paper is entry {head.seq}; here is entry {seq} alone"),
                        Text("其间的条目在证据包里：planning-check bundle", "the entries between: planning-check bundle"))  # fmt: skip
    if not roots and not heads:
        yield Point(UNPROVED, Text("文件自身一致；是不是当时的，要与纸上的根哈希比：--root 根哈希", "the file is whole in itself; whether it is "
                                   "of then only the root on paper proves: --root ROOT"))  # fmt: skip
