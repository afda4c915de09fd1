"""What the verdict of a test says, in both languages."""

import math
from typing import Final

from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import LesionClass

AREA_ENOUGH: Final = Text(
    "AUC {value} (95\u00a0% интервал {low}–{high}) не ниже {least}.",
    "AUC {value} (95% interval {low}–{high}) is at least {least}.",
)
AREA_ENOUGH_UNSURE: Final = Text(
    "AUC {value} не ниже {least}; её 95\u00a0% интервал {low}–{high} начинается ниже порога: единиц для уверенности мало.",
    "AUC {value} is at least {least}; its 95% interval {low}–{high} begins below that: the units are too few to be sure.",
)
AREA_TOO_SMALL: Final = Text(
    "AUC {value} (95\u00a0% интервал {low}–{high}) ниже {least}.",
    "AUC {value} (95% interval {low}–{high}) is below {least}.",
)
NO_AREA: Final = Text(
    "AUC не определена: в наборе нет положительных или нет отрицательных единиц.",
    "There is no AUC: the set lacks positive or negative units.",
)
NOTHING_CLAIMED: Final = Text(
    "Показатели качества не заявлены: сравнивать не с чем.",
    "No quality metric was claimed: there is nothing to compare with.",
)
CLAIM_KEPT: Final = Text(
    "{metric}: {value} ({low}–{high}), не хуже заявленных {claimed}.",
    "{metric}: {value} ({low}–{high}), no worse than the claimed {claimed}.",
)
CLAIM_WITHIN: Final = Text(
    "{metric}: {value} ({low}–{high}), хуже заявленных {claimed} на {worse}\u00a0%, это меньше 10\u00a0%.",
    "{metric}: {value} ({low}–{high}), worse than the claimed {claimed} by {worse}%, which is less than 10%.",
)
CLAIM_BROKEN: Final = Text(
    "{metric}: {value} ({low}–{high}), хуже заявленных {claimed} на {worse}\u00a0%, это 10\u00a0% или больше.",
    "{metric}: {value} ({low}–{high}), worse than the claimed {claimed} by {worse}%, which is 10% or more.",
)
CLAIM_UNKNOWN: Final = Text(
    "{metric}: заявлено {claimed}, но этот набор не позволяет измерить: нужных единиц в нём нет.",
    "{metric}: {claimed} was claimed, but this set cannot tell: it lacks the units for it.",
)
IN_TIME: Final = Text(
    "Самая долгая из единиц ({units}) заняла {longest}, меньше {minutes}\u00a0минут.",
    "The longest of the units ({units}) took {longest}, less than {minutes} minutes.",
)
TOO_SLOW: Final = Text(
    "Самая долгая из единиц ({units}) заняла {longest}; каждая должна занимать меньше {minutes}\u00a0минут.",
    "The longest of the units ({units}) took {longest}; each must take less than {minutes} minutes.",
)
NO_TIME: Final = Text(
    "Время не измерено для {missing} из {units} единиц: файл результатов времени не доказывает, нужна выдача по одной.",
    "No time was measured for {missing} of {units} units: a results file proves no time, units must be served one by one.",
)
ALL_ANSWERED: Final = Text(
    "Обработаны все пригодные единицы: {answered} из {good}.",
    "All good units were processed: {answered} of {good}.",
)
NOT_ALL_ANSWERED: Final = Text(
    "Обработаны не все пригодные единицы: {answered} из {good}.",
    "Not all good units were processed: {answered} of {good}.",
)
NO_GOOD_UNITS: Final = Text("В наборе нет пригодных единиц.", "The set has no good units.")
DEFECTS_REFUSED: Final = Text(
    "От единиц с техническим дефектом сервис отказался: {refused} из {defects}.",
    "Units with a technical defect were refused: {refused} of {defects}.",
)
DEFECTS_NOT_REFUSED: Final = Text(
    "От единиц с техническим дефектом сервис отказался не всегда: {refused} из {defects}.",
    "Not every unit with a technical defect was refused: {refused} of {defects}.",
)
NO_DEFECTS: Final = Text(
    "В наборе нет единицы с техническим дефектом: отказ от неё проверить нельзя.",
    "The set has no unit with a technical defect: whether it is refused cannot be told.",
)

METRICS: Final = {
    "auc": Text("AUC", "AUC"),
    "sensitivity": Text("Чувствительность", "Sensitivity"),
    "specificity": Text("Специфичность", "Specificity"),
}


def say(sentence: Text, **values: Text | object) -> Text:
    """The sentence with its values, those that are texts in its language."""
    said = [
        template.format(**{k: v[place] if isinstance(v, Text) else v for k, v in values.items()})
        for place, template in enumerate(sentence)
    ]
    return Text(*said)


def metric(name: str) -> Text:
    """What a metric is called; `auc.<class>` is the area of a class, by its key or a diagnosis."""
    first, _, of_class = name.partition(".")
    if not of_class:
        return METRICS[first]
    known = next((each.label for each in LesionClass if each == of_class), Text(of_class, of_class))
    return say(Text("{metric} ({of})", "{metric} ({of})"), metric=METRICS[first], of=known)


def decimal(value: float, digits: int = 4) -> Text:
    """Rounded down, so that what is below a threshold never reads as if it were on it; two decimals
    at least where more than one may be shown."""
    scale = 10**digits
    text = f"{math.floor(value * scale + 1e-5) / scale:.{digits}f}".rstrip("0")
    text = text.removesuffix(".") if digits < 2 else text.ljust(len("0.00"), "0")
    return _with_comma(text)


def percent(share: float) -> Text:
    """The number of a percentage with one decimal, rounded down; what is not nothing never reads as 0."""
    return decimal(100 * share, 1) if share >= 0.001 or not share else Text("<0,1", "<0.1")


def thousandths(value: float) -> Text:
    """Rounded to three decimals: an end of an interval."""
    return _with_comma(f"{value:.3f}")


def duration(seconds: float) -> Text:
    """Seconds with one decimal, from two minutes on minutes and seconds; rounded down."""
    if seconds < 120:
        number = _with_comma(f"{math.floor(seconds * 10 + 1e-5) / 10:.1f}")
        return say(Text("{number} с", "{number} s"), number=number)
    minutes, rest = divmod(int(seconds), 60)
    return Text(f"{minutes} мин {rest} с", f"{minutes} min {rest} s")


def _with_comma(number: str) -> Text:
    return Text(number.replace(".", ","), number)
