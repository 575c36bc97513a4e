"""Prints the benchmarks."""

from __future__ import annotations

import sys

from bench.understanding import report


def main() -> int:
    """Run them all."""
    for line in report():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
