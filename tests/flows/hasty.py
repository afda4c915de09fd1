"""`python -m tests.flows.hasty`: the local stack, where a reading may be undone for two seconds only.

For tests that bring readings to their verdict; everything else is as it is.
"""

from datetime import timedelta

from chalicelib.labelling import reading

reading.UNDO = timedelta(seconds=2)  # type: ignore[misc]

from infra.local.__main__ import main  # noqa: E402  (what counts the seconds comes after)

if __name__ == "__main__":
    raise SystemExit(main())
