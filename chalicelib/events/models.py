"""The session of the active model: made once a container, and anew when another model is activated."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

from chalicelib.classification.inference.classifier import Classifier
from chalicelib.classification.registry import active_model_file
from chalicelib.platform.runtime import Platform

LOOKED_UP_EVERY: Final = timedelta(minutes=1)
"""How long a container may go on with a model after another one was activated. A call to AWS each time; what
follows an activation (`campaign.SETTLED`) waits ten times as long."""


@dataclass
class _Held:
    path: Path
    session: Classifier
    looked_up_at: datetime


_held: WeakKeyDictionary[Platform, _Held] = WeakKeyDictionary()


def classifier(platform: Platform) -> Classifier:
    """The active model, loaded at its first use. Raises `NoSuchModel`."""
    held, now = _held.get(platform), platform.clock.now()
    if held is not None and now - held.looked_up_at < LOOKED_UP_EVERY:
        return held.session
    path = active_model_file(platform)  # a file's name never changes its meaning
    if held is not None and held.path == path:
        held.looked_up_at = now
    else:
        held = _held[platform] = _Held(path, Classifier.load(path), now)
    return held.session


def forget() -> None:
    """As a new container begins: no model is loaded."""
    _held.clear()
