"""Equivalents in the ISIC Archive's controlled vocabularies of diagnoses and anatomical sites.

A value is a path from general to special and stands for everything below it. Where two of our words
reach the same value, the longer path decides: a palm is `palms_soles`, the rest of the hand `arms`.
Source: the Archive's own lists of `diagnosis` and `anatom_site` values (api.isic-archive.com).

Three places where the Archive's order surprises: basal cell carcinoma is filed under follicular
adnexal proliferations, actinic keratosis is Indeterminate rather than Benign, and lichenoid
keratosis is called lichen planus like keratosis.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.patients.choices import Diagnosis, Site
from chalicelib.platform.lesion_classes import LesionClass

_EPIDERMAL: Final = "Benign:Benign epidermal proliferations"
_FIBROUS: Final = "Benign:Benign soft tissue proliferations - Fibro-histiocytic"
_VASCULAR: Final = "Benign:Benign soft tissue proliferations - Vascular"
_NEVUS: Final = "Benign:Benign melanocytic proliferations:Nevus"
_MELANOMA: Final = "Malignant:Malignant melanocytic proliferations (Melanoma)"
_SEBORRHEIC: Final = f"{_EPIDERMAL}:Seborrheic keratosis"
_BASAL: Final = (
    "Malignant:Malignant adnexal epithelial proliferations - Follicular:Basal cell carcinoma"
)
_SQUAMOUS: Final = tuple(
    f"Malignant:Malignant epidermal proliferations:Squamous cell carcinoma{kind}"
    for kind in (", NOS", ", Invasive", " in situ")
)

OF_CLASS: Final[Mapping[LesionClass, tuple[str, ...]]] = {
    LesionClass.NEVUS: (_NEVUS,),
    LesionClass.MELANOMA: (_MELANOMA,),
    LesionClass.ACTINIC_KERATOSIS: (
        "Indeterminate:Indeterminate epidermal proliferations:Solar or actinic keratosis",
    ),
    LesionClass.BASAL_CELL_CARCINOMA: (_BASAL,),
    LesionClass.BENIGN_KERATOSIS: (
        _SEBORRHEIC,
        f"{_EPIDERMAL}:Solar lentigo",
        f"{_EPIDERMAL}:Lichen planus like keratosis",
        f"{_EPIDERMAL}:Pigmented benign keratosis",
    ),
    LesionClass.DERMATOFIBROMA: (f"{_FIBROUS}:Dermatofibroma",),
    LesionClass.SQUAMOUS_CELL_CARCINOMA: _SQUAMOUS,
    LesionClass.VASCULAR_LESION: (_VASCULAR, "Benign:Hemorrhagic lesions:Hemorrhage"),
    LesionClass.UNKNOWN: (),
}

OF_DIAGNOSIS: Final[Mapping[Diagnosis, tuple[str, ...]]] = {
    Diagnosis.NEVUS: (_NEVUS,),
    Diagnosis.MELANOMA: (_MELANOMA,),
    Diagnosis.PAPILLOMA: (
        f"{_FIBROUS}:Fibroepithelial polyp",
        "Benign:Inflammatory or infectious diseases:Verruca",
    ),
    Diagnosis.DYSPLASTIC_NEVUS: (f"{_NEVUS}:Nevus, Atypical, Dysplastic, or Clark",),
    Diagnosis.KERATOPAPILLOMA: (_SEBORRHEIC,),
    Diagnosis.DERMATOFIBROMA: (f"{_FIBROUS}:Dermatofibroma",),
    Diagnosis.EPIDERMAL_CYST: ("Benign:Cysts:Infundibular or epidermal cyst",),
    Diagnosis.SKIN_CANCER: (_BASAL, *_SQUAMOUS),
    Diagnosis.SKIN_LYMPHOMA: (
        "Malignant:Lymphocytic proliferations - T-Cell/NK",
        "Malignant:Lymphocytic proliferations - B-Cell",
    ),
    Diagnosis.HEMANGIOMA: (f"{_VASCULAR}:Hemangioma",),
    Diagnosis.KAPOSI_SARCOMA: (
        "Malignant:Malignant soft tissue proliferations - Vascular:Kaposi sarcoma",
    ),
    Diagnosis.OTHER: (),
}

OF_SITE: Final[Mapping[Site, tuple[str, ...]]] = {
    Site.HEAD_NECK: ("Head and neck",),
    Site.LEGS: ("Lower extremity",),
    Site.GENITALS: ("Anogenital region",),
    Site.TORSO: ("Trunk",),
    Site.PALMS_SOLES: (
        "Upper extremity:Hand:Palm of hand",
        "Lower extremity:Foot:Sole of foot",
    ),
    Site.ARMS: ("Upper extremity",),
}
