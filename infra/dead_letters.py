"""What the functions gave up on: look at it, send it once more, or drop it.

    python -m infra.at STAGE infra.dead_letters list
    python -m infra.at STAGE infra.dead_letters redrive [--queue NAME]
    python -m infra.at STAGE infra.dead_letters drop MESSAGE_ID --reason WORDS

`redrive` sends a message of a queue (labelling, webhooks, builds, evaluations) to it again, and calls
`classify` again with the S3 event that it failed on; then it removes the dead letter. A crash between the
two leaves the same event twice, never not at all, and all functions take one twice. What fails again comes
back as a new dead letter (after 3 minutes, 15, 2.5 hours or a day), which this run does not touch. Mend the
cause first: the log has the error. What is none of our messages is left: drop it. Text of an exception is
never shown.

Our own loop instead of SQS's StartMessageMoveTask: that moves Lambda's records as they are, and
`classify` wants the event inside; it tells of no single message; and it takes what is not ours along.

Exit status: 0; 1 when something asked for was not done.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from chalicelib.oversight.dead_queue import QUEUES, opened
from chalicelib.oversight.letters import Letter
from chalicelib.platform.audit import Act
from chalicelib.platform.runtime import Platform, platform
from infra.existing import is_missing
from infra.pause import reserved_now
from infra.steps.deployment import function_name

TOLD_EVERY = 100
"""Letters sent again before a line of progress."""


class Refused(Exception):
    """Nothing was done; the sentence says why."""


def show(platform: Platform) -> None:
    """Print every dead letter. It stays where it is, received once more."""
    for name in QUEUES:
        with opened(platform, name) as queue:
            print(f"{name}-dead: {queue.count() or 'none'}")
            for letter in queue.letters():
                print("  " + letter.told(platform.clock.now()))


@dataclass
class Redriven:
    """What became of the letters of one queue."""

    sent: int = 0
    unknown: int = 0
    """None of our messages; left."""
    later: int = 0
    """Came after the start; left."""


def redrive(platform: Platform, name: str) -> Redriven:
    """Send the letters of one queue again. Raises `Refused` while `classify` is paused."""
    started, done = platform.clock.now(), Redriven()
    with opened(platform, name) as queue:
        waiting = queue.count()
        if waiting and name == "classify":
            _check_that_it_runs(platform)
        for letter in queue.letters():
            if letter.sent_at > started:
                done.later += 1
            elif letter.event is None:
                done.unknown += 1
            else:
                _send_again(platform, letter)
                queue.remove(letter)
                done.sent += 1
                if done.sent % TOLD_EVERY == 0:
                    print(f"{name}-dead: {done.sent} of about {waiting}", file=sys.stderr)
    return done


def drop(platform: Platform, message_id: str) -> Letter | None:
    """Remove one letter for good, with an audit record; None when there is no such letter."""
    for name in QUEUES:
        with opened(platform, name) as queue:
            for letter in queue.letters():
                if letter.message_id == message_id:
                    # The reason stays out: free words have no place in a trail kept for ever.
                    on = f"{message_id} {letter.about}".strip()
                    act = Act("operator", "system", "dead_letter.dropped", on)
                    platform.audit.record(act, request_id=message_id, once=True)
                    queue.remove(letter)
                    return letter
    return None


def _check_that_it_runs(platform: Platform) -> None:
    name = function_name(platform.settings.stage, "classify")
    try:
        paused = reserved_now(platform.client("lambda"), name) == 0
    except ClientError as error:
        if not is_missing(error):
            raise
        raise Refused(f"There is no function {name}: deploy the stage first.") from None
    if paused:
        raise Refused(f"{name} is paused and would give each event back: infra.pause off first.")


def _send_again(platform: Platform, letter: Letter) -> None:
    settings = platform.settings
    queues = {
        "labelling": settings.queue_labelling,
        "webhooks": settings.queue_webhooks,
        "builds": settings.queue_builds,
        "evaluations": settings.queue_evaluations,
    }
    if queue_url := queues.get(letter.queue):
        platform.client("sqs").send_message(QueueUrl=queue_url, MessageBody=letter.body)
    else:
        platform.client("lambda").invoke(
            FunctionName=function_name(platform.settings.stage, "classify"),
            InvocationType="Event",
            Payload=json.dumps(letter.event).encode(),
        )


def main(arguments: list[str], connect: Callable[[], Platform] = platform) -> int:
    """Carry out one command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.at STAGE infra.dead_letters",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="how many, and what each is about")
    again = commands.add_parser("redrive", help="send them once more")
    again.add_argument("--queue", choices=QUEUES, help="this one only")
    gone = commands.add_parser("drop", help="remove one for good")
    gone.add_argument("message_id", help="as `list` shows it")
    gone.add_argument("--reason", required=True, help="printed with what was dropped, kept nowhere")
    asked = parser.parse_args(arguments)
    platform = connect()
    if asked.command == "list":
        show(platform)
        return 0
    if asked.command == "redrive":
        return _redriven(platform, (asked.queue,) if asked.queue else QUEUES)
    return _dropped(platform, asked.message_id, asked.reason)


def _redriven(platform: Platform, names: tuple[str, ...]) -> int:
    undone = 0
    for name in names:
        try:
            done = redrive(platform, name)
        except Refused as refused:
            print(refused, file=sys.stderr)
            undone += 1
            continue
        print(f"{name}-dead: {done.sent} sent again")
        if done.unknown:
            print(f"  {done.unknown} left that are none of our messages")
        if done.later:
            print(f"  {done.later} left that came after the start")
        undone += done.unknown
    return 1 if undone else 0


def _dropped(platform: Platform, message_id: str, reason: str) -> int:
    letter = drop(platform, message_id)
    if letter is None:
        print(f"There is no dead letter {message_id} to be had now.", file=sys.stderr)
        return 1
    print(f"Dropped from {letter.queue}-dead: {letter.told(platform.clock.now())}. {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
