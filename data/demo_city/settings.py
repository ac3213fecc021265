"""What is fixed: the seed, the day, the ten districts and the counts of the survey.

Only these counts follow the survey. Every name, company, code and figure of a development is invented. Division codes
begin with 9901: no province has 99, so no code of the demo city can be taken for a real one. The ground lies in
CGCS2000 / 3-degree zone, central meridian 108 E, without zone prefix (EPSG:4545), on mountains where no city stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

SEED = "planning_check demo city 1"
AS_OF = date(2011, 6, 30)
RULE_FROM = date(2006, 4, 9)  # the first day that the bundled ordinance assumes
CRS, DEGREES_CRS = "EPSG:4545", "EPSG:4490"
ORIGIN = (500_000.0, 3_722_000.0)  # easting, northing of the middle of the main town, metres
CITY = "棠川市"
POPULATION = 498_260  # "nearly half a million"

COMMITTEE, VILLAGE, ESTATE = "former_committee", "former_village", "estate"


@dataclass(frozen=True)
class District:
    """A district or county: its communities by kind, where its town lies (km from the origin), and how many developments."""

    code: str
    name: str
    kinds: tuple[int, int, int]  # former committees, former villages, estates
    centre_km: tuple[float, float]
    stretch: float  # length of the town : its width
    angle: float  # direction of its main streets, degrees
    streets: tuple[str, ...]
    projects: int
    prices: tuple[int, int]  # yuan per m2 in lieu: until 2009, from 2010

    @property
    def communities(self) -> int:
        return sum(self.kinds)


DISTRICTS = (
    District("990102", "棠城区", (24, 8, 15), (0.0, 0.0), 1.75, 8, ("江滨街道", "老城街道", "新棠街道", "北岗街道", "南屏街道"), 122, (2150, 2680)),
    District("990121", "鹿溪县", (3, 4, 1), (6.7, 5.4), 1.3, 31, ("溪口镇",), 8, (1480, 1760)),
    District("990122", "云屏县", (4, 4, 2), (-5.2, 5.5), 1.2, -12, ("云屏镇",), 12, (1520, 1840)),
    District("990123", "柏岭县", (4, 4, 1), (1.3, 6.6), 1.4, 55, ("柏岭镇",), 8, (1450, 1720)),
    District("990124", "禾渡县", (7, 5, 3), (-9.1, -1.5), 1.6, 17, ("禾渡镇", "沙洲街道"), 21, (1660, 1980)),
    District("990125", "石湾县", (3, 3, 0), (-11.4, 3.4), 1.3, 40, ("石湾镇",), 5, (1390, 1610)),
    District("990126", "雁坪县", (2, 2, 0), (5.6, -5.4), 1.2, -25, ("雁坪镇",), 3, (1350, 1580)),
    District("990127", "杏口县", (1, 0, 0), (-1.0, -5.9), 1.3, 5, ("杏口镇",), 1, (1300, 1520)),
    District("990128", "清漪县", (12, 8, 6), (10.6, 0.9), 1.5, -14, ("清漪镇", "河湾街道", "东坡街道"), 46, (1780, 2140)),
    District("990129", "白崖县", (1, 2, 0), (-7.0, -6.2), 1.3, 62, ("白崖镇",), 2, (1320, 1550)),
)  # fmt: skip

#: Rows of community facilities by kind. The first nine are the survey's inventory; the others are invented.
FACILITIES = {
    "service_station": 124,
    "one_stop_hall": 5,
    "health_station": 125,
    "police_room": 129,
    "library": 117,
    "culture_sports_station": 78,
    "charity_shop": 1,
    "disabled_services": 15,
    "elderly_day_care": 14,
    "party_office": 129,
    "committee_office": 129,
    "social_security_station": 118,
    "outdoor_ground": 96,
}
SUPPORTED = 115
RENTED, BORROWED = 14, 9


def stream(name: str) -> Random:
    """A stream of chance of its own for each part, so that a change in one part leaves the others as they were."""
    return Random(f"{SEED}/{name}")


def words(line: str) -> tuple[str, ...]:
    """The words of a line, apart by blanks."""
    return tuple(line.split())
