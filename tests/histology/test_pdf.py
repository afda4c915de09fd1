"""A PDF comes out as it looks, without anything that acts, hides or names; or it is refused."""

import hashlib
import random
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from matplotlib.figure import Figure
from pikepdf import Dictionary, Name, String

from chalicelib.histology.pdf import MAX_PAGES, BadReport, clean, foreign_parts
from chalicelib.histology.problems import OURS, ReportProblem, sentence
from chalicelib.images.problems import Problem
from tests.histology import hostile
from tests.histology.papers import pdf, saved

PDF = pdf()


def problem(data: bytes) -> str:
    with pytest.raises(BadReport) as refusal:
        clean(data)
    return refusal.value.code.value


def drawn(data: bytes) -> bytes:
    """What the pages draw, unpacked."""
    with pikepdf.Pdf.open(BytesIO(data)) as file:
        return b"\n".join(_contents(page.obj.Contents) for page in file.pages)


def _contents(parts: Any) -> bytes:
    several = parts if isinstance(parts, pikepdf.Array) else [parts]
    return b"".join(part.read_bytes() for part in several)


def test_what_the_pages_draw_is_kept_as_it_is() -> None:
    data = pdf(pages=3)
    made, pages = clean(data)
    assert pages == 3
    assert drawn(made) == drawn(data)
    assert b"/Helvetica" in made, "a font may be named like an action"
    assert clean(data)[0] == made, "the same bytes give the same result"
    assert clean(made)[0] == made
    assert foreign_parts(made) == ()


def test_what_another_program_wrote_is_taken_as_it_is() -> None:
    figure = Figure(figsize=(3, 2))
    figure.text(0.2, 0.5, "Меланома, 0,8 мм", fontfamily="DejaVu Sans")
    figure.add_subplot().plot([1, 3, 2])
    out = BytesIO()
    figure.savefig(out, format="pdf", metadata={"Author": "Ivan Petrov"})
    made, pages = clean(out.getvalue())
    assert pages == 1
    assert drawn(made) == drawn(out.getvalue())
    assert b"Ivan" not in made
    assert b"matplotlib" not in made.lower()


@pytest.mark.parametrize("name", hostile.CARRIES)
def test_whatever_a_file_carries_beside_its_pages_stays_behind(name: str) -> None:
    data = hostile.CARRIES[name]()
    assert hostile.SECRET in data or foreign_parts(data) or b"PK" in data
    made, _ = clean(data)
    assert foreign_parts(made) == ()
    for word in (hostile.SECRET, b"JavaScript", b"Launch", b"PK\x03\x04", b"Filespec"):
        assert word not in made, word


def test_what_foreign_parts_knows_it_would_find() -> None:
    found = {part for make in hostile.CARRIES.values() for part in foreign_parts(make()[:]) if part}
    assert {"catalogue/OpenAction", "catalogue/AA", "catalogue/Names", "page/AA"} <= found
    assert {"trailer/Info", "catalogue/Metadata", "page/Annots", "inside/Metadata"} <= found


def test_a_box_drawn_over_a_name_becomes_part_of_the_page() -> None:
    made, _ = clean(hostile.covered())
    assert b"/Annots" not in made
    assert b" Do" in drawn(made), "the box is drawn by the page now"
    assert b"0 0 100 20 re f" in made


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"%PDF-", "damaged"),
        (lambda: b"<html>" + PDF, "wrong_type"),
        (lambda: b"PK\x03\x04" + PDF, "wrong_type"),
        (lambda: PDF + b"PK\x03\x04" * 1000, "damaged"),
        (lambda: PDF[: len(PDF) // 2], "damaged"),
        (lambda: PDF[:-30], "damaged"),
        (lambda: PDF.replace(b"/Kids", b"/Kidz"), "damaged"),
        (lambda: hostile.encrypted("secret"), "encrypted"),
        (lambda: hostile.encrypted(""), "encrypted"),
        (lambda: pdf(pages=MAX_PAGES + 1), "too_many_pages"),
        (lambda: saved(pikepdf.new()), "damaged"),
        (lambda: hostile.marked("Square"), "not_flat"),
        (lambda: hostile.marked("FreeText"), "not_flat"),
        (lambda: hostile.marked("Widget", **{"/FT": Name.Tx, "/V": String("x")}), "not_flat"),
        (lambda: hostile.form(XFA=String("<xdp/>")), "not_flat"),
        (hostile.layered, "not_flat"),
        (lambda: hostile.picture(F=String("elsewhere.jpg")), "external"),
        (lambda: hostile.picture(Subtype=Name.PS), "external"),
        (lambda: hostile.tree(b"2 0 R"), "damaged"),
        (lambda: hostile.tree(b"3 0 R", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"), "damaged"),
        (lambda: hostile.tree(b"99 0 R"), "damaged"),
        (lambda: hostile.tree(b"(no page)"), "damaged"),
        (lambda: hostile.plain([hostile.CATALOGUE]), "damaged"),
        (lambda: hostile.plain([b"<< >>"]), "damaged"),
        (lambda: hostile.plain([hostile.CATALOGUE], size=10**9), "damaged"),
        (lambda: hostile.tree(b"3 0 R", hostile.PAGE % b"<< >>", *[b"1"] * 20_000), "too_complex"),
        (lambda: hostile.tree(b"3 0 R", hostile.PAGE % b"<< /Length 9 >>", b"<< /Length 999 >>\nstream\nx\nendstream"), "damaged"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_plain_report_is_refused(make: Callable[[], bytes], code: str) -> None:
    assert problem(make()) == code


@pytest.mark.parametrize("seed", range(6))
def test_no_damage_to_a_file_does_more_than_refuse_it(seed: int) -> None:
    chance, sources = random.Random(seed), [PDF, hostile.covered(), hostile.CARRIES["XMP"]()]
    for _ in range(60):
        data = bytearray(chance.choice(sources))
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(8, len(data))] = chance.choice(b"0123456789<>[]()/ RK%\x00\xff")
        try:
            made, _ = clean(bytes(data))
        except BadReport:
            continue
        assert foreign_parts(made) == (), hashlib.sha256(data).hexdigest()


def test_an_empty_field_of_a_form_is_no_mark() -> None:
    made, _ = clean(hostile.marked("Widget", **{"/FT": Name.Tx}))
    assert foreign_parts(made) == ()
    child = {"/FT": Name.Tx, "/Parent": Dictionary(V=String("Ivan"))}
    assert problem(hostile.marked("Widget", **child)) == "not_flat"


def test_every_problem_has_a_sentence_in_both_languages() -> None:
    for code in [*OURS, *Problem]:
        said = sentence(str(code))
        assert any("а" <= letter <= "я" for letter in said.ru)
        assert said.en.isascii()
    assert sentence(ReportProblem.DAMAGED.value) != sentence(Problem.TRUNCATED.value)
