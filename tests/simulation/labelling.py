"""`python -m tests.simulation.labelling`: 500 cases read to the end; docs/faults.md has the figures."""

import argparse
import sys


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.labelling")
    parser.add_argument("cases", type=int, nargs="?", default=500)
    parser.add_argument("--experts", type=int, default=30)
    parser.add_argument("--seniors", type=int, default=6)
    parser.add_argument("--days", type=int, default=10, help="within which the cases come")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    import tests.conftest  # noqa: F401  (the environment in which the app can be imported)
    from tests.simulation.clinic import read_all

    people = options.experts, options.seniors
    outcome = read_all(options.cases, *people, days=options.days, seed=options.seed)
    for name, value in outcome.figures.items():
        sys.stdout.write(f"{name:30}{value:>14,}\n")
    for failure in outcome.failures:
        sys.stdout.write(f"{failure}\n")
    return 1 if outcome.failures or outcome.figures["without a verdict"] else 0


if __name__ == "__main__":
    sys.exit(main())
