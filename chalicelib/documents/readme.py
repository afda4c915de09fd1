"""README.md and README.pdf of a release, in the second paper's structure (its figure 5).

Takes the manifest as JSON (`datasets.manifest.Manifest`), the counts of `balance.counts`, and the files as
`{"path", "sha256", "bytes", "what": {"ru", "en"}}`. Of the manifest's `extra` it reads `criteria`
(`inclusion`, `non_inclusion`, `exclusion`: sentences in both languages), `permanent_link`, `protocols`
(versions of the labelling protocol) and `masks` (how many units have outlines); each may be missing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.documents import markdown as marked
from chalicelib.documents import typeset
from chalicelib.documents.blocks import Block, Document, NewPage
from chalicelib.documents.numbers import tongue
from chalicelib.documents.readme_files import files_of
from chalicelib.documents.readme_general import general
from chalicelib.documents.readme_labels import labels
from chalicelib.documents.readme_preparation import preparation
from chalicelib.documents.readme_sets import beside_public_sets
from chalicelib.documents.readme_terms import people, rights
from chalicelib.platform.language import Language

File = Mapping[str, Any]


def markdown(
    manifest: Mapping[str, Any],
    counts: Mapping[str, Any],
    files: Sequence[File],
    language: Language,
) -> str:
    """README.md (`en`) or README.ru.md (`ru`): plots are told as tables."""
    return marked.written(document(manifest, counts, files, language, plots=False))


def pdf(
    manifest: Mapping[str, Any],
    counts: Mapping[str, Any],
    files: Sequence[File],
    language: Language,
) -> bytes:
    """README.pdf (`en`) or README.ru.pdf (`ru`). Its date is that of the freeze: the same input, the same
    bytes."""
    return typeset.pdf(document(manifest, counts, files, language, plots=True))


def document(
    manifest: Mapping[str, Any],
    counts: Mapping[str, Any],
    files: Sequence[File],
    language: Language,
    *,
    plots: bool,
) -> Document:
    """The README as blocks, in the paper's order."""
    say, plan = tongue(language), manifest["plan"]
    blocks: list[Block] = [
        *general(manifest, counts, files, language),
        NewPage(),
        *preparation(manifest, counts, language, plots=plots),
        *labels(manifest, counts, language),
        *rights(manifest, language),
        *people(manifest, language),
        *files_of(files, manifest["code"], manifest["version"], language),
        *beside_public_sets(manifest, counts, language, plots=plots),
    ]
    return Document(
        language=language,
        title=plan["name"][language],
        kind=say("Платформа дерматоскопических данных · описание набора данных",
                 "Platform of dermatoscopic data · description of a dataset"),
        running=f"{manifest['code']} {manifest['version']} · {plan['name'][language]}",
        lead=plan["abstract"][language],
        at=manifest["frozen_at"],
        blocks=blocks,
    )  # fmt: skip
