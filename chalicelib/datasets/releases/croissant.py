"""`croissant.json`: the release for loaders of machine learning (Croissant 1.1, with its RAI vocabulary).

A record is a unit: a line of `metadata.csv` with the bytes of its image from one of the zips. Everything
is found beside this file, so the folder may be moved.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.planning.plan import Licence
from chalicelib.datasets.releases import tables
from chalicelib.datasets.releases.columns import column
from chalicelib.datasets.releases.datacite import PUBLISHER
from chalicelib.datasets.releases.model import File, Shard
from chalicelib.datasets.releases.notices import URL, link_of

CONFORMS: Final = (
    "http://mlcommons.org/croissant/1.1",
    "http://mlcommons.org/croissant/RAI/1.0",
)
_TYPES: Final[Mapping[str, str]] = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
}
_CONTEXT: Final[Mapping[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(
    manifest: Manifest, *, metadata: File, shards: Sequence[Shard], citation: str
) -> dict[str, Any]:
    """The description of a release whose table and zips are these."""
    plan = manifest.plan
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS),
        "name": {"en": plan["name"]["en"], "ru": plan["name"]["ru"]},
        "description": {"en": plan["abstract"]["en"], "ru": plan["abstract"]["ru"]},
        "alternateName": manifest.code,
        "version": manifest.version,
        "datePublished": manifest.frozen_at[:10],
        "license": URL[Licence(plan["licence"])] or plan["licence"],
        "url": link_of(manifest),
        "citeAs": citation,
        "keywords": list(plan["keywords"]),
        "inLanguage": [part.strip() for part in plan["language"].split(",")],
        "isLiveDataset": False,
        "creator": [
            {"@type": "sc:Person", "name": member["name"]} for member in plan["working_group"]
        ],
        "publisher": {"@type": "sc:Organization", "name": PUBLISHER},
        **_responsible(manifest),
        "distribution": _distribution(metadata, shards),
        "recordSet": [_units()],
    }


def _distribution(metadata: File, shards: Sequence[Shard]) -> list[dict[str, Any]]:
    return [
        _file(metadata, "text/csv"),
        *(_file(shard, "application/zip") for shard in shards),
        {
            "@type": "cr:FileSet",
            "@id": "images",
            "name": "images",
            "containedIn": [{"@id": shard.path} for shard in shards],
            "encodingFormat": ["image/jpeg", "image/png"],
            "includes": ["images/*.jpg", "images/*.png"],
        },
    ]


def _file(file: File, kind: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": kind,
        "sha256": file.sha256,
    }


def _units() -> dict[str, Any]:
    files = {"fileSet": {"@id": "images"}}
    image = {
        "@type": "cr:Field",
        "@id": "units/image",
        "name": "image",
        "description": "The image.",
        "dataType": "sc:ImageObject",
        "source": {**files, "extract": {"fileProperty": "content"}},
    }
    first, *others = (_field(name) for name in tables.METADATA)
    # The image's name is the unit's id, by which its line of the table is found.
    key = {
        **first,
        "source": {
            **files,
            "extract": {"fileProperty": "filename"},
            "transform": {"regex": "^([^.]+)"},
        },
        "references": first["source"],
    }
    return {
        "@type": "cr:RecordSet",
        "@id": "units",
        "name": "units",
        "description": "Units of data: each an image with what is known of it.",
        "key": {"@id": f"units/{tables.METADATA[0]}"},
        "field": [image, key, *others],
    }


def _field(name: str) -> dict[str, Any]:
    kind, meaning, _ = column(name)
    return {
        "@type": "cr:Field",
        "@id": f"units/{name}",
        "name": name,
        "description": {"en": meaning.en, "ru": meaning.ru},
        "dataType": _TYPES[kind],
        "source": {"fileObject": {"@id": "metadata.csv"}, "extract": {"column": name}},
    }


def _annotated(readings: int) -> dict[str, Any]:
    """How labels came about: of archives, nobody read an image here."""
    if not readings:
        return {
            "rai:dataAnnotationProtocol": [
                "Labels come from the sources, confirmed as metadata.csv tells of each unit "
                "(diagnosis_confirm_type, rodinka_verification). No expert of the platform read the images."
            ],
        }
    return {
        "rai:dataAnnotationProtocol": [
            "Two experts read each image blind, by a written protocol; where they disagree, a more "
            "qualified one decides. Histology outranks readings. Units without readings (rodinka_readings) "
            "have their label from their source."
        ],
        "rai:dataAnnotationPlatform": [PUBLISHER],
        "rai:dataAnnotationAnalysis": [f"Readings that entered verdicts: {readings}."],
        "rai:annotationsPerItem": "2 readings, or 3 where the first two disagree.",
    }


def _responsible(manifest: Manifest) -> dict[str, Any]:
    """The RAI vocabulary: how the data came about, and what they are not good for."""
    plan, privacy = manifest.plan, manifest.privacy
    sources = "; ".join(source.name for _, source in sorted(manifest.sources.items()))
    return {
        "rai:dataCollection": f"Images with the patient's survey, from: {sources}.",
        "rai:dataCollectionType": ["Manual human curation", "Physical data collection"],
        "rai:dataCollectionMissingData": (
            "An empty cell was not recorded, or was suppressed to protect the patient."
        ),
        "rai:dataPreprocessingProtocol": [
            "Images are re-encoded without metadata and with their orientation applied; a curator "
            "looked at each for faces, tattoos and names."
        ],
        **_annotated(manifest.agreement.get("readings", 0)),
        "rai:dataUseCases": [plan["clinical_use"]["en"]],
        "rai:dataLimitations": [
            f"{manifest.units} images, chosen by the plan's criteria; not a sample of any population."
        ],
        "rai:dataBiases": ["Skin types, ages and devices are unevenly covered: see balance.json."],
        "rai:dataSocialImpact": plan["clinical_task"]["en"],
        "rai:personalSensitiveInformation": [
            "No names, dates or codes. Age band, sex, site and skin type are generalised until at "
            f"least {privacy.get('k', 1)} patients share each combination."
        ],
        "rai:dataReleaseMaintenancePlan": (
            "Versions are numbered; when a patient takes the consent back the release is taken down "
            "and followed by one without the patient."
        ),
    }
