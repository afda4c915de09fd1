"""Datasets over HTTP: their plans here, the rest beside: parse, one call, answer."""

from chalicelib.datasets import service
from chalicelib.datasets.forms import (
    AskedAnswer,
    DatasetAnswer,
    DatasetLine,
    DatasetQuery,
    PlanChange,
    PlannedAnswer,
    PreviewAnswer,
    dataset_answer,
    dataset_line,
    planned_answer,
    preview_answer,
)
from chalicelib.datasets.looks.routes import routes as looks
from chalicelib.datasets.planning.condition_forms import ConditionFieldsAnswer, fields_answer
from chalicelib.datasets.planning.plan import Plan
from chalicelib.datasets.registry.routes import routes as registry
from chalicelib.datasets.releases.routes import routes as releases
from chalicelib.platform.clock import timestamp
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/datasets",
    "POST",
    summary=Text("Запланировать набор данных", "Plan a dataset"),
    takes=Plan,
    answers=PlannedAnswer,
    status=201,
    refusals=("idempotency_conflict",),
    creates=True,
)
def create_dataset(call: Call[Plan, NoQuery]) -> PlannedAnswer:
    dataset = service.create_dataset(
        call.platform,
        caller=call.caller,
        request_id=call.creation_id("dataset"),
        plan=call.body,
    )
    call.audit("dataset.planned", dataset.code, once=True)
    return planned_answer(dataset)


@routes.route(
    "/v1/datasets",
    summary=Text("Наборы данных", "The datasets"),
    asks=Listed,
    answers=Listing[DatasetLine],
)
def list_datasets(call: Call[NoBody, Listed]) -> Listing[DatasetLine]:
    page, following = service.list_datasets(
        call.platform, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("datasets.listed", "datasets")
    return Listing[DatasetLine](items=[dataset_line(one) for one in page], next=following)


@routes.route(
    "/v1/datasets/fields",
    summary=Text("О чём могут говорить критерии", "What criteria may speak of"),
    answers=ConditionFieldsAnswer,
)
def view_fields(call: Call[NoBody, NoQuery]) -> ConditionFieldsAnswer:
    call.audit("dataset_fields.viewed", "datasets")
    return fields_answer()


@routes.route(
    "/v1/datasets/{code}",
    summary=Text("Набор данных и его план", "A dataset and its plan"),
    asks=DatasetQuery,
    answers=DatasetAnswer,
    refusals=("not_found",),
)
def view_dataset(call: Call[NoBody, DatasetQuery], code: str) -> DatasetAnswer:
    view = service.view_dataset(call.platform, code, revision=call.query.revision)
    call.audit("dataset.viewed", code)
    return dataset_answer(view)


@routes.route(
    "/v1/datasets/{code}",
    "PATCH",
    summary=Text("Изменить план набора данных", "Change the plan of a dataset"),
    takes=PlanChange,
    answers=PlannedAnswer,
    refusals=("not_found", "changed_meanwhile", "too_many_changes"),
)
def change_plan(call: Call[PlanChange, NoQuery], code: str) -> PlannedAnswer:
    dataset = service.change_plan(
        call.platform,
        caller=call.caller,
        code=code,
        revision=call.body.revision,
        plan=call.body.plan,
    )
    call.audit("dataset.changed", code)
    return planned_answer(dataset)


@routes.route(
    "/v1/datasets/{code}/preview",
    "POST",
    summary=Text("Посчитать, что отберёт план", "Compute what the plan would select"),
    answers=AskedAnswer,
    status=202,
    refusals=("not_found",),
)
def ask_for_preview(call: Call[NoBody, NoQuery], code: str) -> AskedAnswer:
    preview = service.ask_for_preview(call.platform, code)
    call.audit("preview.asked", code)
    return AskedAnswer(state="computing", asked_at=timestamp(preview.asked_at))


@routes.route(
    "/v1/datasets/{code}/preview",
    summary=Text("Что отобрал бы план", "What the plan would select"),
    answers=PreviewAnswer,
    refusals=("not_found",),
)
def view_preview(call: Call[NoBody, NoQuery], code: str) -> PreviewAnswer:
    view = service.view_dataset(call.platform, code)
    call.audit("preview.viewed", code)
    return preview_answer(view)


routes.include(releases)
routes.include(registry)
routes.include(looks)
