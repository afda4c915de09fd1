"""Which way up a photograph is: the one fact of EXIF that belongs to the picture."""

from typing import Final, Literal

from PIL import Image

_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def turn(exif: bytes) -> Image.Transpose | None:
    """How to turn the pixels so that they stand as the camera meant, or None to leave them.

    `exif` is the TIFF structure without any prefix. Reads tag 0x0112 of its first directory (EXIF
    2.32, 4.6.4) and nothing else; whatever is broken counts as not turned.
    """
    orders: dict[bytes, Literal["little", "big"]] = {b"II*\x00": "little", b"MM\x00*": "big"}
    order = orders.get(exif[:4])
    if order is None:
        return None

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], order)

    directory = number(4, 4)
    for index in range(number(directory, 2)):
        entry = directory + 2 + 12 * index
        if entry + 12 > len(exif):
            return None
        if number(entry, 2) == _ORIENTATION:
            if number(entry + 2, 2) != _SHORT or number(entry + 4, 4) != 1:
                return None
            return _TURNS.get(number(entry + 8, 2))
    return None
