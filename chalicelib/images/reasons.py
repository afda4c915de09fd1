"""Why the model gave no answer about a photograph, and what to do about it.

The classifier gives these codes, an image's opinion stores them, and the HTTP functions turn them
into sentences; so this module imports nothing heavy.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, Literal


class NoAnswer(StrEnum):
    """Why there is no answer. The value is stored and answered as `reason.code`."""

    PHOTOGRAPH = "not_dermatoscopic_photograph"
    NO_LESION = "no_lesion"
    NOT_SKIN = "not_skin"
    UNSURE = "unsure"


NOT_JUDGED: Final = frozenset({NoAnswer.PHOTOGRAPH, NoAnswer.NO_LESION, NoAnswer.NOT_SKIN})
"""The picture is not one that the model judges: of such a one it has no probabilities at all."""

SENTENCES: Final[dict[NoAnswer, dict[Literal["ru", "en"], str]]] = {
    NoAnswer.PHOTOGRAPH: {
        "ru": "Похоже на обычную фотографию, а не на дерматоскопический снимок; модель судит только "
        "о дерматоскопических. Снимите очаг через дерматоскоп или добавьте этот снимок как обычный.",
        "en": "This looks like an ordinary photograph, not a dermatoscopic image, and the model judges "
        "only those. Photograph the lesion through a dermatoscope, or add this picture as an ordinary "
        "photograph.",
    },
    NoAnswer.NO_LESION: {
        "ru": "Похоже на кожу без очага. Проверьте, что очаг в кадре и в фокусе, и снимите его ещё раз.",
        "en": "This looks like skin without a lesion. See that the lesion is in the frame and in focus, "
        "and photograph it again.",
    },
    NoAnswer.NOT_SKIN: {
        "ru": "Не похоже на снимок кожи. Проверьте, тот ли файл вы отправили.",
        "en": "This does not look like a picture of skin. See whether you sent the file you meant.",
    },
    NoAnswer.UNSURE: {
        "ru": "Ни один диагноз не получил достаточной вероятности. Положитесь на осмотр и мнение "
        "экспертов.",
        "en": "No diagnosis is probable enough. Rely on the examination and on the experts.",
    },
}


def reason_of(opinion: Mapping[str, Any]) -> NoAnswer | None:
    """Why a stored opinion is no answer; None when it is one.

    Opinions from before reasons were stored abstain for one reason only.
    """
    if "reason" in opinion:
        return NoAnswer(opinion["reason"])
    return NoAnswer.UNSURE if opinion.get("abstained") else None


def is_judged(opinion: Mapping[str, Any]) -> bool:
    """Whether the probabilities of an opinion say something about the lesion."""
    return reason_of(opinion) not in NOT_JUDGED
