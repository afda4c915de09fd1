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
