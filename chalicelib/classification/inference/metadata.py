"""What a picture file carries besides its picture, listed part by part.

The gate reads its own output with this before it lets it go, and the tests read everything.
"""

from typing import Final

from chalicelib.classification.inference import jpeg, png

# The segment that names the file's kind, exactly as libjpeg writes it: no density, no thumbnail.
PLAIN_JFIF: Final = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"


def parts(data: bytes) -> tuple[str, ...]:
    """The names of all segments or chunks in order, and `trailing` for bytes behind the end.

    JPEG segments are `APP0` … `APP15`, `COM`, or the marker in hex. Raises `BadImage`.
    """
    if data.startswith(png.SIGNATURE):
        walked = png.walk(data)
        names = tuple(chunk.name.decode("ascii") for chunk in walked.chunks)
        return (*names, *_trailing(data, walked.end))
    file = jpeg.walk(data)
    return (*(segment.name for segment in file.segments), *_trailing(data, file.end))


def foreign_parts(data: bytes) -> tuple[str, ...]:
    """The parts of a file that its picture does not need; a clean file has none. Raises `BadImage`.

    In a JPEG only tables, one frame and its scans are needed, and an APP0 without a thumbnail; in a
    PNG only `IHDR`, `IDAT` and `IEND`, since clean pixels have neither palette nor transparency.
    """
    if data.startswith(png.SIGNATURE):
        return tuple(name for name in parts(data) if name not in {"IHDR", "IDAT", "IEND"})
    file = jpeg.walk(data)
    foreign = (
        segment.name
        for segment in file.segments
        if segment.marker not in jpeg.PICTURE
        and not (segment.name == "APP0" and data[segment.payload : segment.end] == PLAIN_JFIF)
    )
    return (*foreign, *_trailing(data, file.end))


def _trailing(data: bytes, end: int) -> tuple[str, ...]:
    return () if end == len(data) else ("trailing",)
