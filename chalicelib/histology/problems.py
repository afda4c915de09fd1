"""Why the file of a report was refused, and what its sender can do about it.

The intake stores these codes with the report, and the HTTP functions turn them into sentences; so
this module imports nothing heavy. What is wrong with a photograph of a report and is not named here
has the code and the sentence of `images.problems`.
"""

from enum import StrEnum, auto
from typing import Final

from chalicelib.images import problems as images
from chalicelib.platform.language import Text


class ReportProblem(StrEnum):
    """What is wrong with a file. The value is stored and answered as `problem.code`."""

    EMPTY = auto()
    TOO_LARGE = auto()
    WRONG_SIZE = auto()
    HASH_MISMATCH = auto()
    WRONG_TYPE = auto()
    ENCRYPTED = auto()
    DAMAGED = auto()
    TOO_MANY_PAGES = auto()
    TOO_COMPLEX = auto()
    NOT_FLAT = auto()
    EXTERNAL = auto()
    NOT_PROCESSED = auto()


OURS: Final = frozenset(problem.value for problem in ReportProblem)

_PRINT: Final = Text(
    "Откройте его, распечатайте в новый PDF и отправьте тот.",
    "Open it, print it into a new PDF and send that.",
)
_SENTENCES: Final[dict[ReportProblem, Text]] = {
    ReportProblem.EMPTY: Text(
        "Файл пуст. Выберите файл заключения ещё раз и отправьте его заново.",
        "The file is empty. Choose the report's file again and send it anew.",
    ),
    ReportProblem.TOO_LARGE: Text(
        "Файл слишком велик. Отсканируйте заключение с меньшим разрешением, например 150 точек на "
        "дюйм, и отправьте его заново.",
        "The file is too large. Scan the report at a lower resolution, for example 150 dots per "
        "inch, and send it again.",
    ),
    ReportProblem.WRONG_SIZE: Text(
        "Пришло не столько байтов, сколько было заявлено. Отправьте заключение заново.",
        "The number of bytes that arrived is not the number declared. Send the report again.",
    ),
    ReportProblem.HASH_MISMATCH: Text(
        "Файл изменился в пути: контрольная сумма не совпала. Отправьте заключение заново.",
        "The file changed on its way: its checksum does not match. Send the report again.",
    ),
    ReportProblem.WRONG_TYPE: Text(
        "Содержимое файла не соответствует заявленному формату. Отправьте обычный PDF, JPEG или PNG.",
        "The file's content is not of the declared format. Send an ordinary PDF, JPEG or PNG.",
    ),
    ReportProblem.ENCRYPTED: Text(
        f"Файл PDF защищён паролем или зашифрован. {_PRINT.ru}",
        f"The PDF is protected by a password or encrypted. {_PRINT.en}",
    ),
    ReportProblem.DAMAGED: Text(
        f"Файл PDF повреждён или обрывается. {_PRINT.ru}",
        f"The PDF is damaged or breaks off. {_PRINT.en}",
    ),
    ReportProblem.TOO_MANY_PAGES: Text(
        "В файле слишком много страниц. Отправьте только страницы самого заключения, не больше 50.",
        "The file has too many pages. Send the pages of the report alone, at most 50.",
    ),
    ReportProblem.TOO_COMPLEX: Text(
        f"Файл PDF устроен слишком сложно. {_PRINT.ru}",
        f"The PDF is too complex inside. {_PRINT.en}",
    ),
    ReportProblem.NOT_FLAT: Text(
        "В файле есть поля формы, пометки или слои, которые не стали частью страницы: под ними может "
        f"остаться закрытое имя. {_PRINT.ru}",
        "The file has form fields, marks or layers that are not part of the page: a covered name may "
        f"lie under them. {_PRINT.en}",
    ),
    ReportProblem.EXTERNAL: Text(
        f"Файл PDF ссылается на другие файлы или содержит программу. {_PRINT.ru}",
        f"The PDF refers to other files or holds a program. {_PRINT.en}",
    ),
    ReportProblem.NOT_PROCESSED: Text(
        "Файл не удалось обработать за несколько попыток. Распечатайте заключение в новый PDF "
        "или сфотографируйте его и отправьте заново.",
        "The file could not be processed in several attempts. Print the report into a new PDF, or "
        "photograph it, and send that.",
    ),
}


def sentence(code: str) -> Text:
    """What to tell the sender of a file that was refused with this code."""
    if code in OURS:
        return _SENTENCES[ReportProblem(code)]
    told = images.SENTENCES[images.Problem(code)]
    return Text(told["ru"], told["en"])
