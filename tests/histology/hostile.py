"""PDFs that carry what a report must not, one function each."""

import struct
import zlib
from collections.abc import Callable
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.histology.papers import page, pdf, saved

SECRET: Final = b"Ivan Petrov"
SCRIPT: Final = Dictionary(S=Name.JavaScript, JS=String("app.alert('Ivan Petrov')"))
LAUNCH: Final = Dictionary(S=Name.Launch, F=String("Ivan Petrov.exe"))


def _file(change: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> bytes:
    file = pikepdf.new()
    change(file, page(file))
    return saved(file, compress_streams=False)


def _set(target: Any, **entries: Any) -> None:
    for name, value in entries.items():
        target[f"/{name}"] = value


def _action(file: pikepdf.Pdf, action: Dictionary) -> Any:
    return file.make_indirect(Dictionary(dict(action.items())))


def _attach(file: pikepdf.Pdf, _: pikepdf.Page) -> None:
    file.attachments["letter.txt"] = SECRET


def _info(file: pikepdf.Pdf, _: pikepdf.Page) -> None:
    file.docinfo["/Author"] = SECRET.decode()


def _xmp(file: pikepdf.Pdf, _: pikepdf.Page) -> None:
    with file.open_metadata() as metadata:
        metadata["dc:creator"] = [SECRET.decode()]


def _picture(file: pikepdf.Pdf, made: pikepdf.Page, **entries: Any) -> None:
    picture = file.make_stream(
        bytes(3),
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Image,
            "/Width": 1,
            "/Height": 1,
            "/BitsPerComponent": 8,
            "/ColorSpace": Name.DeviceRGB,
        },
    )
    _set(picture, **entries)
    made.obj.Resources.XObject = Dictionary(Im=picture)


def annotation(subtype: str, **entries: Any) -> Dictionary:
    rect = Array([20, 95, 120, 115])
    return Dictionary(
        {"/Type": Name.Annot, "/Subtype": Name(f"/{subtype}"), "/Rect": rect, **entries}
    )


def _annotate(file: pikepdf.Pdf, made: pikepdf.Page, mark: Dictionary) -> None:
    made.obj.Annots = Array([file.make_indirect(mark)])
    if mark.Subtype == Name.Widget:
        file.Root.AcroForm = Dictionary(Fields=made.obj.Annots)


CARRIES: Final[dict[str, Callable[[], bytes]]] = {
    "a script at opening": lambda: _file(
        lambda file, _: _set(file.Root, OpenAction=_action(file, SCRIPT))
    ),
    "a program started at closing": lambda: _file(
        lambda file, _: _set(file.Root, AA=Dictionary(WC=_action(file, LAUNCH)))
    ),
    "a script of the page": lambda: _file(
        lambda file, made: _set(made.obj, AA=Dictionary(O=_action(file, SCRIPT)))
    ),
    "named scripts": lambda: _file(
        lambda file, _: _set(
            file.Root, Names=Dictionary(JavaScript=Dictionary(Names=Array(["x", SCRIPT])))
        )
    ),
    "an attached file": lambda: _file(_attach),
    "document info": lambda: _file(_info),
    "XMP": lambda: _file(_xmp),
    "XMP of a picture": lambda: _file(
        lambda file, made: _picture(file, made, Metadata=file.make_stream(SECRET))
    ),
    "another application's data": lambda: _file(
        lambda _, made: _set(made.obj, PieceInfo=Dictionary(X=Dictionary(P=String(SECRET.decode()))))
    ),
    "a preview": lambda: _file(lambda file, made: _set(made.obj, Thumb=file.make_stream(SECRET))),
    "bookmarks": lambda: _file(
        lambda _, made: _set(
            made.obj, B=Array([Dictionary(Title=String(SECRET.decode()))]),
        )
    ),
    "a link that starts a program": lambda: _file(
        lambda file, made: _annotate(file, made, annotation("Link", **{"/A": LAUNCH}))
    ),
    "a hidden note": lambda: _file(
        lambda file, made: _annotate(
            file, made, annotation("Text", **{"/F": 2, "/Contents": String(SECRET.decode())})
        )
    ),
    "another picture behind a picture": lambda: _file(
        lambda file, made: _picture(
            file, made, Alternates=Array([Dictionary(Image=file.make_stream(SECRET))])
        )
    ),
    "an archive behind the end": lambda: pdf() + b"PK\x03\x04" + SECRET,
    "an earlier revision": lambda: _revised(),
}  # fmt: skip


def _revised() -> bytes:
    """A file whose page was replaced by a later revision, as editors save it."""
    old = pdf(text=SECRET)
    start = int(old.rsplit(b"startxref\n", 1)[1].split()[0])
    number = next(
        n for n in range(1, 20)
        if b"\n%d 0 obj\n<< /Length" % n in old
    )  # fmt: skip
    new = b"%d 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n" % number
    table = len(old) + len(new)
    return (
        old
        + new
        + b"xref\n%d 1\n%010d 00000 n \n" % (number, len(old))
        + (b"trailer << /Root 1 0 R /Size 6 /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (start, table))
    )


def marked(subtype: str, **entries: Any) -> bytes:
    """A page with one annotation."""
    return _file(lambda file, made: _annotate(file, made, annotation(subtype, **entries)))


def covered() -> bytes:
    """A name on the page under a black box that somebody drew over it in a viewer."""

    def change(file: pikepdf.Pdf, made: pikepdf.Page) -> None:
        box = file.make_stream(
            b"0 0 0 rg 0 0 100 20 re f",
            {"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": Array([0, 0, 100, 20])},
        )
        _annotate(file, made, annotation("Square", **{"/AP": Dictionary(N=box)}))

    return _file(change)


def layered() -> bytes:
    """A page with a layer that viewers do not show."""

    def change(file: pikepdf.Pdf, _: pikepdf.Page) -> None:
        layer = file.make_indirect(Dictionary(Type=Name.OCG, Name=String("notes")))
        shown = Dictionary(OFF=Array([layer]))
        _set(file.Root, OCProperties=Dictionary(OCGs=Array([layer]), D=shown))

    return _file(change)


def form(**entries: Any) -> bytes:
    return _file(lambda file, _: _set(file.Root, AcroForm=Dictionary(**entries)))


def picture(**entries: Any) -> bytes:
    return _file(lambda file, made: _picture(file, made, **entries))


def encrypted(password: str) -> bytes:
    file = pikepdf.new()
    page(file)
    return saved(file, encryption=pikepdf.Encryption(owner="owner", user=password))


def plain(objects: list[bytes], *, size: int | None = None) -> bytes:
    """A file of these objects, the first of them the catalogue, with a correct table."""
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % count
        + rows
        + (b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (size or count, table))
    )


CATALOGUE: Final = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE: Final = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources %b >>"


def tree(kids: bytes, *more: bytes) -> bytes:
    return plain([CATALOGUE, b"<< /Type /Pages /Count 1 /Kids [%b] >>" % kids, *more])


def nested(depth: int) -> bytes:
    return tree(b"3 0 R", PAGE % (b"[" * depth + b"]" * depth))


def object_stream_bomb(spaces: int) -> bytes:
    """A small stream that holds one object behind so many spaces."""
    packed = zlib.compress(b"6 0 " + b" " * spaces + b"<<>>", 9)
    out, places = b"%PDF-1.5\n", [0]
    bodies = [
        CATALOGUE,
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        PAGE % b"6 0 R",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream"
        % (len(packed), packed),
    ]
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    rows = [(0, 0, 0), *((1, place, 0) for place in places[1:]), (1, table, 0), (2, 4, 0)]
    packed_rows = b"".join(struct.pack(">BIB", *row) for row in rows)
    head = b"<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>" % len(packed_rows)
    return out + b"5 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (
        head, packed_rows, table
    )  # fmt: skip


def table_bomb(zeros: int) -> bytes:
    """A small stream that unpacks to a table of so many bytes."""
    packed = zlib.compress(bytes(zeros), 9)
    head = b"<< /Type /XRef /Size %d /W [1 4 1] /Root 1 0 R /Filter /FlateDecode /Length %d >>" % (
        zeros // 6,
        len(packed),
    )
    out = b"%PDF-1.5\n"
    return out + b"5 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (
        head, packed, len(out)
    )  # fmt: skip


def content_bomb(spaces: int) -> bytes:
    """A page whose drawing unpacks to so many bytes; no need to unpack it."""
    packed = zlib.compress(b" " * spaces, 9)
    return tree(
        b"3 0 R",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (len(packed), packed),
    )
