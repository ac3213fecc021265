"""A case on the console: its finding, where it stands, what is on file and lacking, what was done; the list of cases; steps taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planning_check.cases import MOVES, ROLES, STATES, Case, Event, not_on_file, proofs_named, steps_from
from planning_check.errors import Text
from planning_check.record.finding import said
from planning_check.report.console.layout import WIDTH, Paint, display_width, pad, plain, table, wrap
from planning_check.report.told.followed import age, days_open, source_told, step_told, why_reopened
from planning_check.report.told.standing import decision_text
from planning_check.words import LISTS, OUTCOMES, SUBJECTS, label

_MOVES = {move.action: move for move in MOVES}
_KEPT = {"same": Text("原件在案卷", "the file is kept"), "changed": Text("案卷里的文件变了！", "the kept file was changed!"),
         "gone": Text("案卷里的文件不见了！", "the kept file is gone!")}  # fmt: skip

_SPENT = Text(
    "注意：同一个文件在重新立案之前已经归过，当时没有用", "Note: the same file was on file before the case was reopened, and did not hold"
)
_NOT_SAID = Text("最近一次检查没有写明要哪些材料：重新检查一次", "the latest check does not say which are demanded: check once more")
_NOT_JUDGED = Text("没有判定（没有报送，或规则没有启用）", "not judged: not delivered, or the rule is off")


def case_lines(file: Any, lang: str, *, kept: Mapping[str, str] | None = None, paint: Paint = plain) -> Iterator[str]:
    """All that is on record of a case (``pipeline.CaseFile``). ``kept``: place of a kept file -> what has become of it."""
    case, finding, run = file.case, file.finding, file.run
    whom = f"{file.about.rule_id} {finding[f'rule_title_{lang}'] if finding else ''} {label(SUBJECTS, file.about.subject, lang)}"
    yield paint(f"{whom} {file.about.subject_key} {finding['subject_name'] or '' if finding else ''}".strip(), "title")
    rows = [(Text("键", "key"), case.fingerprint), (Text("状态", "state"), STATES[case.state].get(lang))]
    if finding:
        rows.append((Text("名单", "list"), label(LISTS, finding["list"], lang)))
        rows.append((Text("事实", "what was found"), said(finding, "message", lang) or ""))
    now = OUTCOMES[file.outcome] if file.outcome else _NOT_JUDGED
    latest = Text(f"第 {run.id} 次，截至 {run.as_of}：{now.zh}", f"run {run.id}, as of {run.as_of}: {now.en}")
    rows.append((Text("最近一次检查", "the latest check"), latest.get(lang)))
    rows.append((Text("立案", "stands"), age(case, run.as_of).get(lang)))
    if case.decision:
        rows.append((Text("会议决定", "decided"), decision_text(case.decision.body, lang)))
    if case.done_on:
        rows.append((Text("报称办结", "reported done"), case.done_on))
    if case.reopened:
        why = why_reopened(case.reason, file.about.subject, lang)
        rows.append((Text("重新立案", "reopened"), Text(f"{case.reopened} 次（最近：{why}）", f"{case.reopened} (last: {why})").get(lang)))
    yield from _pairs(rows, lang)
    yield from _proofs(file, lang, kept or {}, paint)
    yield from _history(file, lang, paint)
    steps = Text("、".join(move.label.zh for move in file.steps), ", ".join(move.label.en for move in file.steps))
    yield from wrap(Text(f"可以办理：{steps.zh}", f"What may be done: {steps.en}").get(lang), WIDTH)


def _pairs(rows: Sequence[tuple[Text, str]], lang: str) -> Iterator[str]:
    width = max(display_width(head.get(lang)) for head, _ in rows)
    for head, text in rows:
        yield from wrap(text, WIDTH, indent=f"  {pad(head.get(lang), width)}  ", hanging=" " * (width + 4))


def _proofs(file: Any, lang: str, kept: Mapping[str, str], paint: Paint) -> Iterator[str]:
    yield ""
    yield paint(Text("办结材料", "Proofs").get(lang), "head")
    if file.demanded is None:
        yield "  " + _NOT_SAID.get(lang)
    elif not file.demanded:
        yield "  " + Text("规则不要求材料，规则通过即可", "none is demanded: it is enough that the rule passes").get(lang)
    lacking = not_on_file(file.case, file.demanded or [])
    for group in file.demanded or []:
        state = Text("缺  ", "lacking") if group in lacking else Text("已有", "on file")
        yield f"  {pad(state.get(lang), 7)}  {proofs_named(group).get(lang)}"
    for proof in file.case.proofs:
        body = proof.body
        name = {code: names for group in file.demanded or [] for code, names in group.items()}.get(body["proof"], {})
        where = _KEPT[kept[body["kept"]]].get(lang) if body.get("kept") in kept else ""
        shown = (body["file"], name.get(lang, body["proof"]), body["proved_on"], f"SHA-256 {body['sha256'][:12]}", where)
        yield from wrap("    " + Text("，", ", ").get(lang).join(part for part in shown if part), WIDTH, hanging="      ")


def _history(file: Any, lang: str, paint: Paint) -> Iterator[str]:
    if not file.history:
        return
    yield ""
    yield paint(Text("办理经过", "What was done").get(lang), "head")
    for event in file.history:
        move, when = _MOVES.get(event.action), event.at[:16].replace("T", " ")
        what, role = move.label if move else Text(event.action, event.action), ROLES[event.role]
        who = Text(f"{event.actor}（{role.zh}）  {what.zh}", f"{event.actor} ({role.en})  {what.en}")
        yield from wrap(f"  {event.seq}  {when}  {who.get(lang)}", WIDTH, hanging="      ")
        for told in (_decided(event, lang), step_told(event, file.about.subject, lang), source_told(event, lang)):
            yield from wrap(told, WIDTH, indent="      ") if told else ()


def _decided(event: Event, lang: str) -> str:
    return decision_text(event.body, lang) if event.action in ("confirm", "dismiss", "defer") else ""


_HEADS = (Text("键", "key"), Text("状态", "state"), Text("规则", "rule"), Text("对象", "subject"), Text("名称", "name"), Text("期限", "due"),
          Text("天数", "days"), Text("重开", "reopened"))  # fmt: skip


def list_lines(found: Any, lang: str, *, paint: Paint = plain) -> Iterator[str]:
    """The cases of a series (``pipeline.CaseList``), oldest first, and of those that were reopened the reason."""
    run = found.run
    shown = len(found.lines)
    head = Text(f"“{run.series}”：立案办理的 {found.of} 件，列出 {shown} 件（截至第 {run.id} 次检查，{run.as_of}）",
                f"'{run.series}': cases {found.of}, listed {shown} (by run {run.id}, as of {run.as_of})")  # fmt: skip
    yield paint(head.get(lang), "title")
    if not shown:
        return
    counts = {state: sum(line.case.state == state for line in found.lines) for state in STATES}
    yield Text("，", ", ").get(lang).join(f"{word.get(lang)} {counts[state]}" for state, word in STATES.items() if counts[state])
    rows = [_row(line.case, line.finding, run, lang) for line in found.lines]
    yield from table([head.get(lang) for head in _HEADS], rows, numbers=(6, 7), paint=paint, width=130)
    again = [line for line in found.lines if line.case.reopened]
    for line in again:
        subject = line.finding["subject"] if line.finding else ""
        yield from wrap(f"{line.case.fingerprint}  {why_reopened(line.case.reason, subject, lang)}", WIDTH, indent="  ", hanging="    ")


def _row(case: Case, finding: Any, run: Any, lang: str) -> list[str]:
    due = str(case.decision.body.get("due_on") or "") if case.decision else ""
    days = days_open(case, run.as_of)
    whom = [finding["rule_id"], finding["subject_key"], finding["subject_name"] or ""] if finding else ["", "", ""]
    return [case.fingerprint, STATES[case.state].get(lang), *whom, due, "" if days is None else str(days), str(case.reopened or "")]


def taken_lines(steps: Any, lang: str, *, paint: Paint = plain) -> Iterator[str]:
    """How steps went (``pipeline.Steps``): where each case stands now, or why it was refused."""
    for one in steps.taken:
        move = _MOVES[one.step.action]
        where = one.step.where
        place = Text(f"（{where.get('zh')}）", f" ({where.get('en')})").get(lang) if where else ""
        if one.why:
            yield from wrap(f"{one.step.key}{place}", WIDTH, indent=paint(Text("不能办理  ", "refused  ").get(lang), "alarm"))
            yield from wrap(one.why.get(lang), WIDTH, indent="    ")
            steps = Text("、".join(m.label.zh for m in steps_from(one.before)), ", ".join(m.label.en for m in steps_from(one.before)))
            fix = Text(f"现在可以：{steps.zh}；详见 planning-check case {one.step.key}",
                       f"What may be done now: {steps.en}; see planning-check case {one.step.key}")  # fmt: skip
            yield from wrap(fix.get(lang), WIDTH, indent="    ")
            continue
        state = STATES[one.after.state].get(lang)
        what = move.label.get(lang) if one.is_new else Text("已在案，没有再记", "on file already; nothing was written").get(lang)
        body = one.after.last.body if one.is_new and one.after.last else {}
        if body.get("sha256") in one.before.spent:
            yield paint(_SPENT.get(lang), "alarm")
        yield from wrap(f"{one.step.key}  {what}{Text('，现在：', '; now: ').get(lang)}{state}{place}", WIDTH, hanging="    ")
