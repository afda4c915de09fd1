"""botocore's clients and moto's worlds made in fewer steps; what they do stays the same.

Every world has clients of its own, since events are registered with them. botocore reads the rules of
endpoints and the description of a service anew for each, and looks at the signature of each of the
hundreds of functions that it registers; moto makes its thousand patterns of addresses anew.
"""

from functools import cache, lru_cache
from typing import Any

import botocore.client
import botocore.hooks
import botocore.regions
import moto.core.models
from botocore.endpoint_provider import EndpointProvider
from botocore.hooks import EVENT_ALIASES, EventAliaser, HierarchicalEmitter, NodeList

_providers: dict[tuple[int, int, Any], tuple[Any, Any, EndpointProvider]] = {}
_models: dict[tuple[int, str, Any], tuple[Any, Any]] = {}


def make_quicker() -> None:
    """Put this into botocore and moto, for this process. To be done once."""
    hooks: Any = botocore.hooks
    hooks.accepts_kwargs = _of_functions(hooks.accepts_kwargs)
    hooks._PrefixTrie._recursive_copy = _copied
    aliasing: Any = EventAliaser
    aliasing._alias_event_name = _aliased_once(aliasing._alias_event_name)
    regions: Any = botocore.regions
    regions.EndpointProvider = _provider
    creating: Any = botocore.client.ClientCreator
    creating._load_service_model = _described_once(creating._load_service_model)
    mocking: Any = moto.core.models
    mocking.CallbackResponse = cache(mocking.CallbackResponse)


def _of_functions(in_full: Any) -> Any:
    """Ask each function once; a method of many objects is one function."""
    known = lru_cache(2_000)(in_full)
    return lambda handler: known(getattr(handler, "__func__", handler))


def _copied(trie: Any, node: Any) -> Any:
    """A copy of the handlers by their events: of the order, not of the handlers."""
    made = {}
    for key, value in node.items():
        kind = type(value)
        if kind is dict:
            value = _copied(trie, value)
        elif kind is NodeList:
            value = NodeList([*value.first], [*value.middle], [*value.last])
        made[key] = value
    return made


def _aliased_once(in_full: Any) -> Any:
    known = lru_cache(10_000)(lambda name: in_full(EventAliaser(HierarchicalEmitter()), name))

    def alias(aliaser: Any, name: str) -> Any:
        if aliaser._event_aliases is not EVENT_ALIASES:
            return in_full(aliaser, name)
        return known(name)

    return alias


def _provider(ruleset_data: Any, partition_data: Any, excluded_params: Any = None) -> Any:
    key = id(ruleset_data), id(partition_data), frozenset(excluded_params or ())
    if key not in _providers:
        # Kept with what it was made of, so that no other may have its place in memory.
        made = EndpointProvider(ruleset_data, partition_data, excluded_params)
        _providers[key] = ruleset_data, partition_data, made
    return _providers[key][2]


def _described_once(in_full: Any) -> Any:
    def load(creator: Any, service_name: str, api_version: Any = None) -> Any:
        key = id(creator._loader), service_name, api_version
        if key not in _models:
            _models[key] = creator._loader, in_full(creator, service_name, api_version)
        return _models[key][1]

    return load
