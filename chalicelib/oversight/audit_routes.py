"""The audit trail over HTTP: searched, and how far it is sealed and verified. Both are acts of their own."""

from typing import Annotated

from pydantic import Field

from chalicelib.oversight import trail
from chalicelib.oversight.trail import Wanted
from chalicelib.platform.audit_check import Checked
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Answer, Day, Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()

Words = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[\x20-\x7e]+$")]


class AuditQuery(Listed):
    """What is searched for; what is left out may be anything."""

    actor: Annotated[
        Words | None, Field(description="The account; or the function of a system act.")
    ] = None
    object: Annotated[
        Words | None,
        Field(
            description="The id of what it was done to; of several things, all ids with spaces between."
        ),
    ] = None
    act: Annotated[Words | None, Field(description="For instance `patient.viewed`.")] = None
    from_: Annotated[
        Day | None,
        Field(
            alias="from",
            description="First day (UTC). Without object and actor: a week ago, 31 days before `to` at most.",
        ),
    ] = None
    to: Annotated[Day | None, Field(description="Last day (UTC), included; today by default.")] = (
        None
    )

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            actor=self.actor, object=self.object, act=self.act, since=self.from_, until=self.to
        )


class RecordAnswer(Answer):
    """One act: who did what to what. Ids alone."""

    record_id: str
    at: str
    actor: str
    role: str
    act: str
    object: str
    request_id: str


class UnsealedAnswer(Answer):
    count: int
    more: bool = Field(description="There are more; counting stopped.")
    since: str | None


class VerifiedAnswer(Answer):
    """The last complete round through all blocks."""

    whole: bool
    began_at: str
    ended_at: str
    blocks: int
    records: int
    faults: list[str]


class RoundAnswer(Answer):
    """The round that goes on now."""

    began_at: str
    blocks: int
    records: int
    faults: list[str]


class ChainAnswer(Answer):
    sealed_until: str = Field(description="Every act before this moment is in a sealed block.")
    unsealed: UnsealedAnswer
    verified: VerifiedAnswer | None = Field(description="Null until a round was complete.")
    verifying: RoundAnswer | None


@routes.route(
    "/v1/audit",
    summary=Text("Поиск в журнале действий", "Search the audit trail"),
    asks=AuditQuery,
    answers=Listing[RecordAnswer],
)
def search_audit(call: Call[NoBody, AuditQuery]) -> Listing[RecordAnswer]:
    query = call.query
    found, following = trail.search(
        call.platform, query.wanted, limit=query.limit, cursor=query.cursor
    )
    call.audit("audit.searched", query.object or query.actor or query.act or "audit")
    items = [
        RecordAnswer(
            object=each["on"],
            **{name: each[name] for name in RecordAnswer.model_fields if name != "object"},
        )
        for each in found
    ]
    return Listing[RecordAnswer](items=items, next=following)


@routes.route(
    "/v1/audit/chain",
    summary=Text(
        "До какого времени журнал запечатан и цел ли он",
        "Until when the trail is sealed, and whether it is whole",
    ),
    answers=ChainAnswer,
)
def view_chain(call: Call[NoBody, NoQuery]) -> ChainAnswer:
    now, check = call.platform.clock.now(), call.platform.audit_check
    unsealed, checked = check.unsealed(), check.checked()
    call.audit("audit.chain_viewed", "audit")
    since = timestamp(unsealed.since) if unsealed.since else None
    return ChainAnswer(
        sealed_until=since or timestamp(now),
        unsealed=UnsealedAnswer(count=unsealed.count, more=unsealed.more, since=since),
        verified=_verified(checked),
        verifying=_verifying(checked),
    )


def _verified(checked: list[Checked]) -> VerifiedAnswer | None:
    """Of all shards together; as old as the oldest of their rounds."""
    rounds = [each.last for each in checked if each.last is not None]
    if len(rounds) < len(checked):
        return None
    faults = [fault for each in rounds for fault in each.faults]
    return VerifiedAnswer(
        whole=not faults,
        began_at=timestamp(min(each.began_at for each in rounds)),
        ended_at=timestamp(min(each.ended_at or each.began_at for each in rounds)),
        blocks=sum(each.link.sequence for each in rounds),
        records=sum(each.records for each in rounds),
        faults=faults,
    )


def _verifying(checked: list[Checked]) -> RoundAnswer | None:
    rounds = [each.present for each in checked if each.present is not None]
    if not rounds:
        return None
    return RoundAnswer(
        began_at=timestamp(min(each.began_at for each in rounds)),
        blocks=sum(each.link.sequence for each in rounds),
        records=sum(each.records for each in rounds),
        faults=[fault for each in rounds for fault in each.faults],
    )
