"""Fetches releases of datasets, `python -m client.datasets fetch CODE`, and opens them: `Release(folder)`."""

from client.datasets.release import Release

__all__ = ["Release"]
