"""The city in figures, as the survey counts them, from the table ``profile``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.cities import NO_CITIES, Cities
from planning_check.report.told.numbers import percent
from planning_check.schema import BY_NAME, COMMUNITY_KINDS, FACILITY_KINDS, TENURES, Choice

Groups = tuple[tuple[Text, int], ...]


@dataclass(frozen=True)
class Figures:
    """Counts of the city; empty or none where the delivery does not say.

    ``support_unknown``, ``tenure_unknown``: of how many communities nobody said, so that the count is the least there can be;
    ``without_office``: those of them of which the register of offices has no record at all.
    """

    communities: int
    by_district: Groups
    by_kind: Groups
    population: int | None
    supported: int | None
    support_unknown: int
    rented_or_borrowed: int | None
    tenure_unknown: int
    without_office: int
    rented_by_district: Groups
    tenure_unknown_by_district: Groups
    by_tenure: Groups
    facilities: Groups


def figures(rows: Iterable[Any], cities: Cities = NO_CITIES) -> Figures:
    """From rows of name, group_key, group_name, value; shares are left out, they follow from the counts. Where there are ``cities``, what
    is told by district is told by city."""

    def places(name: str) -> Groups:
        return _districts(named.get(name, {}), names, cities)

    named: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for row in rows:
        if row.value == int(row.value):
            named.setdefault(row.name, {})[row.group_key] = int(row.value)
            names[row.group_key] = row.group_name or row.group_key
    return Figures(
        communities=_one(named, "communities") or 0,
        by_district=places("communities_by_district"),
        by_kind=_kinds(named.get("communities_by_kind", {}), COMMUNITY_KINDS),
        population=_one(named, "population"),
        supported=_one(named, "project_supported"),
        support_unknown=_one(named, "project_supported_unknown") or 0,
        rented_or_borrowed=_one(named, "rented_or_borrowed"),
        tenure_unknown=_one(named, "rented_or_borrowed_unknown") or 0,
        without_office=_one(named, "without_office_record") or 0,
        rented_by_district=places("rented_or_borrowed_by_district"),
        tenure_unknown_by_district=places("rented_or_borrowed_unknown_by_district"),
        by_tenure=_kinds(named.get("offices_by_tenure", {}), TENURES),
        facilities=_kinds(named.get("facilities_by_kind", {}), FACILITY_KINDS),
    )


def _one(named: dict[str, dict[str, int]], name: str) -> int | None:
    return named.get(name, {}).get("")


def _districts(counts: dict[str, int], names: dict[str, str], cities: Cities) -> Groups:
    if cities:
        summed: dict[Text, int] = {}
        for code, n in sorted(counts.items()):
            summed[cities.name(code)] = summed.get(cities.name(code), 0) + n
        return tuple(summed.items())
    return tuple((Text(name, name), n) for code, n in sorted(counts.items()) for name in [names[code]])


def _kinds(counts: dict[str, int], choices: tuple[Choice, ...]) -> Groups:
    """In the order of the dictionary; codes that it does not know last."""
    labels = {c.code: c.label for c in choices} | {"unknown": Text("不明", "not known")}
    order = [*labels, *sorted(set(counts) - set(labels))]
    return tuple((labels.get(code, Text(code, code)), counts[code]) for code in order if code in counts)


def counted_share(known: int, unknown: int, whole: int, lang: str) -> str:
    """A count of communities with its share; where of some nobody said, from the least to the most that it can be."""
    if not unknown:
        return Text(f"{known} 个，占 {percent(known, whole)}", f"{known} = {percent(known, whole)}").get(lang)
    most = known + unknown
    shares = f"{percent(known, whole)} - {percent(most, whole)}"
    return Text(f"{known} - {most} 个（{unknown} 个不明），占 {shares}", f"{known} - {most} ({unknown} not known) = {shares}").get(lang)


def rented_share(city: Figures) -> Text:
    """Rented and borrowed offices and their share of communities, a range where some are not known; empty without communities."""
    if city.rented_or_borrowed is None or not city.communities:
        return Text("", "")
    if city.tenure_unknown:
        zh, en = (counted_share(city.rented_or_borrowed, city.tenure_unknown, city.communities, lang) for lang in ("zh", "en"))
        return Text(f"社区 {city.communities} 个，租用或借用 {zh}", f"of {city.communities} communities rented or borrowed {en}")
    share = percent(city.rented_or_borrowed, city.communities)
    return Text(
        f"租用或借用 {city.rented_or_borrowed} 个，占社区 {city.communities} 个的 {share}",
        f"rented or borrowed {city.rented_or_borrowed} of {city.communities} communities = {share}",
    )


def table_label(name: str) -> Text:
    """What people call a table of the delivery."""
    return BY_NAME[name].label if name in BY_NAME else Text(name, name)
