"""The dead-letter queues: what the functions gave up on lies there until somebody decides about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from chalicelib.oversight.letters import TOLD, Letter, read
from chalicelib.platform.runtime import Platform

QUEUES: Final = ("labelling", "classify", "webhooks", "builds", "evaluations")
MOST: Final = 10_000
"""Letters that one run takes up."""
HOLD_SECONDS: Final = 300
"""For so long nobody else is given a letter that this run looks at."""
BATCH: Final = 10
"""More SQS does not give or take at once."""


class DeadQueue:
    """One dead-letter queue, and the letters of it that this run holds."""

    def __init__(self, platform: Platform, name: str) -> None:
        self.name = name
        self._sqs = platform.sqs
        self.url = platform.settings.dead_queue(name)
        self._held: dict[str, Letter] = {}

    def count(self) -> int:
        """How many can be received now, as far as SQS knows."""
        wanted = "ApproximateNumberOfMessages"
        found = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=[wanted])
        return int(found["Attributes"][wanted])

    def first_letters(self) -> list[Letter]:
        """Some of the letters, `BATCH` at most; nobody is kept from them. Two calls, one where there are
        none."""
        if not self.count():
            return []
        return self._received(hold_seconds=0)

    def letters(self, *, most: int = MOST) -> Iterator[Letter]:
        """Each letter once, held back from everybody else."""
        seen: set[str] = set()
        while len(seen) < most and self.count():
            letters = self._received(hold_seconds=HOLD_SECONDS)
            self._held |= {letter.message_id: letter for letter in letters}
            fresh = [letter for letter in letters if letter.message_id not in seen]
            if not fresh:
                return
            seen |= {letter.message_id for letter in fresh}
            yield from fresh

    def _received(self, *, hold_seconds: int) -> list[Letter]:
        answer = self._sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=hold_seconds,
            # A short poll asks some of the queue's servers only, and may find none.
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=TOLD,
        )
        return [read(self.name, each) for each in answer.get("Messages", [])]

    def remove(self, letter: Letter) -> None:
        # SQS takes the receipt of the latest time that a message was received.
        latest = self._held[letter.message_id]
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=latest.receipt)
        del self._held[letter.message_id]

    def release(self) -> None:
        """Let others have what this run still holds, at once."""
        held = list(self._held.values())
        for start in range(0, len(held), BATCH):
            entries = [
                {"Id": str(n), "ReceiptHandle": letter.receipt, "VisibilityTimeout": 0}
                for n, letter in enumerate(held[start : start + BATCH])
            ]
            self._sqs.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)
        self._held.clear()


@contextmanager
def opened(platform: Platform, name: str) -> Iterator[DeadQueue]:
    """The dead-letter queue of this name; what was held and not removed is released."""
    queue = DeadQueue(platform, name)
    try:
        yield queue
    finally:
        queue.release()
