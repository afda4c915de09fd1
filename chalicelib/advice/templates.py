"""Answers that doctors give often, to begin from; each is calm, and says what to do and when."""

from dataclasses import dataclass
from typing import Final

from chalicelib.advice.model import Urgency
from chalicelib.platform.language import Text


@dataclass(frozen=True)
class Template:
    key: str
    urgency: Urgency
    title: Text
    text: Text


TEMPLATES: Final = (
    Template(
        "dermatoscopy_soon",
        Urgency.URGENT,
        Text("Осмотр с дерматоскопом в ближайшие дни", "Dermatoscopy within days"),
        Text(
            "Эту родинку нужно осмотреть с дерматоскопом: по фотографии её оценить нельзя. Запишитесь на приём "
            "в ближайшие дни и скажите при записи, что вас просил об этом врач. До приёма не травмируйте родинку "
            "и ничем её не прижигайте.",
            "This mole needs a look with a dermatoscope: a photograph cannot tell. Make an appointment within "
            "the next days, and say that a doctor asked for it. Until then do not hurt the mole or put anything "
            "on it.",
        ),
    ),
    Template(
        "show_soon",
        Urgency.SOON,
        Text("Показать в ближайшие недели", "Show it within weeks"),
        Text(
            "Покажите эту родинку на приёме в течение двух–трёх недель. Если она начнёт расти, изменит цвет или "
            "станет кровоточить, приходите раньше.",
            "Show this mole at a visit within two or three weeks. Should it grow, change its colour or bleed, "
            "come earlier.",
        ),
    ),
    Template(
        "next_visit",
        Urgency.NEXT_VISIT,
        Text("Показать на плановом приёме", "Show it at the planned visit"),
        Text(
            "На снимке не видно того, с чем нужно прийти раньше срока. Покажите родинку на следующем плановом "
            "приёме: снимок осмотра не заменяет. Если что-то изменится, напишите или приходите раньше.",
            "The photograph shows nothing that you would have to come earlier for. Show the mole at your next "
            "planned visit: a photograph does not replace it. Should anything change, write or come earlier.",
        ),
    ),
    Template(
        "photograph_again",
        Urgency.WATCH,
        Text("Сфотографировать снова через месяц", "Photograph it again in a month"),
        Text(
            "Сфотографируйте родинку через месяц при том же свете, с той же монетой рядом, и пришлите снимок. "
            "Если раньше она начнёт расти, изменит цвет или станет кровоточить, не ждите этого срока.",
            "Photograph the mole in a month, in the same light and with the same coin beside it, and send the "
            "photograph. Should it grow, change its colour or bleed before, do not wait that long.",
        ),
    ),
    Template(
        "better_photograph",
        Urgency.WATCH,
        Text("Нужен снимок получше", "A better photograph is needed"),
        Text(
            "По этому снимку ответить нельзя: он нерезкий или тёмный. Сфотографируйте родинку при дневном свете, "
            "с расстояния 10–15 см, коснувшись её на экране, чтобы камера навела резкость, и задайте вопрос снова.",
            "This photograph does not let me answer: it is blurred or dark. Photograph the mole in daylight from "
            "10 to 15 cm, touch it on the screen so that the camera focuses, and ask again.",
        ),
    ),
)
