"""A report's PDF made anew: its pages as they look, and nothing else of the file.

    python -m chalicelib.histology.pdf < report.pdf > answer

is how `sandbox` runs this, in a process of its own. The answer begins with one line: `clean` and the
number of pages, then the new file follows; or the code of a `ReportProblem`.

pikepdf (qpdf) reads and writes. A new document takes over the pages, of each the few entries that say
what it looks like; so whatever hangs on the catalogue (scripts, actions, attached files, forms,
metadata) or on a page (annotations, actions, previews) stays behind. Marks that somebody laid over the
page first become part of it, or a name covered by one would show again. Streams are copied as they
are and never decoded, but for those that hold the file's own structure, within limits.

The only module that imports pikepdf.
"""

import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pikepdf

from chalicelib.histology.problems import ReportProblem

MEMORY: Final = 320 * 1024 * 1024
"""Bytes of address space. The reader alone takes 40 MB, a file of the largest size 150 MB."""
SECONDS: Final = 6
"""Of the processor."""
SIGNATURE: Final = b"%PDF-"
MAX_PAGES: Final = 50
MAX_OBJECTS: Final = 20_000
"""A scan has some ten objects a page, a printed page with fonts some hundred."""
MAX_PARTS: Final = 400_000
"""Values inside all objects together that are looked at."""
MOST_UNPACKED: Final = 48 * 1024 * 1024
"""Bytes; of any one stream that holds objects or the table of them."""

APPEARANCE: Final = frozenset(
    {
        *("/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit"),
        *("/Resources", "/Contents", "/Group"),
    }
)
"""What is kept of a page (ISO 32000-1, table 30)."""
STAYS_BEHIND: Final = frozenset(
    {
        *("/A", "/AA", "/OpenAction", "/JS", "/Next", "/URI"),
        *("/EF", "/RF", "/AF", "/Ref", "/OPI", "/Alternates", "/Thumb"),
        *("/Metadata", "/PieceInfo", "/LastModified", "/Info"),
        *("/StructParent", "/StructParents", "/StructTreeRoot", "/Annots", "/OC", "/P", "/Parent"),
    }
)
"""Entries of the dictionaries below a page that its looks do not need."""
NAMED: Final = frozenset(
    {
        *("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties"),
        *("/CharProcs", "/Colorants"),
    }
)
"""Dictionaries whose keys are names that the file gave itself."""
UNSEEN: Final = frozenset({"/Link", "/Popup"})
"""Annotations that show nothing of their own."""
HARMLESS: Final = ("reported number of objects", "Resources is missing or invalid; repairing")
"""Words of qpdf's about slips of common producers that change no page."""
HIDDEN: Final = 0b100010
"""Flags of an annotation: hidden, or not to be viewed (ISO 32000-1, table 165)."""


class BadReport(Exception):
    """The bytes are not a report that is kept; `code` says why, for the sender."""

    def __init__(self, code: ReportProblem) -> None:
        super().__init__(code.value)
        self.code = code


def limit() -> None:
    """Hold qpdf to limits, for the rest of this process."""
    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=MAX_PAGES,
        parser_max_nesting=100,
        parser_max_errors=1,
        parser_max_container_size=MAX_OBJECTS,
        parser_max_container_size_damaged=100,
        max_stream_filters=4,
        flate_max_memory=MOST_UNPACKED,
        png_max_memory=MOST_UNPACKED,
        run_length_max_memory=MOST_UNPACKED,
        tiff_max_memory=MOST_UNPACKED,
        dct_max_memory=MOST_UNPACKED,
    )


def clean(data: bytes) -> tuple[bytes, int]:
    """The file made anew, and its number of pages; the same bytes give the same result.

    Raises `BadReport`, and nothing else for any bytes, as long as memory lasts.
    """
    if not data.startswith(SIGNATURE):
        raise BadReport(ReportProblem.WRONG_TYPE)
    try:
        with _opened(data) as source, pikepdf.Pdf.new() as made:
            pages = _take_over(source, made)
            written = _written(made)
            _require_sound(source)
    except pikepdf.PasswordError:
        raise BadReport(ReportProblem.ENCRYPTED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise BadReport(ReportProblem.DAMAGED) from None
    except (RuntimeError, RecursionError, NotImplementedError, OverflowError):
        raise BadReport(ReportProblem.TOO_COMPLEX) from None
    if foreign := foreign_parts(written):
        raise RuntimeError(f"the clean copy would carry {', '.join(foreign)}")
    return written, pages


def foreign_parts(data: bytes) -> tuple[str, ...]:
    """What a file carries that its looks do not need; a clean file has nothing of it."""
    with _opened(data) as file:
        found = {f"trailer{key}" for key in file.trailer.keys()} - {  # noqa: SIM118 — no mapping
            *("trailer/Root", "trailer/Size", "trailer/ID"),
            *(f"trailer/{key}" for key in ("Type", "W", "Index", "Filter", "Length")),
        }
        found |= {f"catalogue{key}" for key in file.Root.keys()} - {  # noqa: SIM118
            *("catalogue/Type", "catalogue/Pages"),
        }
        for page in file.pages:
            keys = set(page.obj.keys()) - APPEARANCE - {"/Parent"}
            found |= {f"page{key}" for key in keys}
        for each, named in _dictionaries(file):
            if not named:
                found |= {f"inside{key}" for key in set(each.keys()) & STAYS_BEHIND}
    return tuple(sorted(found))


def _opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.Pdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True)


def _take_over(source: pikepdf.Pdf, made: pikepdf.Pdf) -> int:
    """Give the pages of `source` to `made`; how many."""
    if source.is_encrypted:
        raise BadReport(ReportProblem.ENCRYPTED)
    if len(source.objects) > MAX_OBJECTS:
        raise BadReport(ReportProblem.TOO_COMPLEX)
    if len(source.pages) > MAX_PAGES:
        raise BadReport(ReportProblem.TOO_MANY_PAGES)
    if len(source.pages) == 0:
        raise BadReport(ReportProblem.DAMAGED)
    _require_flat(source)
    source.flatten_annotations("all")
    for page in source.pages:
        for key in set(page.obj.keys()) - APPEARANCE - {"/Parent"}:
            del page.obj[key]
        made.pages.append(page)
    _strip(made)
    return len(made.pages)


def _strip(made: pikepdf.Pdf) -> None:
    """Take from everything below the pages what their looks do not need."""
    for each, named in _dictionaries(made):
        if isinstance(each, pikepdf.Stream):
            _require_own_data(each)
        if not named:
            for key in set(each.keys()) & STAYS_BEHIND:
                del each[key]


def _require_flat(source: pikepdf.Pdf) -> None:
    """Raise `BadReport` where something is shown, or hidden, that is no part of a page."""
    form = source.Root.get("/AcroForm", pikepdf.Dictionary())
    if "/XFA" in form:
        raise BadReport(ReportProblem.NOT_FLAT)
    layers = source.Root.get("/OCProperties", pikepdf.Dictionary()).get("/D", pikepdf.Dictionary())
    if len(layers.get("/OFF", pikepdf.Array())) or layers.get("/BaseState", "/ON") != "/ON":
        raise BadReport(ReportProblem.NOT_FLAT)
    for page in source.pages:
        for mark in page.obj.get("/Annots", pikepdf.Array()):
            if isinstance(mark, pikepdf.Dictionary) and _is_lost(mark):
                raise BadReport(ReportProblem.NOT_FLAT)


def _is_lost(mark: pikepdf.Dictionary) -> bool:
    """Whether a viewer shows this annotation and the flattened page would not."""
    kind = str(mark.get("/Subtype", ""))
    if kind in UNSEEN or int(mark.get("/F", 0)) & HIDDEN:
        return False
    if "/N" in mark.get("/AP", pikepdf.Dictionary()):
        return False
    if kind != "/Widget":
        return True
    return "/V" in mark or "/V" in mark.get("/Parent", pikepdf.Dictionary())


def _require_own_data(stream: pikepdf.Stream) -> None:
    """Raise `BadReport` for a stream whose data lie elsewhere, or are a PostScript program."""
    if "/F" in stream or "/FFilter" in stream or stream.get("/Subtype", "") == "/PS":
        raise BadReport(ReportProblem.EXTERNAL)
    if "/Crypt" in repr(stream.get("/Filter", "")):
        raise BadReport(ReportProblem.ENCRYPTED)


def _dictionaries(file: pikepdf.Pdf) -> Iterator[tuple[Any, bool]]:
    """Every dictionary and stream below the pages, each once, and whether its keys are names that
    the file gave itself. Raises `BadReport` when they have too many parts."""
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, bool]] = []
    for page in file.pages:
        seen.add(page.obj.objgen)
        waiting += [(page.obj[key], False) for key in APPEARANCE & set(page.obj.keys())]
    parts = 0
    while waiting:
        value, named = waiting.pop()
        if not isinstance(value, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream):
            continue
        if value.is_indirect:
            if value.objgen in seen:
                continue
            seen.add(value.objgen)
        if isinstance(value, pikepdf.Array):
            inside = [(each, False) for each in value if not isinstance(each, _PLAIN)]
            parts += len(value)
        else:
            yield value, named
            inside = [(value[key], not named and key in NAMED) for key in value.keys()]  # noqa: SIM118
            parts += len(inside)
        if parts > MAX_PARTS:
            raise BadReport(ReportProblem.TOO_COMPLEX)
        waiting += inside


_PLAIN: Final = (int, str, bool)
"""Values that hold no others."""


def _require_sound(source: pikepdf.Pdf) -> None:
    """Raise `BadReport` where qpdf had to guess: what it left out nobody would miss in time."""
    warnings = map(str, source.get_warnings())
    if not all(any(harmless in each for harmless in HARMLESS) for each in warnings):
        raise BadReport(ReportProblem.DAMAGED)


def _written(made: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    made.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        fix_metadata_version=False,
        deterministic_id=True,
    )
    return out.getvalue()


def main() -> None:
    """Make the file on standard input anew."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the kernel does not hold a process to it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    limit()
    out = sys.stdout.buffer
    try:
        data, pages = clean(sys.stdin.buffer.read())
    except BadReport as refusal:
        out.write(f"{refusal.code.value}\n".encode())
    except MemoryError:
        out.write(f"{ReportProblem.TOO_COMPLEX.value}\n".encode())
    else:
        out.write(f"clean {pages}\n".encode() + data)


if __name__ == "__main__":
    main()
