"""What a doctor is told about a lesion that changed: a code, a sentence in two languages, the numbers in it.

Each alert is raised by a threshold that docs/follow-up.md gives with its source (decision 0034). An alert
calls for a look at the lesion; it is no diagnosis, and no alert does not say that all is well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.images.changes import Change, Delta
from chalicelib.images.visits import Visit
from chalicelib.platform.language import Text
from chalicelib.platform.lesion_classes import MALIGNANT

WIDE_MM: Final = 6.0
"""D of the ABCD criteria (Friedman et al. 1985; Abbasi et al. 2004)."""
COLOUR_NAMES: Final = {
    "white": Text("белый", "white"),
    "red": Text("красный", "red"),
    "light_brown": Text("светло-коричневый", "light brown"),
    "dark_brown": Text("тёмно-коричневый", "dark brown"),
    "blue_grey": Text("серо-голубой", "blue-grey"),
    "black": Text("чёрный", "black"),
}


@dataclass(frozen=True, kw_only=True)
class Alert:
    """`before` and `after` are the visits compared; `numbers` what the sentence says, for programs."""

    code: str
    message: Text
    before: Visit
    after: Visit
    numbers: dict[str, Any]


def alerts(since_last: Change, since_first: Change) -> list[Alert]:
    """What the latest visit shows against the one before and against the first.

    Something that happened since the last visit is told as that, and not again as since the first.
    """
    raised: dict[str, Alert] = {}
    for change in (since_last, since_first):
        for alert in _of(change):
            raised.setdefault(alert.code, alert)
    # Area follows diameter, and is told only where the diameter alone does not show it.
    if "diameter_grew" in raised:
        raised.pop("area_grew", None)
    return list(raised.values())


def _of(change: Change) -> Iterator[Alert]:
    for found in (_growth(change), _width(change), _look(change), _opinion(change)):
        for code, message, numbers in found:
            yield Alert(
                code=code,
                message=message,
                before=change.before,
                after=change.after,
                numbers={"days": change.days, **numbers},
            )


Found = Iterator[tuple[str, Text, dict[str, Any]]]


def _growth(change: Change) -> Found:
    sizes = change.sizes
    for code, delta, words in (
        ("diameter_grew", sizes.diameter_mm, DIAMETER_GREW),
        ("area_grew", sizes.area_mm2, AREA_GREW),
    ):
        if delta is not None and delta.value > 0 and delta.beyond_error:
            yield code, _sentence(words, change, delta), _numbers(delta)
    relative = sizes.relative_area
    if relative is not None and relative.value > 0 and relative.beyond_error:
        percent = Delta(100 * relative.value, 100 * relative.error)
        yield "size_grew", _sentence(SIZE_GREW, change, percent), _numbers(relative)


def _width(change: Change) -> Found:
    before, after = change.before.in_mm("diameter_mm"), change.after.in_mm("diameter_mm")
    if before and after and before.value <= WIDE_MM < after.value - after.error:
        numbers = {"before_mm": round(before.value, 2), "after_mm": round(after.value, 2)}
        said = {"before": before.value, "after": after.value}
        yield "diameter_over_6_mm", _filled(OVER_6_MM, said), numbers


def _look(change: Change) -> Found:
    if change.more_asymmetric and change.axes is not None:
        before, after = change.axes
        words = ASYMMETRY.filled(before=before, after=after)
        yield "asymmetry_increased", _when(words, change), {"before": before, "after": after}
    if change.new_colours:
        names = [COLOUR_NAMES[colour] for colour in change.new_colours]
        colours = Text(", ".join(n.ru for n in names), ", ".join(n.en for n in names))
        words = Text(
            NEW_COLOUR.ru.format(colours=colours.ru), NEW_COLOUR.en.format(colours=colours.en)
        )
        yield "new_colour", _when(words, change), {"colours": list(change.new_colours)}
    if change.beyond_repeats and change.distance is not None:
        words = _when(LOOKS_DIFFERENT, change)
        yield "looks_different", words, {"distance": round(change.distance, 3)}


def _opinion(change: Change) -> Found:
    # Where another model says something else, it need not be the lesion that changed.
    model = change.after.models[-1]
    before, after = change.before.named(model), change.after.named(model)
    if before is not None and before not in MALIGNANT and after in MALIGNANT:
        numbers = {"before": before, "after": after}
        yield "opinion_became_malignant", _when(OPINION, change), numbers


def _numbers(delta: Delta) -> dict[str, float]:
    return {"value": round(delta.value, 4), "error": round(delta.error, 4)}


def _sentence(words: Text, change: Change, delta: Delta) -> Text:
    return _when(_filled(words, {"value": delta.value, "error": delta.error}), change)


def _filled(words: Text, numbers: dict[str, float]) -> Text:
    """One digit behind the point, which in Russian is a comma."""
    said = {name: f"{number:.1f}" for name, number in numbers.items()}
    russian = {name: text.replace(".", ",") for name, text in said.items()}
    return Text(words.ru.format(**russian), words.en.format(**said))


def _when(words: Text, change: Change) -> Text:
    days = change.days
    if days is None:
        return Text(f"{words.ru}{UNDATED.ru}", f"{words.en}{UNDATED.en}")
    russian = f" за {days} {_of_days(days)}."
    return Text(words.ru + russian, f"{words.en} in {days} {'day' if days == 1 else 'days'}.")


def _of_days(days: int) -> str:
    if days % 10 == 1 and days % 100 != 11:
        return "день"
    return "дня" if days % 10 in {2, 3, 4} and days % 100 not in {12, 13, 14} else "дней"


UNDATED: Final = Text(
    " между снимками, даты которых известны не все.",
    " between photographs whose days are not all known.",
)
DIAMETER_GREW: Final = Text(
    "Диаметр вырос на {value} мм ± {error}", "The diameter grew by {value} mm ± {error}"
)
AREA_GREW: Final = Text(
    "Площадь выросла на {value} мм² ± {error}", "The area grew by {value} mm² ± {error}"
)
SIZE_GREW: Final = Text(
    "На снимках одного прибора без масштаба очаг занимает на {value} % ± {error} больше места, чем занимал",
    "In pictures of one device without a scale the lesion covers {value} % ± {error} more than it did",
)
OVER_6_MM: Final = Text(
    "Диаметр стал больше 6 мм: был {before} мм, теперь {after} мм.",
    "The diameter has passed 6 mm: it was {before} mm and is {after} mm.",
)
ASYMMETRY: Final = Text(
    "Очаг стал асимметричнее: осей асимметрии было {before}, стало {after}",
    "The lesion became more asymmetric: {before} asymmetric axes before, {after} now",
)
NEW_COLOUR: Final = Text(
    "В очаге появился цвет, которого не было: {colours}",
    "The lesion has a colour that it had not: {colours}",
)
LOOKS_DIFFERENT: Final = Text(
    "Очаг выглядит иначе, чем на повторных снимках без изменений",
    "The lesion looks more different than repeated photographs of an unchanged one",
)
OPINION: Final = Text(
    "Мнение модели сменилось на злокачественное",
    "The model's opinion changed to a malignant one",
)
