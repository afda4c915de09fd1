"""Which model answers: the one made active in the catalogue, or the one that the layer ships.

The shipped model is admitted by the test recorded on its card, on lesions it was never trained on.
"""

from pathlib import Path
from typing import Final

from chalicelib.platform import keys
from chalicelib.platform.runtime import Platform

SHIPPED: Final = "rodinka-1"


class NoSuchModel(LookupError):
    """The active model is not in this layer: the layer and the catalogue were not deployed together."""


def active_model_file(platform: Platform) -> Path:
    """The ONNX file of the active model. Raises `NoSuchModel`. One call to AWS.

    Asked once a container: a change of model takes effect as containers are replaced.
    """
    active = platform.catalogue.get(keys.active_model())
    name = active["file"] if active else SHIPPED
    path = platform.settings.models / f"{Path(name).name}.onnx"
    if not path.is_file():
        raise NoSuchModel(name)
    return path
