"""The refusals of the platform: a handful of exceptions, each with a sentence a person can act on.

`http/routes.py` is the one place that turns them into answers.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from chalicelib.platform.language import Text


class DomainError(Exception):
    """A request that cannot be met. `code` is for programs, `text` for people."""

    status: ClassVar[int] = 400

    def __init__(
        self,
        code: str,
        text: Text,
        *,
        fields: Mapping[str, Text] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.fields = dict(fields or {})
        self.details = dict(details or {})


class BadRequest(DomainError):
    status = 400


class Unauthorized(DomainError):
    status = 401


class Forbidden(DomainError):
    status = 403


class NotFound(DomainError):
    """Absent, or not the caller's: the two answer alike."""

    status = 404

    def __init__(self) -> None:
        super().__init__("not_found", NOT_FOUND)


class Conflict(DomainError):
    status = 409


class TooLarge(DomainError):
    status = 413


class WrongType(DomainError):
    status = 415


class Invalid(DomainError):
    """Fields are wrong; `fields` says which and what to do about each."""

    status = 422

    def __init__(self, fields: Mapping[str, Text]) -> None:
        super().__init__("invalid", INVALID, fields=fields)


class TooMany(DomainError):
    """Over quota; `retry_after` is in seconds."""

    status = 429

    def __init__(self, text: Text, *, retry_after: int) -> None:
        super().__init__("too_many", text)
        self.retry_after = retry_after


NOT_YET: Final = Text("Эта дата ещё не наступила.", "This date is in the future.")
NOT_FOUND: Final = Text(
    "Такой записи нет, или она не ваша. Проверьте ссылку.",
    "There is no such record, or it is not yours. Check the link.",
)
INVALID: Final = Text(
    "Некоторые поля заполнены неверно. Исправьте их и отправьте снова.",
    "Some fields are not right. Correct them and send again.",
)
UNAUTHORIZED: Final = Text(
    "Войдите в систему: пропуск не предъявлен, истёк или отозван.",
    "Sign in: the access token is missing, expired or revoked.",
)
FORBIDDEN: Final = Text(
    "Вашей роли это действие не разрешено. Обратитесь к администратору клиники.",
    "Your role may not do this. Ask the administrator of your clinic.",
)
INTERNAL: Final = Text(
    "Произошла внутренняя ошибка. Повторите запрос; если не поможет, сообщите его номер.",
    "Something failed inside. Repeat the request; if that does not help, report its number.",
)
NOT_JSON: Final = Text(
    "Тело запроса не является корректным JSON. Проверьте его и отправьте снова.",
    "The body is not correct JSON. Check it and send again.",
)
TOO_LARGE: Final = Text(
    "Запрос слишком велик. Изображения отправляются по отдельной ссылке.",
    "The request is too large. Images go to a link of their own.",
)
WRONG_TYPE: Final = Text(
    "Отправьте тело запроса как application/json.",
    "Send the body as application/json.",
)
PACKED: Final = Text(
    "Отправьте тело запроса без сжатия.",
    "Send the body uncompressed.",
)
IDEMPOTENCY: Final = Text(
    "С этим ключом Idempotency-Key уже отправлен другой запрос. Возьмите новый ключ.",
    "This Idempotency-Key was used with another request. Take a new key.",
)
BAD_CURSOR: Final = Text(
    "Эта страница списка недоступна. Начните список сначала.",
    "This page of the list is not available. Start the list again.",
)


def idempotency_conflict() -> Conflict:
    """The same key came with another body."""
    return Conflict("idempotency_conflict", IDEMPOTENCY)
