"""The nine classes into which the model and the experts read a lesion."""

from typing import Final

from chalicelib.platform.labelled import Labelled
from chalicelib.platform.language import Text


class LesionClass(Labelled):
    """What a lesion is called by the model, the experts, labels and datasets."""

    NEVUS = "nevus", "родинка", "nevus"
    MELANOMA = "melanoma", "меланома", "melanoma"
    ACTINIC_KERATOSIS = "actinic_keratosis", "актинический кератоз", "actinic keratosis"
    BASAL_CELL_CARCINOMA = (
        "basal_cell_carcinoma",
        "базальноклеточная карцинома",
        "basal cell carcinoma",
    )
    BENIGN_KERATOSIS = (
        "benign_keratosis",
        "кератозное поражение",
        "benign keratosis",
        Text(
            "Себорейный кератоз, солнечное лентиго, лихеноидный кератоз.",
            "Seborrheic keratosis, solar lentigo, lichen planus-like keratosis.",
        ),
    )
    DERMATOFIBROMA = "dermatofibroma", "дерматофиброма", "dermatofibroma"
    SQUAMOUS_CELL_CARCINOMA = (
        "squamous_cell_carcinoma",
        "рак кожи",
        "squamous cell carcinoma",
        Text("Плоскоклеточный рак кожи, в том числе in situ.", "Invasive or in situ."),
    )
    VASCULAR_LESION = "vascular_lesion", "сосудистое поражение", "vascular lesion"
    UNKNOWN = (
        "unknown",
        "неизвестный диагноз",
        "unknown diagnosis",
        Text(
            "Честный ответ «не знаю»: модель воздержалась или эксперт не уверен.",
            "An honest “I do not know”: the model abstained or the expert is not sure.",
        ),
    )


MALIGNANT: Final = frozenset(
    {
        LesionClass.MELANOMA,
        LesionClass.BASAL_CELL_CARCINOMA,
        LesionClass.SQUAMOUS_CELL_CARCINOMA,
        LesionClass.ACTINIC_KERATOSIS,
    }
)
"""Malignant, or on the way there (actinic keratosis): classes that must not be missed."""
