"""What curators and vendors do most: look at a picture before it is released, and answer a unit of a test."""

from typing import Final

from benchmarks.labelling_job import LabellingJob
from tests.asking import as_caller
from tests.evaluation.hidden_sets import MELANOMA, NEVUS, plan, publish
from tests.evaluation.taking import ALGORITHM, GOOD

SET: Final = "DS_FT-I_DSC_SKIN_MELANOMA"
UNITS: Final = 40
"""Of the hidden set. A longer one is read as long as it is, at each unit."""
EVALUATION: Final = "/v1/evaluations/{evaluation_id}"


class DatasetJob(LabellingJob):
    """The main job with its labelling, then a curator's look, and a unit of a test."""

    def prepare(self) -> None:
        """The same, with a hidden set."""
        super().prepare()
        publish(self.world, SET, [MELANOMA, NEVUS] * (UNITS // 2), plan())
        self._tests = 0

    def datasets(self) -> None:
        """One look at the image that two agreed on, and the second unit of a test of its own."""
        curator = as_caller("curator", "curator1")
        looks = {"looks": [{"image_id": self._agreed, "look": "clear"}]}
        self._ask("note a look", "POST", "/v1/looks", body=looks, caller=curator)
        # Of a vendor of its own, since one may begin so many tests a month.
        vendor = as_caller("vendor", f"vendor{self._tests}")
        self._tests += 1
        with self._uncounted():
            algorithm = self._ask(
                "register", "POST", "/v1/algorithms", body=ALGORITHM, caller=vendor
            )
            wanted = {"algorithm_id": algorithm["algorithm_id"], "dataset": SET, "test": "FT-I"}
            test = self._ask("begin", "POST", "/v1/evaluations", body=wanted, caller=vendor)
            ids = {"evaluation_id": str(test["evaluation_id"])}
            self._unit(ids, vendor)
        self._unit(ids, vendor)

    def _unit(self, ids: dict[str, str], vendor: dict[str, str]) -> None:
        given = self._ask("give a unit", "GET", f"{EVALUATION}/next", ids=ids, caller=vendor)
        result = {"unit_id": given["unit_id"], **GOOD}
        path = f"{EVALUATION}/results"
        self._ask("take a result", "POST", path, body=result, ids=ids, caller=vendor)
