"""``python -m planning_check`` and the command ``planning-check``."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from planning_check.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
