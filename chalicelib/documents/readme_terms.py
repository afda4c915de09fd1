"""Words of a README on rights: who may have the data, under which licence, how to cite them."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.documents.blocks import Block, Code, Heading, Passage, Points
from chalicelib.documents.numbers import tongue
from chalicelib.documents.words import MEMBERS, sentence
from chalicelib.platform.language import Language, Text

ACCESS: Final[Mapping[str, Text]] = {
    "public": Text("открыто для всех", "open to everyone"),
    "controlled": Text("по соглашению с получателем", "by agreement with each recipient"),
    "hidden": Text(
        "не распространяется: набор скрыт и служит только для тестирования",
        "not distributed: the set is hidden and serves for tests only",
    ),
}

LICENCES: Final[Mapping[str, tuple[str, Text]]] = {
    "CC0-1.0": (
        "https://creativecommons.org/publicdomain/zero/1.0/",
        Text("общественное достояние, без условий", "public domain, no conditions"),
    ),
    "CC-BY-4.0": (
        "https://creativecommons.org/licenses/by/4.0/",
        Text("любое использование с указанием авторов", "any use, provided the authors are named"),
    ),
    "CC-BY-NC-4.0": (
        "https://creativecommons.org/licenses/by-nc/4.0/",
        Text(
            "некоммерческое использование с указанием авторов",
            "non-commercial use, provided the authors are named",
        ),
    ),
    "CC-BY-NC-ND-4.0": (
        "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        Text(
            "некоммерческое использование с указанием авторов, без распространения переработок",
            "non-commercial use, provided the authors are named; no sharing of adaptations",
        ),
    ),
    "LicenseRef-Agreement": (
        "",
        Text("по договору с получателем", "under an agreement with the recipient"),
    ),
}

NEVER: Final = Text(
    "Запрещено устанавливать личность пациентов или пытаться это сделать, в том числе сопоставлением "
    "с другими данными.",
    "It is forbidden to identify patients or to try to, by matching with other data among others.",
)


def licence_in_brief(licence: str, language: Language) -> str:
    _, brief = LICENCES.get(licence, ("", Text("", "")))
    told = brief.in_language(language)
    return f"{licence} — {told}" if told else licence


def rights(manifest: Mapping[str, Any], language: Language) -> list[Block]:
    """Licence, copies, recommended citation, rules of distribution."""
    say, plan = tongue(language), manifest["plan"]
    address, _ = LICENCES.get(plan["licence"], ("", Text("", "")))
    special = (plan.get("special_prohibitions") or {}).get(language)
    licence = say("Набор данных распространяется на условиях ", "The dataset is distributed under ")
    licence += licence_in_brief(plan["licence"], language) + "."
    licence += say(
        " Файл LICENSE содержит условия, ATTRIBUTION.md — источники, которые следует назвать.",
        " LICENSE holds the terms, ATTRIBUTION.md names the sources that are to be credited.",
    )
    blocks: list[Block] = [
        Heading(say("Лицензия и распространение", "Licence and distribution")),
        Heading(say("Лицензия", "Licence"), 2),
        Passage(licence),
    ]
    if address:
        blocks.append(Points([Code(address)]))
    return [
        *blocks,
        Heading(say("Копии", "Copies"), 2),
        Passage(
            say(
                "Подлинность копии подтверждают суммы из SHA256SUMS. Если пациент отозвал согласие, "
                "версия снимается с распространения и выходит следующая, без него; держатель копии "
                "должен перейти на неё и удалить прежнюю.",
                "SHA256SUMS proves that a copy is true. When a patient takes the consent back, the version "
                "is taken down and the next one comes without him; whoever holds a copy is to move to it "
                "and to delete the former one.",
            )
        ),
        Heading(say("Рекомендуемая ссылка", "Recommended citation"), 2),
        Passage(citation(manifest, language)),
        Heading(say("Правила распространения", "Rules of distribution"), 2),
        Points(
            [
                sentence(ACCESS[plan["access"]].in_language(language)) + ".",
                NEVER.in_language(language),
                say(
                    "Набор не предназначен для постановки диагноза отдельному человеку.",
                    "The set is not meant for diagnosing any single person.",
                ),
                *([special] if special else []),
            ]
        ),
    ]


def citation(manifest: Mapping[str, Any], language: Language) -> str:
    """How the dataset is to be cited: authors, name, version, year, code, link (DataCite's order)."""
    say, plan = tongue(language), manifest["plan"]
    authors = ", ".join(member["name"] for member in plan["working_group"])
    return (
        f"{authors}. {plan['name'][language]} [{say('набор данных', 'dataset')}]. "
        f"{say('Версия', 'Version')} {manifest['version']}. Rodinka, {manifest['frozen_at'][:4]}. "
        f"{manifest['code']}. {link_of(manifest)}"
    )


def link_of(manifest: Mapping[str, Any]) -> str:
    """The permanent link of the release; without one, a name that tells it apart and no resolver knows."""
    told = manifest["extra"].get("permanent_link")
    return str(told) if told else f"urn:rodinka:dataset:{manifest['code']}:{manifest['version']}"


def people(manifest: Mapping[str, Any], language: Language) -> list[Block]:
    """Authors; conflicts of interest."""
    say, plan = tongue(language), manifest["plan"]
    conflicts = plan.get("conflicts_of_interest")
    return [
        Heading(say("Авторы", "Authors")),
        Points([_author(member, language) for member in plan["working_group"]]),
        Heading(say("Конфликт интересов", "Conflicts of interest")),
        Passage(
            conflicts
            or say("Авторы не сообщили о конфликте интересов.", "The authors declared none.")
        ),
    ]


def _author(member: Mapping[str, Any], language: Language) -> str:
    known = MEMBERS.get(member["task"])
    told = f"{member['name']} ({known.in_language(language) if known else member['task']})"
    if member.get("affiliation"):
        told += f", {member['affiliation']}"
    if member.get("orcid"):
        told += f", ORCID {member['orcid']}"
    return told
