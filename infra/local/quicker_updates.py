"""Updates and conditions of DynamoDB, which moto reads anew for each call.

Ours differ in their values, not in their shape. moto takes the text of a condition apart letter by
letter and looks through it eight times, twice for each write. It walks ten times over each update, and
asks at each node of it, by a way of abstract classes, whether it is one.
"""

from collections import deque
from functools import lru_cache
from typing import Any, Final

from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.parsing import ast_nodes, expressions, validators

KEPT: Final = 1_000
"""So many updates are kept parsed, and so many conditions with the names and values that stood in them."""

_nodes: Final[Any] = ast_nodes
_WITH_CLAUSES: Final = (_nodes.Expression, _nodes.UpdateExpressionFunction)

_used: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {}
"""The names and values that stand in a condition, by its text."""
_read: Final[dict[Any, Any]] = {}
"""What moto made of a condition, by its text and what stood for those names and values."""


def shorten_updates() -> None:
    """Put the shortcuts into moto, for this process. To be done once."""
    reading: Any = ConditionExpressionParser
    reading._lex_condition_expression = _lexed_once(reading._lex_condition_expression)
    reading.parse = _read_once(reading.parse)
    reading_updates: Any = expressions
    parsing = reading_updates.UpdateExpressionParser
    # Whoever changes a parsed update does so on a copy.
    parsing.make = lru_cache(KEPT)(parsing.make)
    counting: Any = validators.ActionCountValidator
    counting.verify_action_counts = _counted_once(counting.verify_action_counts)
    _nodes.DepthFirstTraverser.traverse = _walk
    _nodes.Node.find_clauses = _clauses
    _nodes.Node.__deepcopy__ = _copied


def _lexed_once(in_full: Any) -> Any:
    """The words of a condition, which nobody changes."""

    @lru_cache(KEPT)
    def words(text: str) -> tuple[Any, ...]:
        return tuple(in_full(ConditionExpressionParser(text, None, None)))

    return lambda reader: deque(words(reader.condition_expression or ""))


def _read_once(in_full: Any) -> Any:
    """What a condition asks of an item; an unknown or faulty one is read in full."""

    def parse(reader: Any) -> Any:
        text = reader.condition_expression
        if not text:
            return in_full(reader)
        names, values = reader.expression_attribute_names, reader.expression_attribute_values
        found = _read.get(_key(text, names, values)) if text in _used else None
        if found is None:
            found = in_full(reader)
            if len(_read) >= KEPT:
                _read.clear()
                _used.clear()
            _used[text] = tuple(reader.expr_attr_names_found), tuple(reader.expr_attr_values_found)
            _read[_key(text, names, values)] = found
        else:
            in_names, in_values = _used[text]
            reader.expr_attr_names_found.extend(in_names)
            reader.expr_attr_values_found.extend(in_values)
        return found

    return parse


def _key(text: str, names: Any, values: Any) -> Any:
    in_names, in_values = _used[text]
    return (
        text,
        tuple((names or {}).get(name) for name in in_names),
        tuple(repr((values or {}).get(value)) for value in in_values),
    )


def _walk(walker: Any, root: Any) -> Any:
    """Let a walker change the nodes that it wants, those below first."""
    wanted = walker._processing_map()
    looks_ahead = (
        type(walker).pre_processing_of_child
        is not _nodes.DepthFirstTraverser.pre_processing_of_child
    )
    processors: dict[type, Any] = {}

    def walk(node: Any, place: int) -> Any:
        parent = node.parent
        for number, child in enumerate(node.children or ()):
            if looks_ahead:
                walker.pre_processing_of_child(node, number)
            if hasattr(child, "set_parent"):
                walk(child, number)
        kind = type(node)
        if kind not in processors:
            processors[kind] = next(
                (process for each, process in wanted.items() if issubclass(kind, each)), None
            )
        if processors[kind] is None:
            return node
        node = processors[kind](node)
        node.parent = parent
        if parent:
            parent.children[place] = node
        return node

    return walk(root, -1)


def _counted_once(in_full: Any) -> Any:
    """Count the clauses of a whole update, not below each node of it again."""
    return lambda walker, node: node if node.parent else in_full(walker, node)


def _clauses(node: Any, kinds: Any) -> list[Any]:
    """The nodes of these kinds, none of them below another one of them."""
    found: list[Any] = []
    for child in node.children or ():
        if type(child) in kinds:
            found.append(child)
        elif isinstance(child, _WITH_CLAUSES):
            found.extend(_clauses(child, kinds))
    return found


def _copied(node: Any, memo: dict[int, Any]) -> Any:
    """A copy of a parsed update, which is a tree: each node knows its parent, and nothing else."""
    copied = object.__new__(type(node))
    copied.__dict__.update(node.__dict__)
    if node.children is not None:
        copied.children = children = []
        for child in node.children:
            if hasattr(child, "set_parent"):
                child = _copied(child, memo)
                child.parent = copied
            children.append(child)
    return copied
