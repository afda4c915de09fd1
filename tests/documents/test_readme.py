"""A README in the second paper's structure, twice: as Markdown and as PDF, in both languages."""

import hashlib
import io
import json
import re
import subprocess
import sys
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.datasets.model import Access, Purpose
from chalicelib.datasets.planning.plan import Licence, Role, Task, UnitOfData
from chalicelib.documents import readme, words
from chalicelib.documents.blocks import Heading, Passage, Table
from chalicelib.documents.readme_general import PURPOSES
from chalicelib.documents.readme_terms import ACCESS, LICENCES
from chalicelib.patients.choices import Sex, Site
from chalicelib.platform.language import LANGUAGES, Language
from tests.documents import samples
from tests.documents.awkward_samples import HOSTILE, awkward

ORDER = {
    "ru": [
        "Общие сведения",
        "Как подготовлены данные",
        "Как размечены данные",
        "Как верифицированы метки",
        "Лицензия и распространение",
        "Авторы",
        "Конфликт интересов",
        "Файлы",
        "Сравнение с открытыми наборами",
    ],
    "en": [
        "General information",
        "How cases were prepared",
        "How cases were labelled",
        "How labels were verified",
        "Licence and distribution",
        "Authors",
        "Conflicts of interest",
        "Files",
        "Comparison with public sets",
    ],
}


def text_of(pdf: bytes) -> str:
    """All words of the PDF, in one line, without places where a word may be broken."""
    told = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", told.replace("\u200b", "").replace("\u00ad", ""))


@pytest.fixture(scope="module")
def russian() -> bytes:
    """README.ru.pdf of the large sample."""
    return readme.pdf(samples.manifest(), samples.counts(), samples.files(), "ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sections_stand_in_the_papers_order(language: Language) -> None:
    text = readme.markdown(samples.manifest(), samples.counts(), samples.files(), language)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ORDER[language]
    first, second = (text.index(word) for word in ("# ", ORDER[language][0]))
    assert first < text.index(samples.plan()["abstract"][language]) < second


def test_an_address_is_copied_from_a_page_as_it_is() -> None:
    made = readme.pdf(samples.manifest(), samples.counts(), samples.files(), "en")
    told = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    link = samples.manifest()["extra"]["permanent_link"]
    assert re.sub(r"\s", "", told).count(link) == 2, "in the table and in the citation"


def test_general_information_names_every_field_of_the_paper() -> None:
    text = readme.markdown(samples.manifest(), samples.counts(), samples.files(), "en")
    head = text[: text.index("## How cases were prepared")]
    for name in (
        "Distribution", "Licence in brief", "Special prohibitions", "Name", "Internal code", "Label classes",
        "Key words", "Language", "Funding", "Version", "Permanent link", "Publication date",
    ):  # fmt: skip
        assert f"| {name} | " in head


def test_every_drop_of_the_selection_is_told() -> None:
    text = readme.markdown(samples.manifest(), samples.counts(), samples.files(), "en")
    assert "Selection: of 11\u202f616\u00a0images, 10\u202f015 entered the set (86.2%)." in text
    for drop in ("−812", "−431", "−96", "−240", "−17", "−5"):
        assert f"| {drop} |" in text
    assert "Steps that dropped none: Sources; Privacy." in text


def test_our_share_of_disputed_cases_stands_beside_the_papers() -> None:
    text = readme.markdown(samples.manifest(), samples.counts(), samples.files(), "en")
    assert "| Disputed after two readings | 18.2% | up to 25% |" in text
    assert "| Disputed after three readings | 2.7% | up to 4% |" in text


def test_a_set_that_nobody_read_does_not_tell_how_experts_read() -> None:
    manifest, counts = awkward()
    text = readme.markdown(manifest, counts, samples.files(), "en")
    assert "No expert of the platform read the images" in text
    assert "independently and blind" not in text


def test_the_pdf_says_in_cyrillic_what_the_release_is(russian: bytes) -> None:
    text = text_of(russian)
    for part in (
        "DS_ML_DSC_SKIN_CANCER",
        "Рассмотрено: 11",
        "327",
        "26 ноября 2026",
        "privacy.csv",
    ):
        assert part in text
    # As on the first page, so in the properties of the file, whose date is the freeze's.
    about = PdfReader(io.BytesIO(russian)).metadata
    assert about is not None
    assert about.title == samples.plan()["name"]["ru"]
    assert str(about.creation_date).startswith("2026-11-26")


def test_markup_in_a_plan_is_only_text() -> None:
    manifest, counts = awkward()
    text = text_of(readme.pdf(manifest, counts, samples.files(1), "en"))
    letters = re.sub(r"[ \"“”]", "", HOSTILE)
    assert re.sub(r"[ \"“”]", "", text).count(letters) > 20
    assert "#set page(height: 1pt)" in text


def test_another_process_makes_the_same_bytes_within_the_limits_of_a_function(
    russian: bytes,
) -> None:
    code = """
import hashlib, json, pathlib, time
from chalicelib.documents import readme
from tests.documents import samples
made = readme.pdf(samples.manifest(), samples.counts(), samples.files(), "ru")
print(json.dumps({
    "sha256": hashlib.sha256(made).hexdigest(), "seconds": time.process_time(),
    "status": pathlib.Path("/proc/self/status").read_text(),
}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["sha256"] == hashlib.sha256(russian).hexdigest()
    # Not `ru_maxrss`: that begins with what the process had that started this one.
    peak = re.search(r"VmHWM:\s+(\d+)", found["status"])
    assert peak is not None
    assert int(peak[1]) < 512 * 1024
    assert found["seconds"] < 10


def test_a_series_of_shards_is_one_line_of_the_tree_and_of_the_table() -> None:
    document = readme.document(
        samples.manifest(), samples.counts(), samples.files(40), "en", plots=False
    )
    table = next(
        block
        for block in document.blocks
        if isinstance(block, Table) and block.columns[0].title == "File"
    )
    assert table.rows[-1] == (
        "images/3mo7uyr4-00000.zip … 3mo7uyr4-00039.zip",
        "images, an archive without compression",
        "10.0\u00a0GB",
    )


def test_a_set_in_one_part_has_no_section_on_splits() -> None:
    manifest, counts = awkward()
    document = readme.document(manifest, counts, samples.files(1), "en", plots=False)
    assert "Splits" not in [block.text for block in document.blocks if isinstance(block, Heading)]


def test_every_choice_of_a_plan_and_of_the_survey_has_words() -> None:
    assert set(ACCESS) == set(Access)
    assert set(PURPOSES) == set(Purpose)
    assert all(PURPOSES[one] == one.label for one in Purpose)
    assert set(LICENCES) == set(Licence)
    assert set(words.ROLES) == set(Role)
    assert set(words.MEMBERS) == set(Task)
    assert set(words.UNITS_OF_DATA) == set(UnitOfData)
    assert {*Sex, *Site} <= set(words.VALUES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_told_of_no_unit_is_a_sentence_and_no_empty_plot(language: Language) -> None:
    told = samples.counts()
    told["by"]["age"] = {key: {"not_recorded": number} for key, number in told["classes"].items()}
    made = readme.document(samples.manifest(), told, samples.files(), language, plots=False)
    texts = [block.text for block in made.blocks if isinstance(block, Passage)]
    [sentence] = [text for text in texts if text.startswith(("Ни для одной", "Told of no unit"))]
    name = words.dimension("age", language)
    assert name in sentence
    assert not any(
        isinstance(block, Table) and block.caption.startswith(words.sentence(name) + ":")
        for block in made.blocks
    )
