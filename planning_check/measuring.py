"""The widths of measuring: how near is near, what is a sliver, which repair is none. ``rules/measuring.yaml`` gives every value,
none stands here."""

from __future__ import annotations

from dataclasses import dataclass

_FRAME = ("usable_share", "reach_margin_degrees")
_COMPARED = ("satisfied_share", "fit_m", "fewest_compared", "extent_margin_share", "extent_margin_degrees")
_ALIKE = ("alike_word_characters", "alike_long_word_characters", "alike_off_characters")
_ONE_ROOM = ("same_place_m", "apart_m", "common_projects")
_IGNORED = ("ignored_share_percent", "ignored_m2")
#: A fact that is measured by widths -> which.
WIDTHS_OF = {
    **dict.fromkeys(("measured_m2", "boundary_m2", "repair_refused"), ("repair_share",)),
    **dict.fromkeys(("overlap_m2", "own_overlap_m2", "boundary_overlap_m2"), ("sliver_m2", "vertex_m")),
    **dict.fromkeys(("unmatched_edge_m", "boundary_edge_m"), ("narrow_m", "vertex_m")),
    **dict.fromkeys(("is_usable", "in_reach_share"), _FRAME),
    **dict.fromkeys(("compared", "fit_as_stated", "fit_as_proposed"), _COMPARED),
    **dict.fromkeys(("alike_project_id", "alike_m", "alike_developer_name"), _ALIKE),
    **dict.fromkeys(("communities_touched", "community_by_map", "largest_share", "community_shares", "share_parts"), _IGNORED),
    **dict.fromkeys(
        ("same_room_premises_id", "same_room_project_id", "is_claimed_elsewhere", "resembling_premises_id", "resembling_project_id"),
        _ONE_ROOM,
    ),
}


@dataclass(frozen=True)
class Measuring:
    """What the measurements of ``geo``, ``facts`` and ``assess`` are handed; the ending of a name is its unit, none is a count of things.

    * ``ignored_share_percent``, ``ignored_m2``: a piece of a project's land smaller than both is no part of it.
    * ``repair_share``: a repair that changes an area by a larger share is refused.
    * ``vertex_m``: a vertex no farther than this from a neighbour's edge as drawn lies on it.
    * ``sliver_m2``: two polygons share land from here on; ``narrow_m``: a gap narrower than this is a border drawn twice.
    * ``usable_share``: fewer of a layer's features within the reach of its coordinate system, and it is not theirs;
      ``reach_margin_degrees`` around that reach. Other readings are tried where fewer than ``satisfied_share`` lie within ``fit_m`` of
      their partner; ``fewest_compared`` pairs are evidence. Without partners: within the box of the other layers, ``extent_margin_share``
      and at least ``extent_margin_degrees`` wider.
    * ``alike_word_characters``: a developer's own word has so many; of ``alike_long_word_characters`` and more,
      ``alike_off_characters`` may differ.
    * ``same_place_m``: two points are one place up to here; from ``apart_m`` on they cannot be. A number that more than ``common_projects``
      give is a filler. ``just_below_percent`` of a threshold of the law is just below it.
    * ``mu_slip_*``, ``ten_thousand_slip_*``, ``km2_slip_*``: two figures for one thing of which the larger is so many times the smaller are
      perhaps one in two units; ``floor_*``: the same of floor area and the land it stands on. A sum pays for an area from
      ``least_priced_m2`` to ``most_priced_m2``, else it or its price is a slip.
    * ``group_m``: neighbouring projects of one developer are grouped up to each of these distances, ``alike_m``: those with names alike are
      told up to here (None: no rule asks). Both are the ``near_m`` of the rules that judge them.
    """

    ignored_share_percent: float
    ignored_m2: float
    repair_share: float
    sliver_m2: float
    narrow_m: float
    vertex_m: float
    usable_share: float
    reach_margin_degrees: float
    satisfied_share: float
    fit_m: float
    fewest_compared: int
    extent_margin_share: float
    extent_margin_degrees: float
    alike_word_characters: int
    alike_long_word_characters: int
    alike_off_characters: int
    same_place_m: float
    apart_m: float
    common_projects: int
    just_below_percent: float
    mu_slip_least_times: float
    mu_slip_most_times: float
    ten_thousand_slip_least_times: float
    ten_thousand_slip_most_times: float
    km2_slip_least_times: float
    km2_slip_most_times: float
    floor_mu_slip_least_times: float
    floor_mu_slip_most_times: float
    floor_ten_thousand_slip_most_times: float
    least_priced_m2: float
    most_priced_m2: float
    group_m: tuple[float, ...] = ()
    alike_m: float | None = None
