"""What may come after the ready line: loading the model, entering the demo data."""

import importlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime


def load_model() -> None:
    """Import what `classify` will need; the first picture then waits a second less."""
    importlib.import_module("chalicelib.classification.service")


def show_demo(url: str, stopping: threading.Event, log: Callable[[str], None]) -> None:
    """Enter the demo data; a failure is told and stops nothing else."""
    from chalicelib.platform.runtime import platform
    from infra.local import demo
    from infra.local.accounts import open_demo_patient

    try:
        demo.enter(
            url,
            today=datetime.now(UTC).date(),
            open_patient=lambda patient_id: open_demo_patient(platform(), patient_id),
            stopped=stopping.is_set,
            say=_say,
        )
    except Exception as error:
        first_line = str(error).partition("\n")[0]
        log(f"Demo data: not entered ({type(error).__name__}: {first_line})")


def _say(sentence: str) -> None:
    print(sentence, flush=True)
