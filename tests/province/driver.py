"""The command as it is typed, with the check that takes no time (``stand_in``): ``python -m tests.province.driver province run ...``."""

from functools import partial

from planning_check.__main__ import main
from planning_check.pipeline.province import executing
from tests.province import stand_in

if __name__ == "__main__":
    executing.run = partial(executing.run, check=stand_in.check)
    main()
