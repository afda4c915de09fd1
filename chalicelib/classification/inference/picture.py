"""The values that go into the image gate and come out of it."""

from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image

from chalicelib.images.problems import SENTENCES, Problem

ContentType = Literal["image/jpeg", "image/png"]
# The profiles of cameras have 0.5 to 4 KB, those of printing presses up to 2 MB.
MAX_PROFILE_BYTES: Final = 4 * 1024 * 1024


class BadImage(Exception):
    """The bytes are not a photograph that Rodinka takes; `code` says why, for the sender."""

    def __init__(self, code: Problem) -> None:
        super().__init__(SENTENCES[code]["en"])
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the client said it would send: content type, number of bytes, SHA-256 in hex."""

    content_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the gate takes. Bytes are of the file, sides and pixels of the picture.

    `max_decoding_bytes` bounds what decoding alone needs: 4 bytes a pixel, and for a progressive
    JPEG all its coefficients beside them. With the defaults the gate stays below 512 MB, whatever
    the file. `max_scans` bounds the passes of a progressive JPEG (encoders write about 10), each of
    which costs time over the whole picture for a few bytes of file.
    """

    max_bytes: int = 30 * 1024 * 1024
    max_pixels: int = 37_000_000
    min_side: int = 64
    max_aspect: float = 8.0
    max_scans: int = 24
    max_decoding_bytes: int = 280_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPicture:
    """A photograph that passed the gate, free of every byte that is not picture.

    `data` is the clean file in its first format (`content_type`), `width` and `height` are pixels
    after orientation was applied, `thumbnail` is a JPEG, `pixel_hash` is `pixels.pixel_hash` of the
    decoded pixels, `image` the same pixels as an RGB image for the model.
    """

    data: bytes
    content_type: ContentType
    width: int
    height: int
    thumbnail: bytes
    pixel_hash: str
    image: Image.Image
