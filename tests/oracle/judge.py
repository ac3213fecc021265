"""Every rule that the oracle holds, on every subject: outcome and numbers, one project at a time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from itertools import product

from tests.oracle import handing, money, phases, rooms
from tests.oracle.known import Day, before, both, either, exceeds, half_up, no, total
from tests.oracle.law import Law, cancelled, gone_into, ordinance, owes, split_up, state
from tests.oracle.places import Ground
from tests.oracle.reading import City, known_by
from tests.oracle.recipients import Recipients
from tests.oracle.verdicts import Verdict, then, verdict

OPEN_TENURES = ("rented", "borrowed", "coordinated", "temporary", "none")


class Auditor:
    """The city as of a day."""

    def __init__(self, city: City, as_of: dt.date, law: Law | None = None, crs: int = 4545):
        self.city, self.law, self.as_of = city, law or ordinance(), Day(as_of, as_of)
        self.projects = {key[0]: row for key, row in city.tables["projects"].items()}
        self.ground = Ground(city, crs)
        self.of = {table: city.by_project(table) for table in ("premises", "handovers", "payments", "deposits", "demands", "decisions")}
        self.gone = {key: into for key, row in self.projects.items() if (into := gone_into(row, self.as_of, self.projects))}
        self.split = {key for key, row in self.projects.items() if split_up(row, self.as_of, self.projects)}
        for (key, into), rows in product(self.gone.items(), self.of.values()):
            rows[into] = rows[into] + rows.pop(key, [])
        self.rooms = {key[0]: row for key, row in city.tables["premises"].items()}
        self.twins = rooms.twins(city, self.ground.apart_m, rooms.first_days(city.rows("handovers"), self.as_of))
        self.found: dict[tuple[str, str], Verdict] = {}

    def lost(self, table: str, project: str) -> bool:
        return project in self.city.holes[table]

    def judge(self) -> dict[tuple[str, str], Verdict]:
        for project in self.projects.values():
            self._areas(project)
            self._handing(project)
        self.shares = self.ground.community_shares(self._stands)
        for project in self.projects.values():
            self._communities(project)
        self._developments()
        self.found |= Recipients(self).judge()
        self._refunds()
        self._offices()
        return self.found

    # ---- areas

    def owes(self, project: dict) -> bool | None:
        key = project["project_id"]
        days = [row.get("handed_over_on") for row in self.of["handovers"][key]]
        days += [row["event_on"] for row in self.of["deposits"][key] if row["event"] == "paid"]
        return owes(project, self.law, True if key in self.gone or key in self.split else cancelled(project, self.as_of, days))

    def required(self, project: dict, stage: str) -> Decimal | None:
        """By the ordinance; under a contract by what that states, and by the ordinance where it is silent."""
        share, of, least = self.law.share, self.law.base, self.law.minimum_m2
        if state(project, self.law) == "contract":
            percent, area = project.get("conditions_percent"), project.get("conditions_area_m2")
            of = project.get("conditions_base") or of
            if percent is not None or area is not None:
                share, least = (percent or Decimal(0)) / 100, area or Decimal(0)
        base = project.get(f"{stage}_{of}_m2")
        if base is None and share:
            return None
        return max(half_up(share * (base or 0)), least)

    def latest(self, project: dict) -> Decimal | None:
        return next((r for r in (self.required(project, s) for s in ("survey", "permit")) if r is not None), None)

    def in_lieu(self, project: dict, by: Day | None = None, agreed: bool = False) -> Decimal | None:
        key = project["project_id"]
        return money.in_lieu_m2(self.city, project, self.of["payments"][key], by or self.as_of, self.lost("payments", key), agreed)

    def _areas(self, project: dict) -> None:
        key, applies = project["project_id"], self.owes(project)
        for rule, stage, milestone in (
            ("AR01", "plan", "plan_approved_on"),
            ("AR02", "permit", "permitted_on"),
            ("AR03", "survey", "completed_on"),
        ):
            need, lieu = self.required(project, stage), self.in_lieu(project, agreed=stage != "survey")
            given = rooms.provided(project, self.of["premises"][key], stage, self.twins, self.lost("premises", key))
            more = self.from_phases(project, self._built) if stage == "survey" else Decimal(0)
            if stage == "survey" and project.get("development_id") and len(set(given)) > 1:
                given = [None]  # what the other phases give it depends on what it has
            gaps = [None if None in (need, has, lieu, more) else need - has - lieu - more for has in given]
            short, *with_more = [exceeds(gap, self.law.tolerance_m2) for gap in gaps]
            violated = short if short is False or set(with_more) <= {short} else None  # enough without the rooms in doubt is enough
            due = known_by(project.get(milestone), self.as_of)
            self.found[rule, key] = verdict(applies, due, violated, shortfall_m2=gaps[0])

    # ---- phases

    def from_phases(self, project: dict, figures) -> Decimal | None:
        """What a phase has from the others of its development; ``figures`` gives what one has, what it owes and whether that is due."""
        return phases.gets(self._phases(project, figures), project["project_id"]) if project.get("development_id") else Decimal(0)

    def _phases(self, project: dict, figures) -> list[phases.Phase]:
        development = project.get("development_id")
        members = [one for one in self.projects.values() if one.get("development_id") == development and self._binds(one) is not False]
        numbered = all(one.get("phase_no") is not None for one in members)
        of_it = []
        for one in members:
            accepted = one.get("planning_accepted_on")
            order = one.get("phase_no") if numbered else (accepted.lo if accepted else dt.date.max)
            has, owed, due = figures(one) if self._binds(one) else (None, None, True)
            of_it.append(phases.Phase(one["project_id"], (order,), has, owed, due))
        return of_it

    def _binds(self, project: dict) -> bool | None:
        """Whether an ordinance is known to govern it; a phase that was given up is none any more."""
        if project["project_id"] in self.gone or self.owes({**project, "uses": ("residential",), "exemption_no": None}) is False:
            return False
        at = state(project, self.law)
        return True if at in ("governed", "contract") else False if at in ("legacy", "none") else None

    def _owed(self, project: dict, area: Decimal | None) -> Decimal | None:
        applies = self.owes(project)
        return area if applies else None if applies is None else Decimal(0)

    def _built(self, project: dict):
        done = known_by(project.get("completed_on"), self.as_of)
        if done is None:
            done = known_by(project.get("planning_accepted_on"), self.as_of)
        if not done:
            return Decimal(0), Decimal(0), True
        key = project["project_id"]
        given = rooms.provided(project, self.of["premises"][key], "survey", self.twins, self.lost("premises", key))
        built = given[0] if len(set(given)) == 1 else None
        lieu = self.in_lieu(project)
        return None if None in (built, lieu) else built + lieu, self._owed(project, self.required(project, "survey")), True

    def _given(self, project: dict):
        area, lieu = self.handed(project).area_m2, self.in_lieu(project)
        due = known_by(project.get("planning_accepted_on"), self.as_of)
        due = self.due(project) if due is None else due
        return None if None in (area, lieu) else area + lieu, self._owed(project, self.latest(project)), bool(due)

    # ---- handover

    def handed(self, project: dict, by: Day | None = None) -> handing.Handed:
        key = project["project_id"]
        return handing.handed(
            self.of["handovers"][key],
            self.of["premises"][key],
            self.rooms,
            self.twins,
            self.law,
            by or self.as_of,
            self.lost("handovers", key),
        )

    def gate(self, project: dict) -> Day | None:
        return project.get("planning_accepted_on") or project.get("delivered_on")

    def due(self, project: dict) -> bool | None:
        gate, done = self.gate(project), project.get("completed_on")
        if gate:
            return before(gate, self.as_of)
        if done and known_by(done, self.as_of) is False:
            return False
        return None

    def _handing(self, project: dict) -> None:
        key, applies = project["project_id"], self.owes(project)
        need, lieu, given = self.latest(project), self.in_lieu(project), self.handed(project)
        in_kind = None if None in (need, lieu) else max(need - lieu, Decimal(0))
        due = self.due(project)
        nothing = None if given.area_m2 is None else given.area_m2 == 0
        more = self.from_phases(project, self._given)
        missing = None if None in (in_kind, given.area_m2, more) else max(in_kind - max(given.area_m2 + more, Decimal(0)), Decimal(0))
        none = both(nothing, exceeds(in_kind, Decimal(0)), exceeds(missing, Decimal(0)))
        part = both(no(nothing), exceeds(missing, Decimal(0)))
        numbers = {"required_in_kind_m2": in_kind, "handed_m2": given.area_m2}
        self.found["HO01", key] = verdict(applies, due, none, **numbers)
        self.found["HO02", key] = verdict(then(applies, no(nothing)), due, part, **numbers)
        self._accepted_first(project, applies, in_kind, given, more)
        self._forfeiture(project, applies, due, either(none, part), in_kind, missing)

    def _accepted_first(
        self, project: dict, applies: bool | None, in_kind: Decimal | None, given: handing.Handed, more: Decimal | None
    ) -> None:
        """What other phases gave for it came on the last day of theirs; nothing handed over is early only where something is missing."""
        accepted = project.get("planning_accepted_on")
        due = known_by(accepted, self.as_of)
        if accepted is None and known_by(project.get("completed_on"), self.as_of) is False:
            due = False
        owed = exceeds(in_kind, Decimal(0))
        if due is False or (in_kind is None and given.area_m2):
            owed = True  # not accepted yet, or handed over whatever was owed: only the day counts
        days = list(given.days)
        if more:
            gave = phases.givers(self._phases(project, self._given), project["project_id"])
            days += [day for key in gave for day in self.handed(self.projects[key]).days]
        late = either(False, *(before(accepted, day) for day in days))
        if given.area_m2 == 0:
            missing = None if None in (in_kind, more) else in_kind > more
            early = either(missing, late if more else False)
        else:
            early = None if None in (given.area_m2, more) else late
        if given.area_m2 is None and any(before(accepted, day) for day in given.sure):
            early = True  # whatever the rest is
        if due is False and owed is None:
            owed = True
        self.found["HO03", project["project_id"]] = verdict(then(applies, both(owed, state(project, self.law) != "contract")), due, early)

    def _forfeiture(self, project, applies, due, violated, in_kind, missing) -> None:
        key = project["project_id"]
        events = self.of["deposits"][key]
        held = money.held_yuan(events, self.as_of, self.lost("deposits", key))
        at = money.stage(self.of["demands"][key], events, held, self.as_of, self.lost("demands", key))
        numbers = {}
        if violated and held is not None and in_kind:
            numbers = {"stage": at, "whole_yuan": held, "part_yuan": money.proportional(held, missing, in_kind)}
        has = exceeds(held, Decimal(0)) if at != "decided" else True
        exempt = money.is_dismissed(self.of["decisions"][key], self.of["demands"][key], self.as_of)
        self.found["MO05", key] = verdict(then(applies, has), due, both(violated, None if at is None else True), exempt, **numbers)

    # ---- communities and phases

    def _communities(self, project: dict) -> None:
        """HO08: land in several communities and none designated, or one designated that has none of the land;
        nobody designated is not known."""
        key = project["project_id"]
        shares = self.shares.get(key)
        designated = project.get("designated_community_code")
        if not shares:
            violated = None
        elif designated is None:
            violated = True if len(shares) > 1 else None
        else:
            violated = designated not in shares
        self.found["HO08", key] = verdict(self.owes(project), True, violated, shares=shares)

    def _developments(self) -> None:
        """HO07: what all phases handed over and paid against what the accepted ones owe;
        a phase plan on file holds until the last is accepted."""
        phases = defaultdict(list)
        for project in self.projects.values():
            if project.get("development_id"):
                phases[project["development_id"]].append(project)
        for key, delivered in phases.items():
            of_it = [one for one in delivered if self.owes(one) is not False]
            applies = either(*(self.owes(one) for one in of_it))
            accepted = [one for one in of_it if known_by(one.get("planning_accepted_on"), self.as_of) is True]
            due = either(False, *(before(one["planning_accepted_on"], self.as_of) for one in of_it if one.get("planning_accepted_on")))
            needed = total(self._owed(one, self.latest(one)) for one in accepted)
            given = Decimal(0)
            for one in delivered:
                binds = self._binds(one)
                if binds is not False:
                    given = total((given, self.handed(one).area_m2, self.in_lieu(one)) if binds else (None,))
            gap = None if None in (needed, given) else needed - given
            planned = any(one.get("phase_plan_no") for one in delivered) and not self._last_accepted(delivered)
            self.found["HO07", key] = verdict(applies, due, exceeds(gap, self.law.tolerance_m2), exempt=planned, shortfall_m2=gap)

    def _last_accepted(self, delivered: list[dict]) -> bool:
        last = max((one.get("phase_count") or 0 for one in delivered), default=0)
        days = [one.get("planning_accepted_on") for one in delivered if one.get("phase_no") == last]
        return bool(days) and all(known_by(day, self.as_of) for day in days)

    # ---- refunds

    def _refunds(self) -> None:
        for row in self.city.rows("deposits"):
            if known_by(row["event_on"], self.as_of) is False:
                continue
            project = self.projects.get(row["project_id"])
            which_law = None if project is None or state(project, self.law) == "anchor_unclear" else True
            applies = then(which_law, both(row["event"] == "refunded", project and self.owes(project)))
            early = self._too_early(project, row) if applies else None
            self.found["MO08", row["event_id"]] = verdict(applies, known_by(row["event_on"], self.as_of), early)

    def _too_early(self, project: dict, refund: dict) -> bool | None:
        """Given back beyond the share of the duty that was met by the day of the refund."""
        day, need = refund["event_on"], self.latest(project)
        area, lieu = self.handed(project, day).area_m2, self.in_lieu(project, day)
        if None in (need, area, lieu):
            return None
        if area + lieu >= need:
            return False
        events = [r for r in self.of["deposits"][project["project_id"]] if known_by(r["event_on"], day)]
        renewed = {
            r["renews_no"] for r in events if r["event"] == "paid" and r.get("renews_no")
        }  # a guarantee that another took the place of
        events = [r for r in events if money.instrument(r) not in renewed]
        paid = sum((r["amount_yuan"] for r in events if r["event"] == "paid"), Decimal(0))
        back = sum((r["amount_yuan"] for r in events if r["event"] == "refunded"), Decimal(0))
        return back > half_up(paid * (area + lieu) / need)

    # ---- offices

    def _offices(self) -> None:
        for office in self.city.rows("offices"):
            key, tenure = office["office_id"], office.get("tenure")
            known = None if tenure in (None, "unknown") else tenure in OPEN_TENURES
            there = both(self._stands(office["community_code"]), self._has_begun(office.get("since")))
            self.found["OF01", key] = verdict(there is not False, True, known)
            self.found["GE08", key] = Verdict(
                "not_applicable" if self._stands(office["community_code"]) is False else self.ground.office_elsewhere(office)
            )

    def _stands(self, community: str) -> bool | None:
        """Whether a community is one of the present ones."""
        one = self.city.tables["communities"].get((community,), {})
        ended = one.get("valid_to")
        return both(self._has_begun(one.get("valid_from")), True if ended is None else no(known_by(ended, self.as_of)))

    def _has_begun(self, day: Day | None) -> bool | None:
        return True if day is None else known_by(day, self.as_of)
