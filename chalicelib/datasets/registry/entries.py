"""The registry: what the public may know of every dataset, the paper's eight fields and more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.model import GIVEN_OUT, Access, Purpose, ReleaseState, Version
from chalicelib.datasets.releases.cells import Cell
from chalicelib.datasets.releases.model import Release
from chalicelib.datasets.releases.tables import codes_of
from chalicelib.platform.clock import timestamp

MEGABYTE: Final = 1_000_000
CSV_COLUMNS: Final = (
    "number",
    "code",
    "name_ru",
    "name_en",
    "purpose",
    "purpose_ru",
    "modality",
    "organ",
    "target",
    "icd10",
    "unit",
    "units",
    "megabytes",
    "classes",
    "verification",
    "access",
    "licence",
    "version",
    "state",
    "published_at",
)

Entry = dict[str, Any]


def entry_of(release: Release, manifest: Manifest, before: Mapping[str, Any] | None) -> Entry:
    """The registry's entry after a step of one of the dataset's releases.

    Its fields are those of the newest version; `versions` has all, the newest first. A release that is told
    of in a later state already stays in it.
    """
    told = {each["version"]: each for each in (before or {}).get("versions", ())}
    there = told.get(manifest.version)
    if before and there and GIVEN_OUT.index(there["state"]) > GIVEN_OUT.index(release.state):
        return dict(before)
    told[manifest.version] = _version(release, manifest)
    versions = sorted(told.values(), key=lambda v: Version.read(v["version"]), reverse=True)
    if versions[0]["version"] != manifest.version and before:
        return {**before, "versions": versions}
    plan = manifest.plan
    return {
        "number": manifest.number,
        "code": manifest.code,
        "name": dict(plan["name"]),
        "purpose": plan["purpose"],
        "modality": plan["modality"],
        "organ": plan["organ"],
        "target": plan["target"],
        "icd10": sorted({code for each in plan["classes"] for code in _codes(each)}),
        "unit": plan["unit"],
        "units": manifest.units,
        "bytes": versions[0]["bytes"],
        "classes": _classes(manifest),
        "verification": plan["verification"],
        "access": plan["access"],
        "licence": plan["licence"],
        "keywords": list(plan["keywords"]),
        "version": manifest.version,
        "state": release.state.value,
        "published_at": versions[0]["published_at"],
        "versions": versions,
    }


def page_of(manifest: Manifest, counts: Mapping[str, Any] | None) -> Entry:
    """What the public page of a dataset has beside its entry; without `counts`, no number of those in it.

    Of a hidden set, nothing.
    """
    plan = manifest.plan
    if plan["access"] == Access.HIDDEN:
        return {}
    return {
        "plan": {
            name: plan[name]
            for name in (
                "abstract",
                "clinical_task",
                "clinical_use",
                "data_security",
                "features",
                "special_prohibitions",
                "funding",
                "conflicts_of_interest",
            )
            if plan.get(name)
        }
        | {"authors": [member["name"] for member in plan["working_group"]]},
        "criteria": manifest.extra.get("criteria", {}),
        "flow": list(manifest.flow) if counts else [],
        "balance": dict(counts or {}),
        "agreement": dict(manifest.agreement) if counts else {},
    }


def csv_row(entry: Mapping[str, Any]) -> list[Cell]:
    """An entry as a line of `registry.csv`."""
    return [
        entry["number"],
        entry["code"],
        entry["name"]["ru"],
        entry["name"]["en"],
        entry["purpose"],
        Purpose(entry["purpose"]).label.ru,
        entry["modality"],
        entry["organ"],
        entry["target"],
        entry["icd10"],
        entry["unit"],
        entry["units"],
        round(entry["bytes"] / MEGABYTE, 1),
        [f"{each['key']}: {each['units']}" for each in entry["classes"]],
        entry["verification"],
        entry["access"],
        entry["licence"],
        entry["version"],
        entry["state"],
        entry["published_at"],
    ]


def matches(entry: Mapping[str, Any], words: Sequence[str], filters: Mapping[str, str]) -> bool:
    """Whether an entry has all the words somewhere, and each filter's value in its field.

    The filter `class` finds a class by its key or by a diagnosis in it.
    """
    text = " ".join(_texts(entry)).casefold()
    if not all(word.casefold() in text for word in words):
        return False
    for name, value in filters.items():
        if name == "class":
            if not any(value in (each["key"], *each["diagnoses"]) for each in entry["classes"]):
                return False
        elif entry.get(name) != value:
            return False
    return True


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


def _version(release: Release, manifest: Manifest) -> Entry:
    told: Entry = {
        "version": manifest.version,
        "state": release.state.value,
        "published_at": timestamp(release.published_at) if release.published_at else None,
        "units": manifest.units,
        "bytes": release.bytes,
    }
    if release.deprecation:
        told["deprecated"] = {"reason": release.deprecation.reason, "use": release.deprecation.use}
    if release.state is ReleaseState.TAKEN_DOWN and release.taken_down_at:
        told["taken_down_at"] = timestamp(release.taken_down_at)
    return told


def _classes(manifest: Manifest) -> list[Entry]:
    """Each class with how many units are in it."""
    counted: dict[str, int] = {}
    for split in manifest.splits.values():
        for key, units in split["classes"].items():
            counted[key] = counted.get(key, 0) + units
    return [
        {
            "key": each["key"],
            "title": dict(each["title"]),
            "diagnoses": list(each["diagnoses"]),
            "icd10": _codes(each),
            "units": counted.get(each["key"], 0),
        }
        for each in manifest.plan["classes"]
    ]


def _codes(planned: Mapping[str, Any]) -> list[str]:
    codes = (code for diagnosis in planned["diagnoses"] for code in codes_of(diagnosis))
    return list(dict.fromkeys(codes))
