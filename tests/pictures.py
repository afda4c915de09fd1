"""Photographs made by code: good ones, odd ones and hostile ones, for every test that needs a file.

Nothing here is random unless a seed is given, and nothing is read from disk.
"""

import io
import struct
import zlib
from collections.abc import Iterable
from functools import cache

import numpy as np
from PIL import Image, TiffImagePlugin

SECRET = "Ivanova Anna Petrovna"


def photograph(width: int = 640, height: int = 480, *, seed: int = 7) -> Image.Image:
    """Skin with one dark lesion off the centre and a little noise, RGB."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : min(height, 480), 0 : min(width, 640)]
    rows, columns = y.shape
    distance = np.hypot((x - 0.4 * columns) / columns, (y - 0.45 * rows) / rows)
    lesion = 1 / (1 + np.exp((distance - 0.2) * 40))
    skin = np.array([224, 178, 154]) + 12 * np.sin(x / 37 + y / 53)[..., None]
    pixels = skin * (1 - lesion[..., None]) + np.array([96, 60, 48]) * lesion[..., None]
    noisy = pixels + rng.normal(0, 4, pixels.shape)
    image = Image.fromarray(noisy.clip(0, 255).astype(np.uint8))
    return image if image.size == (width, height) else image.resize((width, height))


def quarters(width: int = 96, height: int = 80) -> Image.Image:
    """Red, green, blue and white quarters (left to right, top to bottom): shows any turn."""
    image = Image.new("RGB", (width, height), "white")
    half = (width // 2, height // 2)
    image.paste((255, 0, 0), (0, 0, *half))
    image.paste((0, 255, 0), (half[0], 0, width, half[1]))
    image.paste((0, 0, 255), (0, half[1], half[0], height))
    return image


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    """A JPEG file; `options` are Pillow's."""
    return _saved(image or photograph(), "JPEG", **({"quality": 90} | options))


def png(image: Image.Image | None = None, **options: object) -> bytes:
    """A PNG file; `options` are Pillow's."""
    return _saved(image or photograph(), "PNG", **options)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# --- parts of files -------------------------------------------------------------------------------


def segment(marker: int, payload: bytes) -> bytes:
    """One JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def with_segments(data: bytes, *segments: bytes) -> bytes:
    """A JPEG with further segments right behind its start."""
    return data[:2] + b"".join(segments) + data[2:]


def chunk(name: bytes, payload: bytes) -> bytes:
    """One PNG chunk with a right checksum."""
    body = name + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def with_chunks(data: bytes, *chunks: bytes) -> bytes:
    """A PNG with further chunks right behind its header."""
    return data[:33] + b"".join(chunks) + data[33:]


def png_of(
    width: int,
    height: int,
    rows: Iterable[bytes],
    *,
    depth: int = 8,
    kind: int = 2,
    interlaced: bool = False,
) -> bytes:
    """A PNG written row by row (each without its filter byte), so that a huge one costs nothing."""
    packing = zlib.compressobj(9)
    packed = b"".join(packing.compress(b"\x00" + row) for row in rows) + packing.flush()
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced))
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), chunk(b"IDAT", packed), chunk(b"IEND", b""))
    )


def interlaced_rows(width: int, height: int, *, bits: int) -> list[bytes]:
    """Empty rows of the seven passes of an interlaced PNG, in the order of the file."""
    passes = ("0808", "4808", "0448", "2404", "0224", "1202", "0112")
    rows = []
    for left, across, top, down in (map(int, each) for each in passes):
        columns = len(range(left, width, across))
        rows += [bytes((columns * bits + 7) // 8) for _ in range(top, height, down)]
    return rows


def exif(*, orientation: int = 1, name: str = "", thumbnail: bytes = b"") -> bytes:
    """A TIFF structure with orientation, a person's name, a place, and a preview picture."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    if name:
        tags[0x010E] = tags[0x013B] = tags[0x8298] = name
        tags.get_ifd(0x8769)[0x9286] = b"ASCII\x00\x00\x00" + name.encode()
        place = tags.get_ifd(0x8825)
        place[1], place[3] = "N", "E"
        place[2] = tuple(TiffImagePlugin.IFDRational(part) for part in (52, 58, 12))
        place[4] = tuple(TiffImagePlugin.IFDRational(part) for part in (36, 5, 33))
        place[27] = b"ASCII\x00\x00\x00" + name.encode()
    return tags.tobytes().removeprefix(b"Exif\x00\x00") + thumbnail


Colourants = tuple[tuple[float, float, float], ...]
# Red, green and blue as XYZ under D50, as the profiles of these spaces give them.
SRGB: Colourants = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
DISPLAY_P3: Colourants = (
    (0.5151, 0.2412, -0.0011),
    (0.2920, 0.6922, 0.0419),
    (0.1571, 0.0666, 0.7841),
)


def profile(colourants: Colourants = SRGB, *, name: str = "a profile") -> bytes:
    """An ICC profile (version 2) of three colourants with sRGB's curve, carrying a name."""

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(v * 65536)) for v in values)

    text = name.encode() + b"\0"
    steps = np.linspace(0, 1, 256)
    linear = np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)
    curve = b"curv\0\0\0\0" + struct.pack(">I256H", 256, *np.round(linear * 65535).astype(int))
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78),
        b"cprt": b"text\0\0\0\0" + text,
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
    }
    for channel, colourant in zip(b"rgb", colourants, strict=True):
        tags[bytes([channel]) + b"XYZ"] = xyz(*colourant)
        tags[bytes([channel]) + b"TRC"] = curve
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size = 128 + len(table) + len(body)
    head = struct.pack(">I", size) + b"lcms\x02\x10\0\0mntrRGB XYZ " + bytes(12) + b"acsp"
    white = struct.pack(">iii", 63190, 65536, 54061)
    return (head.ljust(68, b"\0") + white).ljust(128, b"\0") + table + body


# --- files that name a person ---------------------------------------------------------------------


def jpeg_that_names(secret: str = SECRET, image: Image.Image | None = None) -> bytes:
    """A JPEG with the name in every place that a JPEG has for text."""
    text = secret.encode()
    preview = jpeg(photograph(160, 120), comment=text)
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator>" + text + b"</dc:creator>"
    coloured = profile(name=secret)
    return (
        with_segments(
            jpeg(image, comment=text),
            segment(0xE1, b"Exif\0\0" + exif(name=secret, thumbnail=preview)),
            segment(0xE1, xmp),
            segment(0xE2, b"ICC_PROFILE\0\x01\x01" + coloured),
            segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + text),
            segment(0xFE, text),
            segment(0xE0, b"JFXX\0\x10" + preview),
            segment(0xEF, text),
        )
        + text
    )


def png_that_names(secret: str = SECRET, image: Image.Image | None = None) -> bytes:
    """A PNG with the name in every place that a PNG has for text, packed and unpacked."""
    text = secret.encode()
    coloured = profile(name=secret)
    return (
        with_chunks(
            png(image),
            chunk(b"iCCP", text + b"\0\0" + zlib.compress(coloured)),
            chunk(b"tEXt", b"Author\0" + text),
            chunk(b"zTXt", b"Comment\0\0" + zlib.compress(text)),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + text),
            chunk(b"iTXt", b"Title\0\x01\0ru\0\0" + zlib.compress(text)),
            chunk(b"eXIf", exif(name=secret)),
            chunk(b"tIME", struct.pack(">HBBBBB", 1975, 3, 29, 1, 2, 3)),
            chunk(b"prVt", text),
        )
        + text
    )


# --- files of other kinds, all of which have been called .jpg -------------------------------------


def other_kinds() -> dict[str, bytes]:
    """One small file of each kind that is no JPEG and no PNG, by name."""
    animated = io.BytesIO()
    photograph(80, 80).save(
        animated, "GIF", save_all=True, append_images=[photograph(80, 80, seed=1)]
    )
    eps = io.BytesIO()
    photograph(80, 80).save(eps, "EPS")
    return {
        "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        "eps": eps.getvalue(),
        "gif": animated.getvalue(),
        "dicom": bytes(128) + b"DICM\x02\0\0\0UL\x04\0" + bytes(200),
        "pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n",
        "html": b"<!doctype html><script>alert(1)</script>",
        "heic": struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(64),
        "zip": b"PK\x05\x06" + bytes(18),
        "text": "не фотография".encode(),
        "zeros": bytes(5000),
    }


# --- bombs ----------------------------------------------------------------------------------------


def square_bomb(side: int = 13_000) -> bytes:
    """About 20 KB that unpack to 169 million pixels."""
    return png_of(side, side, (bytes((side + 7) // 8) for _ in range(side)), depth=1, kind=0)


def strip_bomb() -> bytes:
    """A picture of 65,000 x 1."""
    return png_of(65_000, 1, [bytes(3 * 65_000)])


def text_bomb(name: bytes, megabytes: int = 300) -> bytes:
    """A good small PNG with a text or profile chunk that unpacks to `megabytes`."""
    packed = _packed_zeros(megabytes)
    head = {b"zTXt": b"a\0\0", b"iTXt": b"a\0\x01\0\0\0", b"iCCP": b"a\0\0"}[name]
    return with_chunks(png(photograph(128, 96)), chunk(name, head + packed))


@cache
def _packed_zeros(megabytes: int) -> bytes:
    packing = zlib.compressobj(9)
    return b"".join(packing.compress(bytes(1 << 20)) for _ in range(megabytes)) + packing.flush()


def scan_bomb(width: int, height: int, scans: int) -> bytes:
    """A progressive JPEG whose last, nearly empty scan is repeated: each costs a whole pass."""
    data = jpeg(Image.new("RGB", (width, height), (200, 150, 130)), progressive=True, subsampling=0)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + data[-2:]


# --- several pictures in one file -----------------------------------------------------------------


def animated_png() -> bytes:
    return png(photograph(96, 96), save_all=True, append_images=[photograph(96, 96, seed=1)])


def two_pictures(second: Image.Image) -> bytes:
    """A multi-picture JPEG (CIPA DC-007), as phones with two cameras or a gain map write it."""
    return _saved(photograph(), "MPO", save_all=True, append_images=[second])
