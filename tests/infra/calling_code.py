"""The places in the code of the platform that make calls to AWS, found by reading it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.infra.recorded_calls import ROOT, Place

TABLES: Final = frozenset({"get", "get_many", "insert", "update", "delete", "query", "query_all"})
"""Not `query_each`, which makes its calls when its items are taken, elsewhere."""
BUCKETS: Final = frozenset(
    {
        "get",
        "chunks",
        "end_uploads",
        "current_version",
        "size",
        "put",
        "versions",
        "metadata",
        "erase",
        "copy",
        "upload_form",
        "link",
    }
)
"""Not `versions_under`, nor `streamed`: they, too, make their calls elsewhere."""
OTHERS: Final = frozenset({"send", "send_all", "put_off", "under_every_version"})
_STORE: Final = re.compile(
    r"(^|\.)_?table$"
    r"|(^|platform\.)(cases|labelling|catalogue|people|records)$"
    r"|(^|platform\.)(uploads|images|releases|code_macs)$"
    r"|(^|platform\.)(labelling|webhooks|builds|evaluations)_queue$"
)
_CLIENT: Final = re.compile(r"^self\._(client|public)$|^pages$")


@dataclass(frozen=True)
class Calling:
    """A call, written in one file from one line to another, inside a function or method."""

    path: str
    first: int
    last: int
    inside: str
    text: str

    def was_at_work(self, places: set[Place]) -> bool:
        return any((self.path, line) in places for line in range(self.first, self.last + 1))

    @property
    def place(self) -> str:
        return f"{self.path} {self.inside}"

    def __str__(self) -> str:
        return f"{self.place}, line {self.first}: {self.text}"


def calling_code() -> list[Calling]:
    """Every place where a table, bucket, queue, key or pool is asked for something."""
    return [
        calling
        for path in sorted((ROOT / "chalicelib").rglob("*.py"))
        for calling in _of_file(path)
    ]


def _of_file(path: Path) -> Iterator[Calling]:
    name = path.relative_to(ROOT).as_posix()
    yield from _of_node(ast.parse(path.read_text("utf-8")), name, "")


def _of_node(node: ast.AST, path: str, inside: str) -> Iterator[Calling]:
    for child in ast.iter_child_nodes(node):
        here = inside
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            here = f"{inside}.{child.name}".lstrip(".")
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            asked, what = ast.unparse(child.func.value), child.func.attr
            store = _STORE.search(asked) and what in TABLES | BUCKETS | OTHERS
            if store or (_CLIENT.search(asked) and what != "get_paginator"):
                last = child.end_lineno or child.lineno
                yield Calling(path, child.lineno, last, inside, f"{asked}.{what}")
        yield from _of_node(child, path, here)
