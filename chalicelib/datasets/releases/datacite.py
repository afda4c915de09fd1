"""`datacite.json`: the release as DataCite's metadata schema 4.5 describes resources.

No DOI is registered by the platform. The release has its permanent link as an alternate identifier; who
registers a DOI adds it to this file.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.planning.plan import Licence
from chalicelib.datasets.releases.notices import NAME, URL, link_of

PUBLISHER: Final = "Rodinka"
SCHEMA: Final = "http://datacite.org/schema/kernel-4"
_TAKEN_DOWN: Final = (
    "Снято с публикации: пациент отозвал согласие. / Taken down: a patient took the consent back."
)


def datacite(manifest: Manifest, *, bytes_of_all: int) -> dict[str, Any]:
    """The record of a release of `bytes_of_all` bytes of images and tables."""
    plan, issued = manifest.plan, manifest.frozen_at[:10]
    link = link_of(manifest)
    described: dict[str, Any] = {
        "alternateIdentifiers": [
            {"alternateIdentifier": link, "alternateIdentifierType": "URI"},
            {"alternateIdentifier": manifest.code, "alternateIdentifierType": "Registry code"},
        ],
        "creators": [_creator(member) for member in plan["working_group"]],
        "titles": [
            {"title": plan["name"]["en"], "lang": "en"},
            {"title": plan["name"]["ru"], "titleType": "TranslatedTitle", "lang": "ru"},
        ],
        "publisher": {"name": PUBLISHER},
        "publicationYear": issued[:4],
        "dates": [{"date": issued, "dateType": "Issued"}],
        "types": {"resourceType": "Medical image dataset", "resourceTypeGeneral": "Dataset"},
        "language": plan["language"].partition(",")[0],
        "subjects": [
            {"subject": word} for word in dict.fromkeys((*plan["keywords"], plan["target"]))
        ],
        "sizes": [f"{manifest.units} images", f"{bytes_of_all} bytes"],
        "formats": ["application/zip", "image/jpeg", "image/png", "text/csv"],
        "version": manifest.version,
        "rightsList": [_rights(Licence(plan["licence"]))],
        "descriptions": [
            {"description": plan["abstract"][lang], "descriptionType": "Abstract", "lang": lang}
            for lang in ("en", "ru")
        ],
        "schemaVersion": SCHEMA,
    }
    if link.startswith("https://"):
        described["url"] = link
    if plan.get("funding"):
        described["descriptions"].append(
            {"description": plan["funding"], "descriptionType": "Other"}
        )
    return described


def taken_down(record: Mapping[str, Any], on: str) -> dict[str, Any]:
    """The record of a release that nobody gets any more: when and why."""
    dates = [date for date in record["dates"] if date["dateType"] != "Withdrawn"]
    told = {"date": on[:10], "dateType": "Withdrawn", "dateInformation": _TAKEN_DOWN}
    return {**record, "dates": [*dates, told]}


def _creator(member: Mapping[str, Any]) -> dict[str, Any]:
    creator: dict[str, Any] = {"name": member["name"], "nameType": "Personal"}
    if member.get("affiliation"):
        creator["affiliation"] = [{"name": member["affiliation"]}]
    if member.get("orcid"):
        creator["nameIdentifiers"] = [
            {
                "nameIdentifier": f"https://orcid.org/{member['orcid']}",
                "nameIdentifierScheme": "ORCID",
                "schemeUri": "https://orcid.org",
            }
        ]
    return creator


def _rights(licence: Licence) -> dict[str, Any]:
    rights: dict[str, Any] = {"rights": NAME[licence]}
    if (url := URL[licence]) is not None:
        rights |= {
            "rightsUri": url,
            "rightsIdentifier": licence.value,
            "rightsIdentifierScheme": "SPDX",
            "schemeUri": "https://spdx.org/licenses/",
        }
    return rights
