"""How the units of a release are made up: by class, and within each class by what may matter."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol

NOT_RECORDED: Final = "not_recorded"


class Counted(Protocol):
    """A unit, as far as it is counted."""

    @property
    def lesion_id(self) -> str: ...
    @property
    def patient_id(self) -> str: ...
    @property
    def class_key(self) -> str: ...
    @property
    def quasi(self) -> Mapping[str, str | None]: ...
    @property
    def label(self) -> Mapping[str, Any]: ...
    @property
    def capture(self) -> Mapping[str, Any]: ...
    @property
    def image_type(self) -> str: ...
    @property
    def split(self) -> str: ...
    @property
    def source(self) -> str: ...


def device_of(capture: Mapping[str, Any]) -> str | None:
    """Make and model of the device, where told."""
    told = capture.get("device") or {}
    return " ".join(told[name] for name in ("make", "model") if told.get(name)) or None


_BY: Final[Mapping[str, Callable[[Counted], Any]]] = {
    "sex": lambda unit: unit.quasi.get("sex"),
    "age": lambda unit: unit.quasi.get("age"),
    "site": lambda unit: unit.quasi.get("site"),
    "skin_type": lambda unit: unit.quasi.get("skin_type"),
    "device": lambda unit: device_of(unit.capture),
    "verification": lambda unit: unit.label.get("verification"),
    "rule": lambda unit: unit.label.get("rule"),
    "image_type": lambda unit: unit.image_type,
    "split": lambda unit: unit.split,
    "source": lambda unit: unit.source,
}


def counts(units: Iterable[Counted]) -> dict[str, Any]:
    """`units`, `lesions`, `patients`, `classes` (units of each), and `by` attribute, class and value how
    many units; what is not recorded, or was suppressed, is counted as `not_recorded`."""
    classes: Counter[str] = Counter()
    lesions, patients = set(), set()
    by: dict[str, dict[str, Counter[str]]] = {name: defaultdict(Counter) for name in _BY}
    for unit in units:
        classes[unit.class_key] += 1
        lesions.add(unit.lesion_id)
        patients.add(unit.patient_id)
        for name, value_of in _BY.items():
            by[name][unit.class_key][str(value_of(unit) or NOT_RECORDED)] += 1
    return {
        "units": classes.total(),
        "lesions": len(lesions),
        "patients": len(patients),
        "classes": dict(sorted(classes.items())),
        "by": {
            name: {key: dict(sorted(values.items())) for key, values in sorted(found.items())}
            for name, found in by.items()
        },
    }
