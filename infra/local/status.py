"""One line at the bottom of the terminal, redrawn in place each second.

Whatever else is printed goes above it: while the line is shown, the standard streams clear it
before they write, and the next second draws it again. Where the output is no terminal there is
neither line nor any other change.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TextIO

SECONDS: Final = 1.0
_USUAL_COLUMNS: Final = 80  # of a terminal that does not tell its width
_CLEAR: Final = "\r\x1b[K"  # to the first column, and nothing from there on


def wanted(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether a line can be drawn on `stream`, and nobody has asked for none (`NO_STATUS`)."""
    return (
        stream.isatty()
        and environment.get("TERM", "dumb") != "dumb"
        and not environment.get("NO_STATUS")
    )


class StatusLine:
    """Draws what `text` answers on a terminal; made by `shown`."""

    def __init__(self, terminal: TextIO, text: Callable[[], str]) -> None:
        self._terminal, self._text = terminal, text
        self._lock = threading.RLock()
        self._drawn = False
        self._in_mid_line = False
        self._closed = False

    def run(self, stop: threading.Event) -> None:
        """Draw each second until `stop` is set."""
        while not stop.is_set():
            self.draw()
            stop.wait(SECONDS)
        self.close()

    def draw(self) -> None:
        """Draw the line over the one before, cut to the width of the terminal."""
        text = self._text()
        with self._lock:
            if self._closed or self._in_mid_line:
                return
            # One column stays free: a full line would make the terminal begin another.
            width = (os.get_terminal_size(self._terminal.fileno()).columns or _USUAL_COLUMNS) - 1
            # The end is erased after the text is written over the old one, so nothing flickers.
            self._terminal.write(f"\r{text[:width]}\x1b[K")
            self._terminal.flush()
            self._drawn = True

    def close(self) -> None:
        """Leave an empty line, and never draw again."""
        with self._lock:
            self._clear()
            self._closed = True

    def write_above(self, stream: TextIO, text: str) -> int:
        """Write `text` to `stream` where the line stood."""
        with self._lock:
            self._clear()
            written = stream.write(text)
            stream.flush()
            if text:
                self._in_mid_line = not text.endswith("\n")
            return written

    def _clear(self) -> None:
        if self._drawn:
            self._terminal.write(_CLEAR)
            self._terminal.flush()
            self._drawn = False


class _Above:
    """A standard stream whose text appears above the line."""

    def __init__(self, stream: TextIO, line: StatusLine) -> None:
        self._stream, self._line = stream, line

    def write(self, text: str) -> int:
        return self._line.write_above(self._stream, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def shown(text: Callable[[], str]) -> Iterator[StatusLine]:
    """A line on the standard output for the length of the block; the streams are as before after it."""
    out, err = sys.stdout, sys.stderr
    line = StatusLine(out, text)
    above: Any = (_Above(out, line), _Above(err, line))
    sys.stdout, sys.stderr = above
    try:
        yield line
    finally:
        line.close()
        sys.stdout, sys.stderr = out, err
