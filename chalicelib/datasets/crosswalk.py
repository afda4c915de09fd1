"""A release's values in the words of the ISIC Archive (its metadata dictionary, api.isic-archive.com)."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from chalicelib.patients import isic
from chalicelib.patients.choices import SkinType
from chalicelib.platform.lesion_classes import LesionClass

LEVELS: Final = 5
SITES: Final[Mapping[str, str]] = {
    "head_neck": "head/neck",
    "legs": "lower extremity",
    "genitals": "oral/genital",
    "torso": "torso",
    "palms_soles": "palms/soles",
    "arms": "upper extremity",
}
"""`anatom_site_general`. A region that the Archive has no word for stands in `rodinka_site` alone."""
OLDEST: Final = 85
"""The Archive caps ages there."""

_CONFIRMED: Final[Mapping[str, str]] = {
    "histology": "histopathology",
    "follow_up": "serial imaging showing no change",
    "confocal": "confocal microscopy with consensus dermoscopy",
    "consensus": "single image expert consensus",
    "two_agree": "single image expert consensus",
    "arbitration": "single image expert consensus",
    "document": "single contributor clinical assessment",
}


@cache
def class_of(diagnosis: str) -> LesionClass | None:
    """One of the nine; None for a technical defect."""
    return next((each for each in LesionClass if each == diagnosis), None)


@cache
def diagnosis_levels(diagnosis: str) -> tuple[str | None, ...]:
    """`diagnosis_1` to `diagnosis_5`: what all of the Archive's words for the class have in common.

    A class that the Archive splits on the first level already, or does not know, has none.
    """
    known = class_of(diagnosis)
    paths = [path.split(":") for path in isic.OF_CLASS[known]] if known else []
    shared = list[str]()
    for level in zip(*paths, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return tuple([*shared, *[None] * LEVELS][:LEVELS])


def confirm_type(label: Mapping[str, Any]) -> str | None:
    """`diagnosis_confirm_type`: an archive's own word where it told, else that of the verdict's rule."""
    return _CONFIRMED.get(label.get("confirmed_by") or label.get("rule") or "")


def age_approx(age: str | None) -> int | None:
    """`age_approx`: the lower end of a band of five years, `85+` as 85.

    None for a wider band, whose words stand in `rodinka_age`.
    """
    if age is None:
        return None
    if age.rstrip("+").isdigit():
        return min(int(age.rstrip("+")), OLDEST)
    low, _, high = age.partition("-")
    if low.isdigit() and high.isdigit() and int(high) - int(low) < 5:
        return min(int(low), OLDEST)
    return None


def skin_type(told: str | None) -> str | None:
    """`fitzpatrick_skin_type`: a single type; several together stand in `rodinka_skin_type`."""
    return told if any(told == each for each in SkinType) else None


def dermoscopic_type(capture: Mapping[str, Any]) -> str | None:
    """`dermoscopic_type`, where it was told how the picture was taken."""
    polarized, contact = capture.get("polarized"), capture.get("contact")
    if polarized is None or (not polarized and contact is False):
        return None
    if not polarized:
        return "contact non-polarized"
    if contact is None:
        return None
    return "contact polarized" if contact else "non-contact polarized"


def family_melanoma(survey: Mapping[str, Any]) -> bool | None:
    """`family_hx_mm`. The form asks of any cancer, so only its "none" answers what the Archive asks."""
    return False if survey.get("family_history") == ["none"] else None


def image_type(kind: str) -> str:
    return "dermoscopic" if kind == "dermoscopic" else "clinical: close-up"
