"""`python -m infra.local`: serve the whole system until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys
from types import FrameType


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        return _serve(_arguments())
    except KeyboardInterrupt:
        return 0


def _serve(arguments: argparse.Namespace) -> int:
    # Imported with the signal handlers in place: it takes a moment, and a stop may come in it.
    from infra.local.serving import PortInUseError
    from infra.local.stack import LocalStack

    try:
        stack = LocalStack(arguments.port, _log)
    except PortInUseError as error:
        _log(f"{error} Stop the program that uses it, or choose another: make run PORT=8080")
        return 1
    try:
        stack.start(tick_seconds=arguments.tick)
        print(f"Rodinka is ready: {stack.url}/", flush=True)
        _print_accounts()
        from infra.local.background import load_model, show_demo

        stack.in_background("model", load_model)
        if arguments.demo:
            stack.in_background("demo", lambda: show_demo(stack.url, stack.stopping, _log))
        stack.stopping.wait()
    finally:
        stack.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="enter generated patients and pictures",
    )
    parser.add_argument(
        "--tick", type=float, metavar="SECONDS", help="run every scheduled function this often"
    )
    return parser.parse_args()


def _print_accounts() -> None:
    from infra.local.accounts import ACCOUNTS, PASSWORD

    print(f"Demo accounts, password {PASSWORD}:")
    for account in ACCOUNTS:
        print(f"  {account.login:<9} {account.role:<14} {account.clinic_id}".rstrip())
    print("Everything is kept in memory only and is gone when this stops (Ctrl-C).", flush=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    # Once is enough: the second signal must not cut the clean stop short.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _log(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
