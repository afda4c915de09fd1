"""What the server is asked: the registry, which files a release has, and their bytes.

Nobody signs in. A controlled dataset wants a grant, which goes to the platform and never to the object
store; links to the store live for minutes and are asked for anew when they have ended.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx

from client.asking import (
    PATIENCE,
    TIMEOUT,
    Pauses,
    Refused,
    Stopped,
    ask,
    fails,
    refused,
    told_pause,
)
from client.words import Language, Stop, Text

LINK_ENDED: Final = frozenset({400, 401, 403, 404})
"""What the store says of a link that has ended: 403; some stores 400 or 401. And of a file that was erased:
404; whoever asks for its link anew hears why."""
FRESH_LINKS: Final = 3
"""So many fresh links, one after another and without a byte in between, may be refused."""

_NO_SERVER: Final = Text(
    "По адресу {url} нет Rodinka ({why}).", "There is no Rodinka at {url} ({why})."
)
_NO_SUCH: Final = Text("Сервер отказал: {why}", "The server says no: {why}")
_GONE: Final = Text(
    "Выпуск изменился, пока его скачивали: {path} больше нет.",
    "The release changed while it was fetched: {path} is no more.",
)
_LINKS: Final = Text(
    "Хранилище не отдаёт {path} даже по новой ссылке ({why}).",
    "The store does not give {path} even by a fresh link ({why}).",
)


@dataclass(frozen=True)
class File:
    """One file of a release, as the server lists it."""

    path: str
    bytes: int
    sha256: str
    url: str = field(repr=False)


@dataclass(frozen=True)
class Listed:
    """A release as the server lists it."""

    code: str
    version: str
    files: Mapping[str, File]
    state: str = "published"
    """Or `deprecated`: still there, with the advice to use another."""


class Server:
    """The public side of one Rodinka; for many threads at once."""

    def __init__(
        self,
        url: str,
        *,
        language: Language,
        stopped: threading.Event,
        connections: int = 4,
        patience: float = PATIENCE,
    ) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._url, self._stopped, self._patience = url, stopped, patience
        self._api = httpx.Client(
            base_url=url.rstrip("/") + "/api/v1",
            headers={"Accept-Language": language},
            timeout=TIMEOUT,
            limits=limits,
        )
        # As it lies in the store: nothing may be packed on the way, or places would not fit.
        plain = {"Accept-Encoding": "identity"}
        self.store = httpx.Client(timeout=TIMEOUT, limits=limits, headers=plain)

    def close(self) -> None:
        self._api.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pauses(self) -> Pauses:
        return Pauses(self._stopped, patience=self._patience)

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def registry(self) -> Iterator[Mapping[str, Any]]:
        """Every dataset that the registry shows. Raises `Stop` and `Stopped`."""
        query: dict[str, str] = {}
        while True:
            page = self._json("GET", "/registry", params=query)
            with self._understood():
                items, following = list(page["items"]), page["next"]
            yield from items
            if following is None:
                return
            query = {"cursor": following}

    def release(self, code: str, version: str | None, grant: str | None) -> Listed:
        """The files of a release with fresh links; of the latest where no version is told.

        Raises `Stop` when the server will not give it, and `Stopped`.
        """
        body: dict[str, Any] = {"code": code, "version": version}
        if grant:
            body["grant"] = grant
        files: dict[str, File] = {}
        while True:
            page = self._json("POST", "/downloads", json=body)
            with self._understood():
                files |= {file.path: file for file in map(_file, page["files"])}
                body |= {"version": page["version"], "cursor": page["next"]}
                if page["next"] is None:
                    state = str(page.get("state", "published"))
                    return Listed(str(page["code"]), str(page["version"]), files, state)

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """An answer in another shape than ours is no answer of Rodinka's."""
        try:
            yield
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Stop(_NO_SERVER, url=self._url, why=repr(error)) from None

    def _json(self, method: str, path: str, **options: Any) -> Any:
        try:
            return ask(self._api, method, path, pauses=self.pauses(), **options).json()
        except Refused as no:
            if no.code.startswith("http_"):  # no sentence of ours
                raise Stop(_NO_SERVER, url=self._url, why=no.status) from None
            raise Stop(_NO_SUCH, why=no.message) from None
        except (ValueError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise Stop(_NO_SERVER, url=self._url, why=error) from None


def _file(told: Mapping[str, Any]) -> File:
    return File(str(told["path"]), int(told["bytes"]), str(told["sha256"]), str(told["url"]))


class Links:
    """The bytes of one release's files, by links that are renewed; for many threads at once."""

    def __init__(self, server: Server, listed: Listed, grant: str | None) -> None:
        self._server, self._listed, self._grant = server, listed, grant
        self._lock = threading.Lock()

    def stream(self, path: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes of a file from `start` up to `stop`, all of them and in order.

        After a cut connection it goes on where it was. Raises `Stop` when the store fails for long or
        refuses fresh links, and `Stopped`.
        """
        pauses, at, refusals = self._server.pauses(), start, 0
        while at < stop:
            file = self._listed.files[path]
            try:
                for chunk in self._read(file, at, stop):
                    at += len(chunk)
                    refusals = 0
                    pauses.forget()
                    yield chunk
                    if self._server.stopped:
                        raise Stopped
                if at < stop:
                    pauses.wait("cut")
            except httpx.TransportError as error:
                pauses.wait(type(error).__name__)
            except Refused as no:
                if fails(no.status):
                    pauses.wait(no.status, at_least=float(no.message or 0))
                    continue
                refusals += 1
                if no.status not in LINK_ENDED or refusals > FRESH_LINKS:
                    raise Stop(_LINKS, path=path, why=no.status) from None
                self._renew(path, file)

    def _read(self, file: File, start: int, stop: int) -> Iterator[bytes]:
        """What one request gives of it, never more than asked. Raises `Refused` and what httpx does."""
        headers = {} if (start, stop) == (0, file.bytes) else {"Range": f"bytes={start}-{stop - 1}"}
        with self._server.store.stream("GET", _web(file.url), headers=headers) as answer:
            if fails(answer.status_code):
                raise Refused(answer.status_code, "fails", str(told_pause(answer)))
            if not answer.is_success:
                answer.read()
                raise refused(answer)
            # A store that does not know ranges gives all of it.
            skip = start if answer.status_code == 200 else 0
            left = stop - start
            for chunk in answer.iter_raw():  # of any size: a cut then loses nothing that came
                useful = chunk[skip:][:left]
                skip = max(0, skip - len(chunk))
                left -= len(useful)
                if useful:
                    yield useful
                if not left and answer.status_code == 200 and stop < file.bytes:
                    return  # of a range all is read, so that the connection can be used again

    def _renew(self, path: str, ended: File) -> None:
        """Ask for the links again, unless another thread has done so meanwhile."""
        with self._lock:
            if self._listed.files[path].url != ended.url:
                return
            listed = self._listed
            fresh = self._server.release(listed.code, listed.version, self._grant)
            for one in listed.files.values():
                new = fresh.files.get(one.path)
                if new is None or new.sha256 != one.sha256:
                    raise Stop(_GONE, path=one.path)
            self._listed = fresh


def _web(url: str) -> str:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Stop(_LINKS, path=url, why="http, https")
    return url
