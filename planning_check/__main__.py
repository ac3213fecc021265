"""``python -m planning_check`` and the command ``planning-check``."""

import sys
from collections.abc import Callable


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from planning_check.cli.watched import watched

        code = watched(_command)
    except KeyboardInterrupt:  # before the command line stood, or after it was done
        sys.stderr.write("Interrupted\n")
        code = 130
    sys.exit(code)


def _command(tell: Callable[[str], None]) -> int:
    from planning_check.cli.main import run

    return run(sys.argv[1:], tell)


if __name__ == "__main__":
    main()
