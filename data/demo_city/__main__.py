"""Makes the demo city's delivery, ``data/demo``: ``python data/demo_city [--out FOLDER] [--situations]``.

The city is invented; its totals are the survey's (see ``settings.py``). The same bytes come out on every run
with the same versions of the libraries. ``--situations`` writes nothing and lists what became of every development
(what each word means: ``situations.py`` and ``gaps.py``).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(DATA))  # so that it runs as `python data/demo_city` from a checkout

from demo_city.city import make_city  # noqa: E402
from demo_city.packs import write_funding, write_planned, write_services  # noqa: E402
from demo_city.writing import write  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=DATA / "demo", help="folder of the delivery")
    parser.add_argument("--situations", action="store_true", help="list the situation of every development instead")
    parser.add_argument("--packs", type=Path, nargs="?", const=DATA / "demo_packs", help="write the registers of the packs instead")
    options = parser.parse_args()
    books, developments = make_city()
    if options.packs:
        write_funding(options.packs, books.rows["communities"])
        write_planned(options.packs, books.rows["projects"])
        write_services(options.packs, books.rows)
    elif options.situations:
        for one in developments:
            print(one.id, one.site.stage, one.situation or "not_housing")
    else:
        write(options.out, books.rows)


if __name__ == "__main__":
    main()
