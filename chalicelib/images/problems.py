"""Why a photograph was refused, and what its sender can do about it.

The image gate raises these codes, an image's life stores them, and the HTTP functions turn them
into sentences; so this module imports nothing heavy.
"""

from enum import StrEnum
from typing import Final, Literal


class Problem(StrEnum):
    """What is wrong with an uploaded file. The value is stored and answered as `problem.code`."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_SIZE = "wrong_size"
    HASH_MISMATCH = "hash_mismatch"
    WRONG_TYPE = "wrong_type"
    UNSUPPORTED = "unsupported"
    SEVERAL_FRAMES = "several_frames"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    EXTREME_ASPECT = "extreme_aspect"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    NOT_PROCESSED = "not_processed"


SENTENCES: Final[dict[Problem, dict[Literal["ru", "en"], str]]] = {
    Problem.EMPTY: {
        "ru": "Файл пуст. Выберите снимок ещё раз и отправьте его заново.",
        "en": "The file is empty. Choose the photograph again and send it anew.",
    },
    Problem.TOO_LARGE: {
        "ru": "Файл слишком велик. Сохраните снимок в формате JPEG с меньшим размером файла.",
        "en": "The file is too large. Save the photograph as a JPEG with a smaller file size.",
    },
    Problem.WRONG_SIZE: {
        "ru": "Пришло не столько байтов, сколько было заявлено. Отправьте снимок заново.",
        "en": "The number of bytes that arrived is not the number declared. Send the photograph "
        "again.",
    },
    Problem.HASH_MISMATCH: {
        "ru": "Файл изменился в пути: контрольная сумма не совпала. Отправьте снимок заново.",
        "en": "The file changed on its way: its checksum does not match. Send the photograph "
        "again.",
    },
    Problem.WRONG_TYPE: {
        "ru": "Содержимое файла не соответствует заявленному формату. Сохраните снимок "
        "как обычный JPEG или PNG (не HEIC, GIF, PDF или DICOM) и отправьте его.",
        "en": "The file's content is not of the declared format. Save the photograph as an "
        "ordinary JPEG or PNG (not HEIC, GIF, PDF or DICOM) and send that.",
    },
    Problem.UNSUPPORTED: {
        "ru": "Такая разновидность JPEG или PNG не поддерживается. Откройте снимок в любом "
        "редакторе, сохраните его как обычный JPEG и отправьте.",
        "en": "This variety of JPEG or PNG is not supported. Open the photograph in any editor, "
        "save it as an ordinary JPEG and send that.",
    },
    Problem.SEVERAL_FRAMES: {
        "ru": "В файле несколько кадров. Сохраните один кадр как отдельный снимок и отправьте его.",
        "en": "The file holds several frames. Save one frame as a photograph of its own and send "
        "it.",
    },
    Problem.TOO_MANY_PIXELS: {
        "ru": "В снимке слишком много точек. Уменьшите разрешение, например до 12 мегапикселей, "
        "и отправьте снимок заново.",
        "en": "The photograph has too many pixels. Lower its resolution, for example to "
        "12 megapixels, and send it again.",
    },
    Problem.TOO_SMALL: {
        "ru": "Снимок слишком мал, чтобы что-то на нём рассмотреть. Отправьте исходный снимок, "
        "а не уменьшенную копию.",
        "en": "The photograph is too small to see anything in it. Send the original, not a "
        "reduced copy.",
    },
    Problem.EXTREME_ASPECT: {
        "ru": "Снимок слишком вытянут. Отправьте обычную фотографию, а не панораму или полоску.",
        "en": "The photograph is too long and narrow. Send an ordinary one, not a panorama or a "
        "strip.",
    },
    Problem.TRUNCATED: {
        "ru": "Файл обрывается: пришла лишь часть снимка. Скопируйте снимок с камеры ещё раз "
        "и отправьте его заново.",
        "en": "The file breaks off: only part of the photograph arrived. Copy it from the camera "
        "again and send it anew.",
    },
    Problem.DAMAGED: {
        "ru": "Файл повреждён и не открывается. Проверьте, открывается ли снимок у вас, "
        "и отправьте его исправную копию.",
        "en": "The file is damaged and cannot be opened. Check that it opens on your side and send "
        "a sound copy.",
    },
    Problem.NOT_PROCESSED: {
        "ru": "Снимок не удалось обработать за несколько попыток. Откройте его в любом редакторе, "
        "сохраните как обычный JPEG и отправьте новым снимком.",
        "en": "The photograph could not be processed in several attempts. Open it in any editor, "
        "save it as an ordinary JPEG and send it as a new image.",
    },
}
