"""What is wrong with a selection, in sentences: for who planned it, before anything is released."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from chalicelib.datasets.model import Purpose
from chalicelib.datasets.planning.plan import Plan, Role
from chalicelib.datasets.selection.selected import Selection, numbers
from chalicelib.platform.language import Text

NO_IMAGES: Final = Text(
    "На платформе ещё нет принятых снимков.", "There are no accepted images on the platform yet."
)
NOBODY: Final = Text(
    "После шага «{step.ru}» не осталось ни одного снимка: {reason.ru}. Измените план или дополните данные.",
    "No image is left after the step “{step.en}”: {reason.en}. Change the plan, or add data.",
)
ONE_CLASS: Final = Text(
    "Остался единственный класс «{title.ru}» из {number}. Измените критерии или уберите из плана другие классы.",
    "Only the class “{title.en}” of {number} is left. Change the criteria, or take the other classes out "
    "of the plan.",
)
ONE_SIDED: Final = Text(
    "Для клинического испытания нужны и положительные, и отрицательные единицы; остались только одни.",
    "A clinical test needs positive and negative units; only one kind is left.",
)
EMPTY_CLASS: Final = Text(
    "В классе «{title.ru}» нет ни одной единицы.", "The class “{title.en}” has no unit."
)
SHORT_CLASS: Final = Text(
    "В классе «{title.ru}» единиц {found} вместо запланированных {planned}.",
    "The class “{title.en}” has {found} units, not the {planned} that were planned.",
)
SINGLE: Final = Text(
    "В классе «{title.ru}» всего одна единица: она окажется лишь в одной части набора.",
    "The class “{title.en}” has a single unit, so only one split has it.",
)
EMPTY_SPLIT: Final = Text(
    "В части «{name}» нет ни одной единицы: слишком мало пациентов, которых можно разделить.",
    "The split “{name}” has no unit: there are too few patients who may be parted.",
)


@dataclass(frozen=True)
class Problem:
    sentence: Text
    fatal: bool
    """Whether no release can be made."""


def problems(plan: Plan, selection: Selection) -> list[Problem]:
    """All that is wrong, what is fatal first."""
    if not selection.units:
        return [Problem(_nobody(selection), fatal=True)]
    by_class = numbers(plan, selection.units)
    found = [Problem(sentence, fatal=True) for sentence in _fatal(plan, by_class)]
    for each in plan.classes:
        title, number = each.title.text, by_class[each.key]
        if number == 0:
            found.append(Problem(EMPTY_CLASS.filled(title=title), fatal=False))
        elif each.units and number < each.units:
            told = SHORT_CLASS.filled(title=title, found=number, planned=each.units)
            found.append(Problem(told, fatal=False))
        if number == 1 and len(plan.splits) > 1:
            found.append(Problem(SINGLE.filled(title=title), fatal=False))
    for part in plan.splits:
        if part.name not in selection.splits:
            found.append(Problem(EMPTY_SPLIT.filled(name=part.name), fatal=False))
    return found


def _fatal(plan: Plan, by_class: Counter[str]) -> list[Text]:
    found = []
    if len(plan.classes) > 1 and len(by_class) == 1:
        (left,) = by_class
        title = next(each.title.text for each in plan.classes if each.key == left)
        found.append(ONE_CLASS.filled(title=title, number=len(plan.classes)))
    elif plan.purpose is Purpose.CLINICAL_TEST:
        roles = {each.role for each in plan.classes if by_class[each.key]}
        if not {Role.POSITIVE, Role.NEGATIVE} <= roles:
            found.append(ONE_SIDED)
    return found


def _nobody(selection: Selection) -> Text:
    emptied = next((step for step in selection.flow if step["left"] == 0), None)
    if emptied is None or emptied["step"] == "all":
        return NO_IMAGES
    return NOBODY.filled(step=Text(**emptied["title"]), reason=Text(**emptied["reason"]))
