"""`python -m infra.local`: serve the whole system until Ctrl-C or SIGTERM."""

import argparse
import math
import os
import signal
import sys
from contextlib import ExitStack

STOP = frozenset({signal.SIGINT, signal.SIGTERM})


def main() -> int:
    # The signals are held back and waited for, not handled: an exception thrown into whatever the
    # main thread is doing may be swallowed there (in a finalizer, say), and the stop with it.
    for number in STOP:
        signal.signal(number, signal.SIG_DFL)  # a shell may have set a background job to ignore it
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    arguments = _arguments()
    from infra.local.serving import PortInUseError
    from infra.local.stack import LocalStack
    from infra.local.status import shown, wanted
    from infra.throttling import CALLER, Rate

    try:
        rate = arguments.requests_per_second
        requests = Rate(rate, math.ceil(2 * rate)) if rate else CALLER
        stack = LocalStack(arguments.port, _log, requests=requests)
    except PortInUseError as error:
        _log(f"{error} Stop the program that uses it, or choose another: make run PORT=8080")
        return 1
    try:
        stack.start(tick_seconds=arguments.tick)
        if signal.sigpending() & STOP:
            return 0
        print(f"Rodinka is ready: {stack.url}/", flush=True)
        _print_accounts(arguments.demo)
        from infra.local.background import load_model, show_demo

        stack.in_background("model", load_model)
        if arguments.demo:
            stack.in_background("demo", lambda: show_demo(stack.url, stack.stopping, _log))
        with ExitStack() as terminal:
            if arguments.status and wanted(sys.stdout, os.environ):
                line = terminal.enter_context(shown(stack.status))
                stack.in_background("status", lambda: line.run(stack.stopping))
            signal.sigwait(STOP)
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
    parser.add_argument(
        "--status",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="on a terminal, a line that says how far the work is (or set NO_STATUS)",
    )
    parser.add_argument(
        "--requests-per-second", type=float, metavar="N", help="what one caller may send to the API"
    )
    return parser.parse_args()


def _print_accounts(with_demo: bool) -> None:
    from infra.local.accounts import ACCOUNTS, CLINICS, PASSWORD, PATIENT

    print(f"Demo accounts, password {PASSWORD}:")
    for account in ACCOUNTS:
        print(f"  {account.login:<9} {account.role:<14} {account.clinic_id}".rstrip())
    if with_demo:
        print(
            f"  {PATIENT:<9} patient        {CLINICS[0].clinic_id}, once the demo data are entered"
        )
    print("Everything is kept in memory only and is gone when this stops (Ctrl-C).", flush=True)


def _log(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is closed. An ordinary exit would now take apart, object by object, all that moto
    # holds: half a minute after ten thousand images.
    os._exit(code)
