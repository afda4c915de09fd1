"""ICD-10 codes of the form's diagnoses and of the nine classes.

Source: ICD-10, WHO version of 2019, chapters II (C00–D48) and XII (L00–L99). A category stands for
everything under it. The first code is the usual one; nothing is listed where a word names no disease.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.patients.choices import Diagnosis
from chalicelib.platform.lesion_classes import LesionClass

OF_CLASS: Final[Mapping[LesionClass, tuple[str, ...]]] = {
    LesionClass.NEVUS: ("D22",),
    LesionClass.MELANOMA: ("C43", "D03"),
    LesionClass.ACTINIC_KERATOSIS: ("L57.0",),
    LesionClass.BASAL_CELL_CARCINOMA: ("C44",),
    LesionClass.BENIGN_KERATOSIS: ("L82", "L81.4"),
    LesionClass.DERMATOFIBROMA: ("D23",),
    LesionClass.SQUAMOUS_CELL_CARCINOMA: ("C44", "D04"),
    LesionClass.VASCULAR_LESION: ("D18.0", "I78.1", "L98.0"),
    LesionClass.UNKNOWN: (),
}

OF_DIAGNOSIS: Final[Mapping[Diagnosis, tuple[str, ...]]] = {
    Diagnosis.NEVUS: ("D22",),
    Diagnosis.MELANOMA: ("C43", "D03"),
    # Skin tags and viral warts are both called papilloma; the form does not tell them apart.
    Diagnosis.PAPILLOMA: ("D23", "B07"),
    Diagnosis.DYSPLASTIC_NEVUS: ("D22",),
    Diagnosis.KERATOPAPILLOMA: ("L82", "D23"),
    Diagnosis.DERMATOFIBROMA: ("D23",),
    Diagnosis.EPIDERMAL_CYST: ("L72.0",),
    Diagnosis.SKIN_CANCER: ("C44",),
    Diagnosis.SKIN_LYMPHOMA: ("C84",),
    Diagnosis.HEMANGIOMA: ("D18.0",),
    Diagnosis.KAPOSI_SARCOMA: ("C46.0",),
    Diagnosis.OTHER: (),
}

CODE: Final = r"^[A-Z][0-9]{2}(\.[0-9]{1,2})?$"
"""How a code is written: a category, or what stands under it."""
IN_SITU: Final = ("D03", "D04")
"""Melanoma and squamous cell carcinoma that have not gone beyond the epidermis."""
MANY_KINDS: Final = ("D23",)
"""All benign tumours of the skin: it names dermatofibroma among others."""


def is_under(code: str, category: str) -> bool:
    """Whether a code is the category itself or stands under it."""
    return code == category or code.startswith(category if "." in category else f"{category}.")


def names(code: str, lesion_class: LesionClass) -> bool:
    """Whether a code may stand beside a diagnosis of this class.

    Beside `UNKNOWN` may stand whatever names none of the other classes alone.
    """
    if lesion_class is LesionClass.UNKNOWN:
        named = any(names(code, each) for each in OF_CLASS if each is not LesionClass.UNKNOWN)
        return not named or any(is_under(code, category) for category in MANY_KINDS)
    return any(is_under(code, category) for category in OF_CLASS[lesion_class])
