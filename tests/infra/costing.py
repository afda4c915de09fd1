"""A small world of costs that can be reckoned by hand: one act has work, all others have none."""

from dataclasses import replace
from typing import Any, Final

from infra.cost import assumptions
from infra.cost.load import Load
from infra.cost.prices import Prices
from infra.cost.quotas import Quotas
from infra.cost.tables import Sources
from infra.cost.usage import Act, Pages, Standing, Usage
from infra.permissions import FUNCTIONS

BY_WHOM: Final = {
    **dict.fromkeys(("sign in", "upload"), None),
    **dict.fromkeys(
        ("configuration", "vocabularies", "own account", "list of patients", "survey"),
        "api_handler",
    ),
    **dict.fromkeys(
        ("image slot", "look at the image", "look at the patient", "look at a hand"), "api_handler"
    ),
    "authorize": "authorize",
    "classify": "classify",
    "assign readers": "assign_reader",
    **dict.fromkeys(("seal the records of one image", "seal, nothing to do"), "seal_audit"),
    **dict.fromkeys(("sweep, nothing to do", "sweep, one case without a reader"), "sweep"),
    "sweep, one declined assignment": "sweep",
    **dict.fromkeys(
        ("submit a reading", "take a reading back", "decline an image", "ask for more time"),
        "api_handler",
    ),
    "look at own figures": "api_handler",
    **dict.fromkeys(("note a look", "give a unit", "take a result"), "api_handler"),
    **dict.fromkeys(("look for a reader's next case", "find another reader"), "assign_reader"),
    **dict.fromkeys(
        ("settle, two agree", "settle, a senior is asked", "settle, a senior has read"),
        "assign_reader",
    ),
    **dict.fromkeys(("share an event out", "deliver an event"), "deliver_webhook"),
    **dict.fromkeys(("compare one picture", "compare, nothing new"), "compare_pictures"),
    **dict.fromkeys(("figures", "figures, nothing new"), "measure_agreement"),
}
WHOLE_CORE: Final = 1769


def act(function: str | None = None, **used: Any) -> Act:
    """An act that uses only what is named."""
    counts = ("calls", "write_units", "read_units", "metrics", "stored_bytes")
    nothing: dict[str, Any] = {name: {} for name in counts}
    nothing |= {"log_bytes": 0, "answer_bytes": 0, "compute_ms": 0.0}
    return Act(function=function, **{**nothing, **used})


def usage(**acts: Act) -> Usage:
    """Three readers, functions of one whole core, nothing that stands; `acts` by name with `_`."""
    own = {name.replace("_", " "): made for name, made in acts.items()}
    sealed = act("seal_audit", calls={"dynamodb.UpdateItem audit": 1})
    return Usage(
        readers=3,
        account_bytes=400,
        case_bytes=2_000,
        case_ms=0.0,
        acts={
            **{name: act(function) for name, function in BY_WHOM.items()},
            "seal the records of one image": sealed,
            **own,
        },
        start_ms=dict.fromkeys(FUNCTIONS, 0.0),
        megabytes=dict.fromkeys(FUNCTIONS, WHOLE_CORE),
        standing=Standing(
            alarms=0,
            dashboards=0,
            keys=0,
            rotating_keys=0,
            secrets=0,
            uploads_days=14,
            assigned_days=37,
            log_days=365,
        ),
        pages=Pages(requests=0, bytes=0),
    )


def load(images: float, used: Usage, **assumed: float) -> Load:
    return Load(images, used, replace(assumptions.load(), **assumed))


def sources() -> Sources:
    """What `make cost` measured last, with the tables as they are."""
    return Sources(Usage.load(), assumptions.load(), Prices.load(), Quotas.load())
