"""The second factor of whoever runs the program: six digits that his app shows."""

import getpass
import os
import sys
import threading
from typing import Final

from client.words import Language, Stop, Text

VARIABLE: Final = "RODINKA_CODE"
_PROMPT: Final = Text("Код из приложения: ", "Code from the app: ")
_NOBODY_TO_ASK: Final = Text(
    "Для входа нужен одноразовый код, а спросить его не у кого. Повторите команду в терминале: "
    "импорт продолжится.",
    "Signing in takes a one-time code, and there is nobody to ask for it. Repeat the command in a "
    "terminal: the import goes on.",
)


def one_time_code(language: Language) -> str:
    """The code of the environment, which serves once, or what is typed at the terminal.

    Raises `Stop` where there is no terminal, and in a worker: its question would be lost among the
    messages, and everything would wait for the answer.
    """
    if code := os.environ.pop(VARIABLE, ""):
        return code
    if threading.current_thread() is not threading.main_thread() or not sys.stdin.isatty():
        raise Stop(_NOBODY_TO_ASK)
    try:
        return getpass.getpass(_PROMPT.said(language))
    except EOFError:
        raise Stop(_NOBODY_TO_ASK) from None
