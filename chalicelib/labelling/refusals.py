"""Why a reader's request cannot be met, and what he can do."""

from typing import Final

from chalicelib.platform.language import Text

ALREADY_READ: Final = Text(
    "Этот снимок вы уже прочитали. В течение минуты ответ можно отменить и дать другой.",
    "You have read this image already. Within a minute you may undo that and answer anew.",
)
DECLINED: Final = Text(
    "Вы отказались от этого случая. Прочитайте следующий.",
    "You have declined this case. Read the next one.",
)
LEASE_ENDED: Final = Text(
    "Время на этот снимок вышло, его читает другой эксперт. Откройте список заново.",
    "The time for this image is over, and another expert reads it. Open the list again.",
)
FINAL: Final = Text(
    "Минута для отмены прошла: ответ окончательный.",
    "The minute to undo it is over: the reading is final.",
)
