"""The largest items there can be fit into DynamoDB: 400 KB, names and UTF-8 text counted."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.patients.choices import Diagnosis, Hair, LargeMoles, Relative, Sunburn
from chalicelib.patients.items import survey_item, treatment_item
from chalicelib.patients.model import (
    MAX_CORRECTIONS,
    MAX_SURVEYS,
    RecordedSurvey,
    RecordedTreatment,
    answers_json,
)
from chalicelib.patients.referral import (
    MAX_LESIONS,
    MAX_REFERRALS,
    Referral,
    ReferralState,
    Step,
    referral_item,
)
from chalicelib.patients.treatment import (
    MAX_AMENDMENTS,
    MAX_TREATMENTS,
    Treatment,
    treatment_json,
)
from chalicelib.platform.clock import timestamp
from tests.patients.test_rules import EXAMPLE

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIMIT = 390_000
"""Of JSON, which is larger than DynamoDB's own measure."""


def test_the_largest_lesion_fits_an_item_of_dynamodb() -> None:
    survey = EXAMPLE.model_copy(
        update={
            "family_history": [Relative.GRANDPARENT, Relative.SIBLING, Relative.PARENT],
            "sunburns": list(Sunburn),
            "diagnosis": Diagnosis.DYSPLASTIC_NEVUS,
            "hair": Hair.GREY_OR_DYED,
            "large_moles": LargeMoles.THREE_OR_MORE,
        }
    )
    recorded = RecordedSurvey(
        suffix="s", answers=survey, created_at=NOW, by="d" * 36, fingerprint="f" * 64
    )
    kept = survey_item(recorded)
    correction = {"at": timestamp(NOW), "by": "d" * 36, "was": answers_json(survey)}
    item = {
        "note": "я" * 2000,
        "surveys": {f"{n:024}": kept for n in range(MAX_SURVEYS)},
        "history": [correction] * MAX_CORRECTIONS,
        **_full_course(),
    }
    assert len(json.dumps(item, ensure_ascii=False).encode()) < LIMIT


def _full_course() -> dict[str, Any]:
    """As many treatments of a lesion as there can be, as long as they can be."""
    told = Treatment.model_validate(
        {
            "what": "radiotherapy",
            "done_on": "2026-03-01",
            "outcome": "lost_to_follow_up",
            "outcome_on": "2026-03-02",
            "note": "я" * 500,
        }
    )
    treatment = RecordedTreatment(
        suffix="t", told=told, created_at=NOW, by="d" * 36, clinic_id="c" * 24, fingerprint="f" * 64
    )
    correction = {"at": timestamp(NOW), "by": "d" * 36, "was": treatment_json(told)}
    return {
        "treatments": {f"{n:024}": treatment_item(treatment) for n in range(MAX_TREATMENTS)},
        "amended": [correction] * MAX_AMENDMENTS,
    }


def test_two_patients_with_all_their_referrals_fit_an_item_together() -> None:
    step = Step(
        state=ReferralState.OFFERED, at=NOW, by="d" * 36, clinic_id="c" * 24, reason="я" * 500
    )
    referral = Referral(
        referral_id="r" * 24,
        from_clinic="c" * 24,
        to_clinic="c" * 24,
        lesions=frozenset(f"{n:024}" for n in range(MAX_LESIONS)),
        reason="я" * 500,
        expires_at=NOW,
        fingerprint="f" * 64,
        history=(replace(step, reason=None), replace(step, reason=None), step),
    )
    item = {f"{n:024}": referral_item(referral) for n in range(2 * MAX_REFERRALS)}
    assert len(json.dumps(item, ensure_ascii=False).encode()) < LIMIT
