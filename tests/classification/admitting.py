"""Passed calibration tests for models of tests."""

from typing import Any

from chalicelib.classification.calibrations import Calibration, admit, from_report
from chalicelib.platform.runtime import Platform


def report(sha256: str, **other: Any) -> dict[str, Any]:
    """Of an evaluation that the model with this SHA-256 passed, as far as a record needs it."""
    return {
        "test": "KlT-I",
        "dataset": {"code": "DS_CT-I_DSC_SKIN_MELANOMA", "version": "1.0.0"},
        "algorithm": {"name": "skin", "version": "1", "model_sha256": sha256},
        "computed_at": "2026-03-01T12:00:00Z",
        "units": 150,
        "positives": 50,
        "negatives": 100,
        "auc": {"target": {"value": 0.91, "delong": [0.86, 0.95], "bootstrap": [0.85, 0.95]}},
        "verdict": {
            "passed": True,
            "reasons": [{"passed": True, "ru": "AUC не ниже 0.81.", "en": "AUC is at least 0.81."}],
        },
    } | other


def passed(sha256: str, **other: Any) -> Calibration:
    return from_report(report(sha256, **other))


def let_in(platform: Platform, sha256: str) -> None:
    """The model with this SHA-256 may become active."""
    admit(platform, passed(sha256))
