"""Dead letters over HTTP: parse, one call, answer."""

from pydantic import Field

from chalicelib.oversight import dead_letters
from chalicelib.oversight.letters import Letter
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


class LetterAnswer(Answer):
    """A message that a function gave up on; ids alone, and no text of an error."""

    letter_id: str
    queue: str
    sent_at: str
    first_received_at: str | None
    receive_count: int
    subject: str | None = Field(description="What it is about; null: none of our messages.")
    error: str | None = Field(description="Type of the error, where it is known.")


class LaidAnswer(Answer):
    """A queue of dead letters: about how many there are, and ten of them at most."""

    queue: str
    count: int
    letters: list[LetterAnswer]


class SentAgain(Answer):
    """How many letters were sent again; those that are none of our messages are left to be dropped."""

    queue: str
    sent: int
    unknown: int
    left: int


@routes.route(
    "/v1/dead-letters",
    summary=Text("Сообщения, от которых функции отказались", "What the functions gave up on"),
    answers=Listing[LaidAnswer],
)
def list_dead_letters(call: Call[NoBody, NoQuery]) -> Listing[LaidAnswer]:
    found = dead_letters.look(call.platform)
    call.audit("dead_letters.listed", "dead_letters")
    items = [
        LaidAnswer(queue=each.queue, count=each.count, letters=list(map(_letter, each.letters)))
        for each in found
    ]
    return Listing[LaidAnswer](items=items, next=None)


@routes.route(
    "/v1/dead-letters/{queue}/redrive",
    "POST",
    summary=Text("Отправить их ещё раз", "Send them once more"),
    answers=SentAgain,
    status=202,
    refusals=("not_found",),
)
def redrive(call: Call[NoBody, NoQuery], queue: str) -> SentAgain:
    done = dead_letters.redrive(call.platform, queue)
    call.audit("dead_letters.redriven", queue)
    return SentAgain(queue=done.queue, sent=done.sent, unknown=done.unknown, left=done.left)


@routes.route(
    "/v1/dead-letters/{queue}/{letter_id}",
    "DELETE",
    summary=Text("Удалить сообщение насовсем", "Drop one for good"),
    status=204,
    refusals=("not_found",),
)
def drop(call: Call[NoBody, NoQuery], queue: str, letter_id: str) -> None:
    def record(letter: Letter) -> None:
        on = f"{letter_id} {letter.about}".strip()
        call.audit("dead_letter.dropped", on, once=True)

    dead_letters.drop(call.platform, queue, letter_id, record)


def _letter(letter: Letter) -> LetterAnswer:
    first = letter.first_received_at
    return LetterAnswer(
        letter_id=letter.message_id,
        queue=letter.queue,
        sent_at=timestamp(letter.sent_at),
        first_received_at=timestamp(first) if first else None,
        receive_count=letter.receives,
        subject=letter.about or None,
        error=letter.error or None,
    )
