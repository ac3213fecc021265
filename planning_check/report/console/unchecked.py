"""What a run could not judge: by rule on the console, rule by subject as CSV, with the days since the last verdict."""

from __future__ import annotations

from collections.abc import Iterator

from planning_check.errors import Text
from planning_check.record.unchecked import Unchecked
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.numbers import number
from planning_check.report.told.unchecked import OfRule, by_rule, days_since, judged_in_all
from planning_check.words import OUTCOMES

_NOT_DELIVERED = Text("不再报送", "not delivered any more")


def unchecked_lines(found: Unchecked, lang: str, *, paint: Paint = plain) -> list[str]:
    """A line a rule that left something unjudged: subjects by outcome, how many of the open ones had a verdict before and how many days
    ago, how many never had one."""
    run = found.run
    title = Text(f"没有核对的（第 {run.id} 次检查，截至 {run.as_of}）", f"Not checked (run {run.id}, as of {run.as_of})")
    judged, open_, never = map(number, (judged_in_all(found), len(found.lines), sum(line.last is None for line in found.lines)))
    told = Text(
        f"规则 × 对象：有结论 {judged}，没有结论 {open_}，其中从来没有过结论 {never}",
        f"rules x subjects: with a verdict {judged}, without {open_}, of which never had one {never}",
    )
    lines = [paint(title.get(lang), "title"), *wrap(told.get(lang), WIDTH, indent="  ", hanging="    "), ""]
    heads = Text("规则|有结论|未能判定|规则出错|不再报送|从未有过结论|以前有|距上次结论（天）",
                 "rule|judged|undetermined|error|not delivered|never judged|judged before|days since").get(lang).split("|")  # fmt: skip
    rows = [_row(one) for one in by_rule(found)]
    if rows:
        lines += table(heads, rows, numbers=range(1, 8), width=WIDTH + 10, paint=paint)
    note = Text("结论含不适用、未到时点、免除；天数是两次检查截至日之间的，最少 - 最多；同一系列以前没有结论的，算不出天数",
                "not applicable, not yet due and exempt are verdicts; days are between the days of the checks, least - most; of what never "
                "had a verdict in the series there are none")  # fmt: skip
    return [*lines, "", *wrap(note.get(lang), WIDTH, indent="  ", hanging="  ")]


def _row(one: OfRule) -> list[str]:
    span = "—" if one.days is None else str(one.days[0]) if one.days[0] == one.days[1] else f"{one.days[0]} - {one.days[1]}"
    counts = (one.judged, one.undetermined, one.error, one.not_delivered, one.never, one.before)
    return [one.rule_id, *map(number, counts), span]


def unchecked_csv(found: Unchecked, lang: str) -> Iterator[str]:
    """One row a rule and subject without a verdict; of what never had one the last three columns say so."""
    heads = Text("规则|对象类型|对象编号|结论|上次结论|上次检查|上次截至日|距今天数",
                 "rule|kind of subject|subject key|outcome|last verdict|run|as of|days since")  # fmt: skip
    yield BOM + csv_row(heads.get(lang).split("|"))
    never = Text("从未有过", "never").get(lang)
    for line in found.lines:
        last, now = line.last, OUTCOMES.get(line.outcome, _NOT_DELIVERED)
        told = [OUTCOMES[last.outcome].get(lang), last.run_id, last.as_of, days_since(line, found)] if last else [never] * 4
        yield csv_row([line.rule_id, line.subject, line.subject_key, now.get(lang), *told])
