"""What a document calls the keys of a release: quasi-identifiers, levels, rules, kinds of image.

The survey's own labels are for forms ("Муж"); a table's heads and rows need words that stand alone.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.platform.language import Language, Text
from chalicelib.platform.lesion_classes import LesionClass

NOT_RECORDED: Final = "not_recorded"

DIMENSIONS: Final[Mapping[str, Text]] = {
    "sex": Text("пол", "sex"),
    "age": Text("возраст, лет", "age, years"),
    "site": Text("расположение", "body site"),
    "skin_type": Text("тип кожи по Фицпатрику", "Fitzpatrick skin type"),
    "device": Text("устройство", "device"),
    "verification": Text("уровень верификации", "level of verification"),
    "rule": Text("чем установлена метка", "what the label rests on"),
    "image_type": Text("вид снимка", "kind of image"),
    "split": Text("часть набора", "split"),
    "source": Text("источник", "source"),
}

VALUES: Final[Mapping[str, Text]] = {
    NOT_RECORDED: Text("не указано", "not recorded"),
    "male": Text("мужской", "male"),
    "female": Text("женский", "female"),
    "head_neck": Text("голова, шея", "head, neck"),
    "legs": Text("ноги", "legs"),
    "genitals": Text("гениталии", "genitals"),
    "torso": Text("торс", "torso"),
    "trunk": Text("туловище", "trunk"),
    "palms_soles": Text("ладони, подошвы", "palms, soles"),
    "arms": Text("руки", "arms"),
    "limbs": Text("конечности", "limbs"),
    "low": Text("низкий", "low"),
    "medium": Text("средний", "medium"),
    "high": Text("высокий", "high"),
    "two_agree": Text("согласие двух экспертов", "two experts agree"),
    "arbitration": Text("решение третьего эксперта", "a third expert decides"),
    "histology": Text("гистология", "histology"),
    "follow_up": Text("наблюдение без изменений", "follow-up without change"),
    "document": Text("документ или архив", "document or archive"),
    "dermoscopic": Text("дерматоскопический", "dermoscopic"),
    "macroscopic": Text("макроскопический", "macroscopic"),
    "all": Text("весь набор", "all"),
    "train": Text("обучение", "training"),
    "training": Text("обучение", "training"),
    "validation": Text("валидация", "validation"),
    "test": Text("тест", "test"),
    "technical_defect": Text("технический дефект", "technical defect"),
}

VERIFICATION: Final[Mapping[str, Text]] = {
    "low": Text(
        "низкий: взята из документов или архива", "low: taken from documents or an archive"
    ),
    "medium": Text("средний: мнение экспертов", "medium: the opinion of experts"),
    "high": Text(
        "высокий: гистология или наблюдение, не показавшее изменений",
        "high: histology, or follow-up that showed no change",
    ),
}

LEVELS: Final[Mapping[str, Text]] = {
    "fives": Text("по пять лет", "in fives"),
    "tens": Text("по десять лет", "in tens"),
    "twenties": Text("по двадцать лет", "in twenties"),
    "regions": Text("областями тела", "by region of the body"),
    "pairs": Text("парами типов", "in pairs of types"),
    "not_told": Text("не указывается", "not told"),
}
"""How exactly a quasi-identifier is told; levels that say all of a survey's answer have no word."""

ROLES: Final[Mapping[str, Text]] = {
    "positive": Text("целевой", "target"),
    "negative": Text("нецелевой", "non-target"),
    "defect": Text("дефект", "defect"),
}

MEMBERS: Final[Mapping[str, Text]] = {
    "clinician": Text("врач", "clinician"),
    "data_scientist": Text("специалист по данным", "data scientist"),
    "engineer": Text("инженер", "engineer"),
    "administrator": Text("администратор", "administrator"),
}

UNITS_OF_DATA: Final[Mapping[str, Text]] = {
    "image": Text("снимок", "an image"),
    "lesion": Text("очаг: один его снимок", "a lesion: one image of it"),
    "patient": Text("пациент: один его снимок", "a patient: one image"),
    "series": Text("все снимки очага, если их хотя бы два", "all images of a lesion, at least two"),
}


def value(key: str, language: Language) -> str:
    """What a value is called; a value of nobody's list (a device, an age band) is called by itself."""
    known = VALUES.get(key)
    if known is not None:
        return known.in_language(language)
    return key.replace("-", "–") if key[:1].isdigit() or key in _RANKS else key


def dimension(key: str, language: Language) -> str:
    known = DIMENSIONS.get(key)
    return key if known is None else known.in_language(language)


def diagnosis(key: str, language: Language) -> str:
    """One of the nine, or a technical defect."""
    known = next((one for one in LesionClass if one == key), None)
    return value(key, language) if known is None else known.label.in_language(language)


def sentence(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


RANKED: Final = frozenset({"age", "skin_type", "verification"})
"""Dimensions whose values follow one another."""
_RANKS: Final = (
    "low", "medium", "high", "I", "I-II", "II", "III", "III-IV", "IV", "V", "V-VI", "VI",
)  # fmt: skip


def ordered(by: str, counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """The values of a dimension: bands and ranks in their order, others the most frequent first; what is
    not recorded comes last. `counts`: class key → value → units."""
    totals: dict[str, int] = {}
    for found in counts.values():
        for one, number in found.items():
            totals[one] = totals.get(one, 0) + number
    missing = totals.pop(NOT_RECORDED, None)
    if by in RANKED:
        order = sorted(totals, key=_rank)
    else:
        order = sorted(totals, key=lambda one: (-totals[one], one))
    return order if missing is None else [*order, NOT_RECORDED]


def _rank(key: str) -> tuple[int, str]:
    plain = key.replace("–", "-")
    first = plain.split("-")[0].strip("+≥<")
    if first.isdigit():
        return int(first), plain
    return (_RANKS.index(plain) if plain in _RANKS else len(_RANKS)), plain
