"""``python -m planning_check`` and the command ``planning-check``."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        from planning_check.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # before the command line stood, or after it was done
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
