"""Reports as PDF."""

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name


def page(file: pikepdf.Pdf, text: bytes = b"Melanoma, 0.8 mm") -> pikepdf.Page:
    """A page with a line of text, in a font whose name is that of an action."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    made = file.add_blank_page(page_size=(300, 200))
    made.obj.Resources = Dictionary(Font=Dictionary({"/A": file.make_indirect(font)}))
    made.obj.Contents = file.make_stream(b"BT /A 12 Tf 20 100 Td (" + text + b") Tj ET")
    return made


def saved(file: pikepdf.Pdf, **how: Any) -> bytes:
    out = BytesIO()
    file.save(out, **how)
    return out.getvalue()


def pdf(pages: int = 1, text: bytes = b"Melanoma, 0.8 mm") -> bytes:
    """A report as a pathologist's printer writes it."""
    file = pikepdf.new()
    for _ in range(pages):
        page(file, text)
    return saved(file, compress_streams=False)
