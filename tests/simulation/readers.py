"""Readers: what they do with the assignments they are shown, and what they remember of the answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final

from chalicelib.people.model import Role
from chalicelib.platform.clock import moment
from tests.asking import Answered, as_caller
from tests.simulation.history import Deed, Work
from tests.simulation.outside import Outside, new_key, outcome
from tests.simulation.stage import READERS, SENIORS, YOUNG_SENIOR, raise_reader

HAND: Final = "/v1/labelling/assignments"
READING: Final = f"{HAND}/{{assignment_id}}/reading"
DECLINE: Final = f"{HAND}/{{assignment_id}}/decline"
RENEW: Final = f"{HAND}/{{assignment_id}}/renew"
RISING: Final = ("reader-b", "reader-c")
"""Experts who may become senior ones."""
SAID: Final[Mapping[str, int]] = {
    "nevus": 60,
    "melanoma": 22,
    "benign_keratosis": 8,
    "dermatofibroma": 4,
    "unknown": 6,
}
"""What readers say, and how often: two of them agree on every other case or so."""
UNUSABLE: Final = 0.05
"""How often they find a picture unusable."""
LATE: Final = 0.1
"""How often one reads what he was shown at any time, whatever has become of it since."""
ACTS: Final = {
    "read": "reading.submitted",
    "undo": "reading.undone",
    "decline": "assignment.declined",
    "renew": "assignment.renewed",
}


@dataclass
class Readers(Outside):
    """Experts and senior experts."""

    roles: dict[str, Role] = field(
        default_factory=lambda: (
            dict.fromkeys(READERS, Role.EXPERT)
            | dict.fromkeys([*SENIORS, YOUNG_SENIOR], Role.SENIOR_EXPERT)
        )
    )

    # --- looking ----------------------------------------------------------------------------------

    def look(self, draw: Random) -> str:
        return self.look_of(draw.choice(list(self.roles)))

    def look_of(self, account_id: str) -> str:
        """A reader looks at what he has to read."""
        caller = self._caller(account_id)
        answer = self.answer("GET", HAND, caller=caller, query={"limit": "50"})
        if answer is not None and answer.status == 200:
            items = answer.body["items"]
            self.history.hands.append((account_id, items))
            for item in items:
                self._shown(account_id, item)
            self.did(caller, "assignments.viewed", account_id)
        return outcome(answer)

    def _shown(self, account_id: str, item: Mapping[str, Any]) -> None:
        assignment_id, until = item["assignment_id"], item["leased_until"]
        new = Work(account_id, assignment_id, item, until)
        work = self.history.work.setdefault(assignment_id, new)
        work.shown, work.leased_until = item, max(work.leased_until, until)

    # --- reading ----------------------------------------------------------------------------------

    def read(self, draw: Random) -> str | None:
        """Say what an image shows; who has nothing to read looks at his hand."""
        late = draw.random() < LATE
        found = self._one(draw, lambda work: late or self._is_open(work))
        if found is None:
            return self.look(draw)
        return self.say(found, said(draw), new_key(draw))

    def repeat_reading(self, draw: Random) -> str | None:
        """A double click, or a request whose answer was lost; at times something else is said."""
        found = self._one(draw, lambda work: any(deed.act == "read" for deed in work.deeds))
        if found is None:
            return None
        last = next(deed for deed in reversed(found.deeds) if deed.act == "read")
        lot = draw.random()
        if lot < 0.5:
            return self.say(found, last.said, last.key)
        return self.say(found, last.said if lot < 0.75 else said(draw), new_key(draw))

    def undo(self, draw: Random) -> str | None:
        """Take a reading back, mostly within the minute."""
        late = draw.random() < 0.3
        found = self._one(draw, lambda work: work.is_read and (late or self._may_be_undone(work)))
        return self.take_back(found) if found else None

    def decline(self, draw: Random) -> str | None:
        found = self._one(draw, self._is_open)
        return self.give_back(found) if found else None

    def renew(self, draw: Random) -> str | None:
        found = self._one(draw, self._is_open)
        return self.ask_for_time(found) if found else None

    def say(self, work: Work, what: Mapping[str, Any], key: str) -> str:
        return self._do(work, "read", "POST", READING, what, key)

    def take_back(self, work: Work) -> str:
        return self._do(work, "undo", "DELETE", READING)

    def give_back(self, work: Work) -> str:
        return self._do(work, "decline", "POST", DECLINE, {"reason": "I know the patient"})

    def ask_for_time(self, work: Work) -> str:
        return self._do(work, "renew", "POST", RENEW)

    def rise(self, draw: Random) -> str | None:
        """An expert becomes a senior one, whatever he has in hand or has read."""
        experts = [each for each in RISING if self.roles.get(each) is Role.EXPERT]
        if not experts:
            return None
        account_id = draw.choice(experts)
        with self.stage.cloud.invocation():
            raise_reader(self.stage.platform, account_id)
        self.roles[account_id] = Role.SENIOR_EXPERT
        return account_id

    # --- common -----------------------------------------------------------------------------------

    def _do(
        self,
        work: Work,
        act: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        key: str = "",
    ) -> str:
        caller, asked_at = self._caller(work.account_id), self.stage.clock.now()
        before, work.under_way = len(work.deeds), work.under_way + 1
        answer = self.answer(
            method,
            path,
            caller=caller,
            body=body,
            headers={"idempotency-key": key} if key else {},
            ids={"assignment_id": work.assignment_id},
        )
        work.under_way -= 1
        alone = work.under_way == 0 and len(work.deeds) == before
        work.deeds.append(Deed(act, asked_at, answer, alone, body or {}, key))
        if answer is not None and answer.status < 300:
            self._heard(work, act, answer)
            self.did(caller, ACTS[act], work.assignment_id)
        return f"{act} {outcome(answer)}"

    def _heard(self, work: Work, act: str, answer: Answered) -> None:
        if answer.body:
            self.history.told.append((work.account_id, answer.body))
        if act == "renew":
            work.leased_until = max(work.leased_until, answer.body["leased_until"])

    def _one(self, draw: Random, wanted: Callable[[Work], bool]) -> Work | None:
        found = [work for work in self.history.work.values() if wanted(work)]
        return draw.choice(found) if found else None

    def _is_open(self, work: Work) -> bool:
        """As far as he knows."""
        return not work.is_done_with and moment(work.leased_until) > self.stage.clock.now()

    def _may_be_undone(self, work: Work) -> bool:
        return work.stands is not None and self.stage.clock.now() - work.stands.at < MINUTE

    def _caller(self, account_id: str) -> Mapping[str, str]:
        return as_caller(self.roles[account_id].value, account_id)


MINUTE: Final = timedelta(minutes=1)


def said(draw: Random) -> dict[str, Any]:
    """What a reader says of an image."""
    diagnosis = draw.choices(list(SAID), weights=list(SAID.values()))[0]
    more: dict[str, Any] = {}
    if draw.random() < 0.5:
        more["confidence"] = draw.randint(1, 5)
    if draw.random() < 0.2:
        more["differential"] = [draw.choice([each for each in SAID if each != diagnosis])]
    if draw.random() < UNUSABLE:
        more["image_quality"] = "unusable"
    return {"diagnosis": diagnosis, **more}
