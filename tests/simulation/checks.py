"""The named checks of a history: what promises 1 to 4, 6 and 15 say of everything kept and answered."""

from collections.abc import Mapping
from typing import Final

from tests.simulation.evidence import Check, Evidence, Failure
from tests.simulation.history import History
from tests.simulation.promises.blind import (
    clean_images_are_clean,
    no_hand_is_in_the_order_of_the_cases,
    nothing_is_served_from_uploads,
    readers_are_blind,
)
from tests.simulation.promises.kept import (
    acknowledged_is_kept,
    every_upload_ends,
    nothing_is_forgotten,
    one_key_one_thing,
    what_is_called_done_is_done,
)
from tests.simulation.promises.once import (
    no_case_starves,
    one_life,
    the_pinned_version_decides,
    two_readers,
)
from tests.simulation.promises.recorded import every_act_is_recorded, the_chain_holds
from tests.simulation.stage import Stage
from tests.simulation.tables import Tables

CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        acknowledged_is_kept,
        one_key_one_thing,
        every_upload_ends,
        nothing_is_forgotten,
        what_is_called_done_is_done,
        one_life,
        the_pinned_version_decides,
        two_readers,
        no_case_starves,
        clean_images_are_clean,
        nothing_is_served_from_uploads,
        readers_are_blind,
        no_hand_is_in_the_order_of_the_cases,
        every_act_is_recorded,
        the_chain_holds,
    )
}


def failures(stage: Stage, history: History, settled: bool) -> list[Failure]:
    """Every check on one history; empty when all hold."""
    evidence = Evidence(stage, history, settled, Tables(stage))
    return [
        Failure(name, sentence) for name, check in CHECKS.items() for sentence in check(evidence)
    ]
