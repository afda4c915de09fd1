"""The texts of a release that are not its README: `LICENSE`, `ATTRIBUTION.md`, `CHANGELOG.md`."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.datasets.manifest import Manifest
from chalicelib.datasets.planning.plan import Licence
from chalicelib.platform.language import Text

URL: Final[Mapping[Licence, str | None]] = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
    Licence.CC_BY_NC_ND: "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    Licence.AGREEMENT: None,
}
"""Where the licence's text stands."""

NAME: Final[Mapping[Licence, str]] = {
    Licence.CC0: "CC0 1.0 Universal",
    Licence.CC_BY: "Creative Commons Attribution 4.0 International",
    Licence.CC_BY_NC: "Creative Commons Attribution-NonCommercial 4.0 International",
    Licence.CC_BY_NC_ND: "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International",
    Licence.AGREEMENT: "By agreement",
}

BRIEF: Final[Mapping[Licence, Text]] = {
    Licence.CC0: Text("Без ограничений.", "No restrictions."),
    Licence.CC_BY: Text("С указанием авторства.", "With attribution."),
    Licence.CC_BY_NC: Text(
        "С указанием авторства, некоммерчески.", "With attribution, not for commercial purposes."
    ),
    Licence.CC_BY_NC_ND: Text(
        "С указанием авторства, некоммерчески, без производных произведений.",
        "With attribution, not for commercial purposes, no derivatives.",
    ),
    Licence.AGREEMENT: Text(
        "Только на условиях соглашения с получателем.",
        "Only under the agreement with whoever received it.",
    ),
}
_NOBODY_SOUGHT: Final = Text(
    "Попытки установить личность пациентов запрещены.",
    "Attempts to find out who the patients are are forbidden.",
)


def link_of(manifest: Manifest) -> str:
    """The permanent link of the release: the manifest's, or a name that no resolver knows (no DOI is
    registered)."""
    told = manifest.extra.get("permanent_link")
    return str(told) if told else f"urn:rodinka:dataset:{manifest.code}:{manifest.version}"


def licence(manifest: Manifest) -> str:
    """`LICENSE`: which licence, in brief, and where its text stands."""
    of = Licence(manifest.plan["licence"])
    prohibited = manifest.plan.get("special_prohibitions")
    title = f"{manifest.plan['name']['en']} ({manifest.code} {manifest.version})"
    parts = [title, f"SPDX-License-Identifier: {of.value}", NAME[of], BRIEF[of].en, BRIEF[of].ru]
    if (url := URL[of]) is not None:
        parts.append(url)
    if prohibited:
        parts += [prohibited["en"], prohibited["ru"]]
    parts += [_NOBODY_SOUGHT.en, _NOBODY_SOUGHT.ru]
    return "\n\n".join(parts) + "\n"


def attribution(manifest: Manifest) -> str:
    """`ATTRIBUTION.md`: every source, whom to name, its licence and legal basis."""
    parts = [f"# {manifest.code} {manifest.version}: источники / sources"]
    for key, source in sorted(manifest.sources.items()):
        parts += [
            f"## {_one_line(source.name)}",
            f"`rodinka_source`: `{key}`; снимков / images: {source.units}",
            f"Указать / Attribution: {_one_line(source.attribution)}",
            f"Лицензия / Licence: {_one_line(source.licence)}",
            f"Основание / Legal basis: {_one_line(source.legal_basis)}",
        ]
    return "\n\n".join(parts) + "\n"


def changelog(manifest: Manifest) -> str:
    """`CHANGELOG.md`: all versions up to this one, the latest first."""
    parts = [f"# {manifest.code}: изменения / changes"]
    for each in manifest.changes:
        told = (
            f"добавлено / added: {each['added']}, убрано / removed: {each['removed']}, "
            f"метки изменены / relabelled: {each['relabelled']}"
        )
        parts += [f"## {each['version']} ({each['date'][:10]})", _change(each["change"]), told]
    return "\n\n".join(parts) + "\n"


def _change(told: Any) -> str:
    """A curator's own words, or a sentence of the platform in both languages."""
    if isinstance(told, Mapping):
        return f"{told['ru']}\n\n{told['en']}"
    return _one_line(str(told))


def _one_line(text: str) -> str:
    """Words of others on one line, so that they open no heading."""
    return " ".join(text.split()).lstrip("#>*-+ ")
