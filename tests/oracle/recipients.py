"""HO04: whether a room was handed over to the committee that civil affairs designated, or to whoever had taken its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.known import at_or_before, both, no
from tests.oracle.reading import known_by
from tests.oracle.verdicts import Verdict, verdict

if TYPE_CHECKING:
    from tests.oracle.judge import Auditor


class Recipients:
    """The handovers of an auditor's city."""

    def __init__(self, auditor: Auditor):
        self.auditor = auditor
        self.communities = {key[0]: row for key, row in auditor.city.tables["communities"].items()}

    def judge(self) -> dict[tuple[str, str], Verdict]:
        found = {}
        for row in self.auditor.city.rows("handovers"):
            due = known_by(row.get("handed_over_on"), self.auditor.as_of)
            if due is False:
                continue
            project = self.auditor.projects.get(row["project_id"])
            applies = None if project is None else self.auditor.owes(project)
            designated = (project or {}).get("designated_community_code")
            wrong = both(no(self._received_right(row, designated)), no(self._put_right(row, designated)))
            found["HO04", row["handover_id"]] = verdict(applies, due, wrong)
        return found

    def _received_right(self, row: dict, designated: str | None) -> bool | None:
        """By a body of the ordinance's kinds, and by the committee designated."""
        kind, got = row.get("recipient_kind"), row.get("community_code")
        right = None if None in (designated, got) else got in self._line(designated, row)
        return both(None if kind is None else kind in self.auditor.law.recipients, right)

    def _put_right(self, row: dict, designated: str | None) -> bool | None:
        """Whether all of it was handed over again, then or later, and the last time to whom it should."""
        room, day = row.get("premises_id"), row.get("handed_over_on")
        rows = self.auditor.of["handovers"][row["project_id"]]
        again = [one for one in rows if room and one.get("premises_id") == room and one is not row and one["area_m2"] >= row["area_m2"]]
        known = [
            (one, both(known_by(one.get("handed_over_on"), self.auditor.as_of), at_or_before(day, one.get("handed_over_on"))))
            for one in again
        ]
        if after := [one for one, is_after in known if is_after]:
            return self._received_right(max(after, key=lambda one: (one["handed_over_on"].lo, one["handover_id"])), designated)
        is_open = self.auditor.lost("handovers", row["project_id"]) or any(is_after is None for _, is_after in known)
        return None if is_open else False

    def _line(self, code: str, row: dict) -> set[str]:
        """The committee, or whoever had taken its place by the day of the handover."""
        line, day = {code}, row.get("handed_over_on")
        while (one := self.communities.get(code)) and one.get("successor_code") and day and at_or_before(one.get("valid_to"), day):
            code = one["successor_code"]
            if code in line:
                break
            line = {code}
        return line
