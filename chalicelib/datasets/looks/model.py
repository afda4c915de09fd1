"""A curator's look at an image before it first enters a dataset: a face, a tattoo, a name in the frame?"""

import json
from dataclasses import dataclass
from typing import Final

from chalicelib.platform.labelled import Labelled
from chalicelib.platform.language import Text

MOST_AT_ONCE: Final = 100
"""Looks that one request notes."""
SEEN_AT_ONCE: Final = 100
"""Images of the list that one page reads: those looked at meanwhile are left out of it."""


class Look(Labelled):
    """What a curator saw in the picture beside the lesion."""

    CLEAR = "clear", "ничего лишнего", "nothing beside the lesion"
    IDENTIFYING = "identifying", "видно, чей это снимок", "something that tells whose it is"
    TECHNICAL_DEFECT = "technical_defect", "технический дефект", "a technical defect"


class Telling(Labelled):
    """What in a picture tells whose it is."""

    FACE = "face", "лицо", "a face"
    TATTOO = "tattoo", "татуировка", "a tattoo"
    NAME = "name", "имя или номер", "a name or a number"
    OTHER = "other", "другое", "something else"


@dataclass(frozen=True)
class Waiting:
    """The images of a preview that nobody has looked at."""

    image_ids: tuple[str, ...]
    computed_at: str

    def written(self) -> bytes:
        told = {"computed_at": self.computed_at, "image_ids": list(self.image_ids)}
        return json.dumps(told, separators=(",", ":")).encode()


def read_waiting(data: bytes) -> Waiting:
    told = json.loads(data)
    return Waiting(tuple(told["image_ids"]), told["computed_at"])


PREVIEWS: Final = "private/previews/"
"""Where in the releases bucket the lists of all datasets lie. Nobody is given a link to them."""


def waiting_key(code: str) -> str:
    return f"{PREVIEWS}{code}/waiting.json"


NO_PREVIEW: Final = Text(
    "Просмотр этого набора ещё не вычислен. Запросите его и подождите, пока он будет готов.",
    "No preview of this dataset has been computed yet. Ask for one and wait until it is ready.",
)
TWICE: Final = Text("Этот снимок назван в запросе дважды.", "This image is named twice.")
UNKNOWN_IMAGE: Final = Text(
    "Такого снимка среди принятых нет: проверьте номер. Ничего из запроса не сохранено.",
    "There is no such image among those accepted: check the id. Nothing of the request was kept.",
)
TELLS_NOTHING: Final = Text(
    "Указывайте, что видно, только для снимка, по которому можно узнать человека.",
    "Say what is seen only of an image that tells whose it is.",
)
