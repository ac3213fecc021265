"""A sample of cases to be visited again, in words: how it was drawn, from how many, and what the visits say of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from planning_check.assess.sampling import METHODS, Draw, Interval
from planning_check.cases import REVISITS
from planning_check.errors import Text
from planning_check.record.finding import Finding
from planning_check.record.run import StoredRun
from planning_check.report.told.numbers import number
from planning_check.words import LISTS

#: What is drawn from.
OF = {
    "violations": Text("本次检查的违规", "violations of the run"),
    "struck_off": Text("已销号的案件", "cases that are struck off"),
}
HOW = {
    "simple": Text("简单随机，每件机会相同", "simple: every case has the same chance"),
    "stratified": Text("按名单分层，每份名单至少两件，其余按件数分配", "stratified by list: two of each at least, the rest in proportion"),
    "money": Text("按金额（金额单位抽样）：不小于间隔的必抽，其余每隔一个间隔抽一件，机会与金额成正比",
                  "by money (monetary unit sampling): what is worth a step or more for certain, of the rest every step-th yuan"),
}  # fmt: skip
_BOUND = {
    "simple": Text("超几何分布精确区间", "exact, hypergeometric"),
    "stratified": Text("Korn-Graubard 区间（近似）", "Korn-Graubard, approximate"),
    "money": Text("Stringer 界（整件计错，即 Clopper-Pearson）", "Stringer's bound with whole cases, that is Clopper-Pearson's"),
}
ORDER = Text(
    "次序按 sha256（“种子:键”）的十六进制排列，任何机器上相同", "in the order of sha256 over 'seed:key', the same on every machine"
)
_SPEC = re.compile(rf"([0-9a-f]{{16}}) ({'|'.join(OF)}) ({'|'.join(LISTS)}|-) ({'|'.join(METHODS)}) (\d{{1,9}}) (\d{{1,18}}) (\d{{1,18}})")


@dataclass(frozen=True)
class Asked:
    """What is to be drawn. ``upto``: the entry of the log up to which it was known what is struck off; ``list``: of one list, none of all.
    ``digest``: of the check, its first sixteen digits."""

    digest: str
    of: str
    list: str | None
    method: str
    n: int
    seed: int
    upto: int

    @property
    def spec(self) -> str:
        """All of it in one line: it stands in every row of the list, so that the draw can be made again from any of them."""
        return f"{self.digest} {self.of} {self.list or '-'} {self.method} {self.n} {self.seed} {self.upto}"


def asked_of(spec: str) -> Asked | None:
    """What such a line says; None where it is none."""
    told = _SPEC.fullmatch(spec)
    if told is None:
        return None
    digest, of, list_, method, n, seed, upto = told.groups()
    return Asked(digest, of, None if list_ == "-" else list_, method, int(n), int(seed), int(upto))


@dataclass(frozen=True)
class Sample:
    """A draw and its cases, in the order of their run; ``worth``: key -> fen of those that have money; ``results``: key -> found, by what
    the log holds (or a file that is being read); ``interval``: none before anything was found."""

    run: StoredRun
    asked: Asked
    drawn: Draw
    units: Sequence[Finding]
    worth: Mapping[str, int]
    results: Mapping[str, str]
    interval: Interval | None


def drawn_texts(found: Sample) -> Iterator[Text]:
    """Population, seed and how it was drawn; what the draw cannot reach."""
    asked, drawn = found.asked, found.drawn
    of, list_ = OF[asked.of], LISTS[asked.list] if asked.list else None
    of = Text(f"{of.zh}（{list_.zh}）", f"{of.en} ({list_.en})") if list_ else of
    count, size = len(drawn.chosen), number(drawn.population)
    yield Text(
        f"总体：{of.zh} {size} 件；抽取 {count} 件；种子 {asked.seed}", f"population: {size} {of.en}; drawn: {count}; seed {asked.seed}"
    )
    yield Text(f"方法：{HOW[asked.method].zh}；{ORDER.zh}", f"method: {HOW[asked.method].en}; {ORDER.en}")
    if asked.method == "money":
        certain = sum(one == "certain" for one in drawn.chosen.values())
        yuan = yuan_of(sum(drawn.worth.values()))
        sure = yuan_of(drawn.worth["certain"])
        yield Text(f"总金额 {yuan} 元（逐条相加，几条规则看到同一笔的会重复），其中必抽 {certain} 件、{sure} 元",
                   f"{yuan} yuan in all, added finding by finding (what several rules see counts several times); taken for "
                   f"certain: {certain}, {sure} yuan")  # fmt: skip
    if drawn.left_out:
        yield Text(f"另有 {drawn.left_out} 件没有金额或金额不明，按金额抽不到，不在总体内（另用 --by simple 抽）",
                   f"{drawn.left_out} more have no amount or an unknown one: not in the population, no draw by money reaches them "
                   "(draw them with --by simple)")  # fmt: skip


def result_texts(found: Sample) -> Iterator[Text]:
    """What was found so far, and what it says of the population with its interval of 95 %."""
    told = {code: sum(one == code for one in found.results.values()) for code in REVISITS}
    waiting = len(found.drawn.chosen) - sum(told.values())
    if found.interval is None:
        yield Text("还没有复查结果，推算不出", "nothing was visited so far: nothing can be projected")
        return
    words = [Text(f"{label.zh} {told[code]}", f"{label.en} {told[code]}") for code, label in REVISITS.items()]
    yield Text(
        f"复查：{'，'.join(w.zh for w in words)}，未复查 {waiting}", f"visits: {', '.join(w.en for w in words)}, not visited yet {waiting}"
    )
    one = found.interval
    if found.asked.method == "money":
        spans = [Text(f"{_yuan(low, high, '至')} 元", f"{_yuan(low, high, 'to')} yuan") for low, high in _spans(one)]
        whole = Text(f"共 {yuan_of(one.whole)} 元", f"of {yuan_of(one.whole)} yuan")
    else:
        spans = [Text(f"{_cases(low, high, '至')} 件", _cases(low, high, "to")) for low, high in _spans(one)]
        whole = Text(f"共 {number(one.whole)} 件", f"of {number(one.whole)}")
    shares = [Text(_shares(low, high, one.whole, "至"), _shares(low, high, one.whole, "to")) for low, high in _spans(one)]
    bound = _BOUND[found.asked.method]
    yield Text(
        f"推算仍违规：{spans[0].zh}（{shares[0].zh}），{whole.zh}", f"still broken, projected: {spans[0].en} ({shares[0].en}), {whole.en}"
    )
    yield Text(f"95% 区间：{spans[1].zh}（{shares[1].zh}）；{bound.zh}", f"interval of 95 %: {spans[1].en} ({shares[1].en}); {bound.en}")
    unseen = waiting + told["not_seen"]
    if unseen:
        yield Text(f"没有看到的 {unseen} 件：下限都算已整改，上限都算仍违规",
                   f"{unseen} not seen: fixed for the lower end, broken for the upper one")  # fmt: skip
    broken = sum(one == "broken" for one in found.results.values())
    if found.asked.of == "struck_off" and broken:
        yield Text(f"已销号而仍违规 {broken} 件：审计或主持人用 planning-check case 重新立案",
                   f"struck off and still broken: {broken}. The auditor or the chair reopens them with planning-check case")  # fmt: skip


def _spans(one: Interval) -> list[tuple[Fraction, Fraction]]:
    return [(one.least, one.most), (one.lower, one.upper)]


def _both(low: Fraction, high: Fraction, told: Callable[[Fraction], str]) -> tuple[str, str]:
    return told(low), told(high)


def _range(low: str, high: str, to: str) -> str:
    return low if low == high else f"{low} {to} {high}"


def _yuan(low: Fraction, high: Fraction, to: str) -> str:
    return _range(*_both(low, high, yuan_of), to)


def _cases(low: Fraction, high: Fraction, to: str) -> str:
    return _range(*_both(low, high, lambda one: f"{float(one):,.1f}".removesuffix(".0")), to)


def _shares(low: Fraction, high: Fraction, whole: int, to: str) -> str:
    return _range(*_both(low, high, lambda one: f"{float(one * 100 / whole):.1f}%"), to)


def yuan_of(fen: Fraction | int) -> str:
    """Hundredths of a yuan as people read them, to the fen."""
    return number((Decimal(round(fen)) / 100).quantize(Decimal("0.01")))
