"""Reports of tests to make documents of: of a calibration test, and of a functional one."""

from typing import Any

from tests.documents.awkward_samples import HOSTILE, LONG
from tests.documents.samples import NINE, both


def report(**changes: Any) -> dict[str, Any]:
    area = {"value": 0.912, "delong": [0.874, 0.943], "bootstrap": [0.872, 0.945]}
    at = {
        "threshold": 0.42,
        "named": True,
        "sensitivity": {"value": 0.861, "low": 0.79, "high": 0.911},
        "specificity": {"value": 0.842, "low": 0.783, "high": 0.887},
    }
    labels = [*NINE, "unknown"]
    made: dict[str, Any] = {
        "test": "KlT-I",
        "dataset": {
            "code": "DS_CT-I_DSC_SKIN_CANCER",
            "version": "1.0.0",
            "name": both("Калибровочный набор: рак кожи", "Calibration set: skin cancer"),
        },
        "algorithm": {"name": "DermaNet", "version": "3.1", "vendor": "ООО «Пример»"},
        "computed_at": "2026-11-26T10:00:00.123456Z",
        "units": 200,
        "positives": 80,
        "negatives": 120,
        "defects": 0,
        "refused": 2,
        "unanswered": 1,
        "withdrawn": 0,
        "labels": {"version": "1.0.0", "relabelled": 0},
        "auc": {
            "target": area,
            "macro": {**area, "delong": None},
            "by_class": {f"class_{one}": area for one in NINE},
            "answered": {**area, "bootstrap": None},
        },
        "thresholds": {"claimed": at, "youden": {**at, "threshold": 0.37}},
        "calibration": {
            "ece": 0.038,
            "bins": [
                {
                    "from": n / 10,
                    "to": (n + 1) / 10,
                    "mean": n / 10 + 0.05,
                    "observed": min(1.0, n / 10 + 0.02 * (n % 3)),
                    "units": 40 - 3 * n,
                }
                for n in range(10)
            ],
        },
        "roc": {"target": [[(n / 50) ** 3, (n / 50) ** 0.5] for n in range(51)]},
        "confusion": {
            "labels": [f"class_{one}" for one in labels],
            "titles": [
                both(NINE[one][0], one.replace("_", " "))
                if one in NINE
                else both("другое", "other")
                for one in labels
            ],
            "counts": [
                [
                    20 + 3 * row if row == column else (row * column) % 4
                    for column in range(len(labels))
                ]
                for row in range(len(labels))
            ],
        },
        "seconds": {"median": 0.84, "p95": 2.1, "worst": 12.4, "claimed": 5.0},
        "claimed_deviation": {
            "auc": {"claimed": 0.93, "measured": 0.912, "worse_by": 0.019},
            "sensitivity": {"claimed": 0.85, "measured": 0.861, "worse_by": 0.0},
            "auc.class_melanoma": {"claimed": 0.95, "measured": 0.912, "worse_by": 0.04},
        },
        "subgroups": [
            {
                "by": by,
                "value": value,
                "units": 60,
                "auc": auc,
                "low": auc - 0.06,
                "high": min(1.0, auc + 0.05),
            }
            for by, value, auc in (
                ("sex", "male", 0.9),
                ("sex", "female", 0.92),
                ("age", "20-39", 0.94),
                ("age", "40-59", 0.9),
                ("age", "60-79", 0.82),
                ("site", "torso", 0.93),
                ("site", "head_neck", 0.91),
            )
        ],
        "subgroups_left_out": [
            {
                "by": "site",
                "value": "genitals",
                "units": 6,
                "reason": both("меньше 10 целевых единиц", "fewer than 10 target units"),
            }
        ],
        "experts": [
            {
                "reader": "A",
                "readings": 120,
                "agreement": 0.81,
                "low": 0.73,
                "high": 0.87,
                "kappa": 0.71,
            },
            {
                "reader": "B",
                "readings": 98,
                "agreement": 0.77,
                "low": 0.67,
                "high": 0.84,
                "kappa": None,
            },
        ],
        "verdict": {
            "passed": True,
            "reasons": [
                {"passed": True, **both("AUC 0,912 не ниже 0,81.", "AUC 0.912 is at least 0.81.")},
                {
                    "passed": True,
                    **both("Все показатели в пределах 10 %.", "All metrics are within 10%."),
                },
                {
                    "passed": True,
                    **both("Наибольшее время 12,4 с.", "The longest time was 12.4 s."),
                },
            ],
        },
        "functional": None,
    }
    return {**made, **changes}


def functional_report() -> dict[str, Any]:
    """FT-I, not passed: one unit of each device, and one with a defect that was not refused. It has all
    figures of a calibration test, which say nothing of so few units."""
    units = [
        {
            "device": device,
            "defect": defect,
            "processed": True,
            "refused": False,
            "seconds": seconds,
        }
        for device, defect, seconds in (
            ("DermLite DL4", False, 1.2),
            ("Heine Delta 30", False, 640.0),
            (HOSTILE, True, 0.9),
        )
    ]
    return report(
        test="FT-I",
        units=3,
        positives=1,
        negatives=1,
        defects=1,
        refused=0,
        unanswered=0,
        functional={"units": units},
        algorithm={"name": HOSTILE, "version": "1", "vendor": LONG},
        verdict={"passed": False, "reasons": [{"passed": False, **both(HOSTILE)}]},
    )
