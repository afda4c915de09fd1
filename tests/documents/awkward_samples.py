"""What makes documents difficult: markup in every word, and names of any length."""

from typing import Any

from tests.documents.samples import both, manifest, plan

HOSTILE = (
    '#import "/etc/passwd" $x^2$ *b* _i_ `c` <a@b> @ref \\ [l](u) <script>|& // /* #panic("x")'
)
LONG = "Очень длинное название набора дерматоскопических снимков " * 3 + "A" * 60


def awkward() -> tuple[dict[str, Any], dict[str, Any]]:
    """A manifest and counts with markup in every word, long names, one class, nothing else recorded."""
    words = both(HOSTILE)
    planned = plan(
        name=both(LONG[:200]),
        abstract=words,
        clinical_task=both(HOSTILE + "\n= heading\n+ item\n- item\n#set page(height: 1pt)"),
        clinical_use=words,
        data_security=words,
        features=[words] * 3,
        keywords=[HOSTILE],
        funding=HOSTILE,
        conflicts_of_interest=HOSTILE,
        special_prohibitions=words,
        licence="LicenseRef-Agreement",
        access="controlled",
        classes=[
            {
                "key": "tumour",
                "title": both(LONG[:160]),
                "diagnoses": ["melanoma", "squamous_cell_carcinoma"],
                "role": "positive",
                "units": None,
                "requirements": words,
            }
        ],
        working_group=[
            {"name": HOSTILE[:60], "task": "engineer", "affiliation": "B" * 120, "orcid": None}
        ],
        test={"expected_auc": 0.9, "threshold_auc": 0.81, "significance": 0.05},
    )
    made = manifest(
        plan=planned,
        flow=[
            {
                "step": str(number),
                "title": words,
                "reason": words,
                "dropped": 3,
                "left": 100 - 3 * number,
                "patients_left": None,
            }
            for number in range(1, 31)
        ],
        splits={"all": {"units": 10, "patients": 10, "classes": {"tumour": 10}}},
        privacy={
            "k": 5,
            "reached": 5,
            "levels": {"age": "fives", "sex": "told", "site": "regions", "skin_type": "not_told"},
            "suppressed": {"age": 0, "sex": 0, "site": 0, "skin_type": 0},
            "table": [],
        },
        agreement={
            "readings": 0,
            "share_disputed_after_two": None,
            "share_disputed_after_three": None,
            "raw": None,
        },
        power={"power": 0.83},
        sources={HOSTILE: {"name": HOSTILE, "licence": "CC0-1.0", "attribution": "", "units": 10}},
        extra={},
    )
    by = {"sex": {"tumour": {"not_recorded": 10}}, "device": {"tumour": {HOSTILE: 7, "D" * 90: 3}}}
    return made, {"units": 10, "lesions": 10, "patients": 10, "classes": {"tumour": 10}, "by": by}
