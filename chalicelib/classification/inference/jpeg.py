"""The anatomy of a JPEG file, read without decoding a pixel (ITU-T T.81, annex B).

The decoder is shown only `bare(...)`: the segments that make the picture. What carries metadata
(EXIF, XMP, ICC, comments, further pictures after the end) never reaches it.
"""

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.classification.inference.picture import BadImage
from chalicelib.images.problems import Problem

SIGNATURE: Final = b"\xff\xd8\xff"
START, END, SCAN, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
QUANTISATION, HUFFMAN, RESTART_INTERVAL, ADOBE = 0xDB, 0xC4, 0xDD, 0xEE
BASELINE, EXTENDED, PROGRESSIVE = 0xC0, 0xC1, 0xC2
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {HUFFMAN, 0xC8, 0xCC}
PICTURE: Final = frozenset(
    {QUANTISATION, HUFFMAN, RESTART_INTERVAL, SCAN, BASELINE, EXTENDED, PROGRESSIVE}
)
# A photograph has about a dozen segments, and 460 of the largest fill a file of the size limit.
MAX_SEGMENTS: Final = 2000
# libjpeg fetches up to 8 bytes more than it decodes; these stand where the end marker was.
_READ_AHEAD: Final = bytes(16)
# Any number of FF may stand before a marker; a file of them must not cost a step for each.
_FILL: Final = b"\xff" * 4096
# Inside a scan, FF is data when 00 follows (stuffing), a restart marker, or fill before a marker.
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_RUN: Final = re.compile(rb"\xff{2,}")
_TWO: Final = b"\xff\xff"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its marker, and where it lies in the file, without fill bytes before it.

    The segment of a scan includes its coded data.
    """

    marker: int
    start: int
    payload: int
    end: int

    @property
    def name(self) -> str:
        if 0xE0 <= self.marker <= 0xEF:
            return f"APP{self.marker - 0xE0}"
        return "COM" if self.marker == COMMENT else f"{self.marker:02X}"


@dataclass(frozen=True, slots=True)
class Component:
    """One colour component of a frame: its id, sampling factors and quantisation table."""

    id: int
    horizontal: int
    vertical: int
    table: int


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A walked file. `end` is the offset behind the end marker; what follows is no picture."""

    segments: tuple[Segment, ...]
    end: int
    width: int
    height: int
    progressive: bool
    components: tuple[Component, ...]
    ycbcr: bool

    @property
    def scans(self) -> int:
        return sum(segment.marker == SCAN for segment in self.segments)

    @property
    def decoding_bytes(self) -> int:
        """What the decoder needs: 4 bytes a pixel, and 2 a coefficient if it must keep them all."""
        pixels = self.width * self.height
        widest = max(part.horizontal for part in self.components)
        tallest = max(part.vertical for part in self.components)
        share = sum(part.horizontal * part.vertical for part in self.components)
        kept = 2 * pixels * share // (widest * tallest)
        several = self.progressive or self.scans > 1
        return 4 * pixels + (kept if several else 0)


def walk(data: bytes) -> Jpeg:
    """List the segments of the first picture in `data`.

    Raises `BadImage`: `wrong_type` without the signature, `truncated` when the file ends before its
    end marker, `unsupported` for arithmetic, lossless or hierarchical coding, 12-bit samples, or an
    odd number of components, `damaged` for a structure that no encoder writes.
    """
    if not data.startswith(SIGNATURE):
        raise BadImage(Problem.WRONG_TYPE)
    segments, end = _segments(data)
    frames = [segment for segment in segments if segment.marker in FRAMES]
    if len(frames) != 1 or not any(segment.marker == SCAN for segment in segments):
        raise BadImage(Problem.DAMAGED)
    frame = data[frames[0].payload : frames[0].end]
    if frames[0].marker not in PICTURE:
        raise BadImage(Problem.UNSUPPORTED)
    if len(frame) < 6 or len(frame) != 6 + 3 * frame[5]:
        raise BadImage(Problem.DAMAGED)
    if frame[0] != 8 or frame[5] not in (1, 3, 4):
        raise BadImage(Problem.UNSUPPORTED)
    height, width = int.from_bytes(frame[1:3]), int.from_bytes(frame[3:5])
    components = tuple(
        Component(frame[at], frame[at + 1] >> 4, frame[at + 1] & 15, frame[at + 2])
        for at in range(6, len(frame), 3)
    )
    factors = [factor for part in components for factor in (part.horizontal, part.vertical)]
    if not width or not height or not all(1 <= factor <= 4 for factor in factors):
        raise BadImage(Problem.DAMAGED)
    return Jpeg(
        segments=segments,
        end=end,
        width=width,
        height=height,
        progressive=frames[0].marker == PROGRESSIVE,
        components=components,
        ycbcr=_is_ycbcr(data, segments, components),
    )


def _segments(data: bytes) -> tuple[tuple[Segment, ...], int]:
    segments: list[Segment] = []
    at = 2
    while len(segments) < MAX_SEGMENTS:
        marker, at = _marker(data, at)
        if marker == END:
            return tuple(segments), at
        start = at - 2
        length = int.from_bytes(data[at : at + 2])
        if at + max(length, 2) > len(data):
            raise BadImage(Problem.TRUNCATED)
        if length < 2:
            raise BadImage(Problem.DAMAGED)
        payload, at = at + 2, at + length
        if marker == SCAN:
            found = _NEXT_MARKER.search(data, at)
            if found is None:
                raise BadImage(Problem.TRUNCATED)
            at = found.start()
        segments.append(Segment(marker, start, payload, at))
    raise BadImage(Problem.DAMAGED)


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker that must stand at this offset, and the offset behind it."""
    start = at
    while data.startswith(_FILL, at):
        at += len(_FILL)
    while data.startswith(b"\xff", at):
        at += 1
    if at >= len(data):
        raise BadImage(Problem.TRUNCATED)
    if at == start or data[at] < 0xC0 or 0xD0 <= data[at] <= START:
        raise BadImage(Problem.DAMAGED)
    return data[at], at + 1


def _is_ycbcr(
    data: bytes, segments: tuple[Segment, ...], components: tuple[Component, ...]
) -> bool:
    """Whether three components are luma and two chroma, by the rules that libjpeg follows."""
    if len(components) != 3:
        return False
    for segment in segments:
        if _is_jfif(data, segment):
            return True
        if _is_adobe(data, segment):
            return data[segment.payload + 11] != 0
    return bytes(part.id for part in components) != b"RGB"


def _is_jfif(data: bytes, segment: Segment) -> bool:
    return segment.marker == 0xE0 and data.startswith(b"JFIF\x00", segment.payload)


def _is_adobe(data: bytes, segment: Segment) -> bool:
    """The segment that says how colours are coded (Adobe technical note 5116)."""
    long_enough = segment.end - segment.payload >= 12
    return segment.marker == ADOBE and long_enough and data.startswith(b"Adobe", segment.payload)


def bare(data: bytes, jpeg: Jpeg) -> bytes:
    """The file with only the segments that the decoder needs, colour hints included.

    A decoder that meets the end marker too early fills the rest of the picture with grey and says
    nothing. So a file of one pass is given without it: whoever cut the file in half and put an end
    marker on it, the decoder now runs out of data, and that is an error. A file of several passes
    must have its end; for that one there is `is_complete`.
    """
    kept = [
        _without_fill(data, segment)
        for segment in jpeg.segments
        if segment.marker in PICTURE or _is_jfif(data, segment) or _is_adobe(data, segment)
    ]
    one_pass = jpeg.scans == 1 and not jpeg.progressive
    return b"".join([b"\xff\xd8", *kept, _READ_AHEAD if one_pass else b"\xff\xd9"])


def _without_fill(data: bytes, segment: Segment) -> bytes | memoryview:
    """The same segment; in the coded data of a scan every run of FF is cut to one byte.

    Runs of them mean nothing, yet the decoder begins a run anew with each piece of file it gets, so
    that 30 MB of them would cost it seconds.
    """
    part = memoryview(data)[segment.start : segment.end]
    if segment.marker != SCAN or data.find(_TWO, segment.start, segment.end) < 0:
        return part
    head = 2 + int.from_bytes(part[2:4])
    return bytes(part[:head]) + _RUN.sub(b"\xff", bytes(part[head:]))


def exif(data: bytes, jpeg: Jpeg) -> bytes:
    """The first EXIF block (a TIFF file in itself), or nothing."""
    for segment in jpeg.segments:
        if segment.marker == 0xE1 and data.startswith(b"Exif\x00", segment.payload):
            return data[segment.payload + 6 : segment.end]
    return b""


def icc_profile(data: bytes, jpeg: Jpeg) -> bytes:
    """The colour profile put together from its numbered parts, or nothing if parts are missing."""
    parts: dict[int, bytes] = {}
    total = 0
    for segment in jpeg.segments:
        if segment.marker == 0xE2 and data.startswith(b"ICC_PROFILE\x00", segment.payload):
            head = data[segment.payload + 12 : segment.payload + 14]
            if len(head) == 2:
                parts[head[0]] = data[segment.payload + 14 : segment.end]
                total = head[1]
    if not parts or sorted(parts) != list(range(1, total + 1)):
        return b""
    return b"".join(parts[number] for number in sorted(parts))


def holds_equal_pictures(data: bytes, jpeg: Jpeg) -> bool:
    """Whether a multi-picture file (CIPA DC-007) holds a second picture as large as the first.

    Phones put a gain map, a depth map or a preview behind the photograph: smaller pictures, which
    are dropped with everything else behind the end. Two of one size (a burst, a pair of stereo
    views) leave open which of them is meant.
    """
    if not any(
        segment.marker == 0xE2 and data.startswith(b"MPF\x00", segment.payload)
        for segment in jpeg.segments
    ):
        return False
    second = data.find(SIGNATURE, jpeg.end)
    if second < 0:
        return False
    try:
        other = walk(data[second:])
    except BadImage:
        return False
    return (other.width, other.height) == (jpeg.width, jpeg.height)


def is_complete(data: bytes, jpeg: Jpeg) -> bool:
    """Whether a progressive file's scans bring every coefficient of each component to full depth.

    A progressive file cut off and closed by an end marker decodes without complaint; its later
    scans are missing, and this tells. (Cut within the very last one, the picture is whole and only
    its finest detail is missing in part: that passes.) Other files are complete in this sense.
    """
    if not jpeg.progressive:
        return True
    depth = {(part.id, position): 16 for part in jpeg.components for position in range(64)}
    for segment in jpeg.segments:
        if segment.marker == SCAN:
            count = data[segment.payload]
            head = data[segment.payload + 1 : segment.payload + 1 + 2 * count + 3]
            if len(head) != 2 * count + 3:
                return False
            first, last, approximation = head[-3:]
            for at in range(0, 2 * count, 2):
                for position in range(first, min(last, 63) + 1):
                    depth[head[at], position] = approximation & 15
    # Colour may be left coarse on purpose; brightness never is.
    return all(depth[jpeg.components[0].id, position] == 0 for position in range(64))
