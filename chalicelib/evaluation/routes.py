"""Algorithms and their tests over HTTP: parse, one call, answer."""

from chalicelib.evaluation import algorithms, runs, service
from chalicelib.evaluation.algorithm_forms import (
    AlgorithmAnswer,
    AlgorithmForm,
    algorithm_answer,
    described,
)
from chalicelib.evaluation.forms import (
    BegunAnswer,
    EvaluationAnswer,
    EvaluationForm,
    EvaluationsQuery,
    EvaluationView,
    FileTakenAnswer,
    ListedUnitAnswer,
    ResultForm,
    ResultsForm,
    TakenAnswer,
    UnitAnswer,
    begun_answer,
    evaluation_answer,
    evaluation_view,
    listed_unit,
    result_of,
    taken_answer,
    unit_answer,
)
from chalicelib.platform.http.fields import Listed, Listing
from chalicelib.platform.http.routes import Call, NoBody, NoQuery, Routes
from chalicelib.platform.language import Text

routes = Routes()


@routes.route(
    "/v1/algorithms",
    "POST",
    summary=Text("Зарегистрировать версию алгоритма", "Register a version of an algorithm"),
    takes=AlgorithmForm,
    answers=AlgorithmAnswer,
    status=201,
    refusals=("idempotency_conflict", "too_many_algorithms"),
    creates=True,
)
def register(call: Call[AlgorithmForm, NoQuery]) -> AlgorithmAnswer:
    algorithm = algorithms.register(
        call.platform,
        caller=call.caller,
        algorithm_id=call.creation_id("algorithm"),
        described=described(call.body),
    )
    call.audit("algorithm.registered", algorithm.algorithm_id, once=True)
    return algorithm_answer(algorithm)


@routes.route(
    "/v1/algorithms",
    summary=Text("Алгоритмы", "Algorithms"),
    asks=Listed,
    answers=Listing[AlgorithmAnswer],
)
def list_algorithms(call: Call[NoBody, Listed]) -> Listing[AlgorithmAnswer]:
    page, following = algorithms.list_algorithms(
        call.platform, call.caller, limit=call.query.limit, cursor=call.query.cursor
    )
    call.audit("algorithms.listed", "algorithms")
    return Listing[AlgorithmAnswer](items=[algorithm_answer(one) for one in page], next=following)


@routes.route(
    "/v1/algorithms/{algorithm_id}",
    summary=Text("Алгоритм и заявленные показатели", "An algorithm and what is claimed of it"),
    answers=AlgorithmAnswer,
    refusals=("not_found",),
)
def view_algorithm(call: Call[NoBody, NoQuery], algorithm_id: str) -> AlgorithmAnswer:
    algorithm = algorithms.view(call.platform, call.caller, algorithm_id)
    call.audit("algorithm.viewed", algorithm_id)
    return algorithm_answer(algorithm)


@routes.route(
    "/v1/evaluations",
    "POST",
    summary=Text("Начать испытание на скрытом наборе", "Begin a test on a hidden set"),
    takes=EvaluationForm,
    answers=BegunAnswer,
    status=201,
    refusals=(
        *("not_found", "idempotency_conflict", "wrong_set", "cannot_tell", "other_task"),
        *("run_open", "functional_first", "take_repeated", "nothing_to_repeat"),
        *("judged_already", "labels_told", "set_seen", "set_too_large", "set_empty"),
        *("taken_down", "busy", "too_many"),
    ),
    creates=True,
)
def begin(call: Call[EvaluationForm, NoQuery]) -> BegunAnswer:
    form = call.body
    evaluation = runs.begin(
        call.platform,
        caller=call.caller,
        evaluation_id=call.creation_id("evaluation"),
        algorithm_id=form.algorithm_id,
        code=form.dataset,
        test=form.test,
    )
    call.audit("evaluation.begun", evaluation.evaluation_id, once=True)
    return begun_answer(evaluation)


@routes.route(
    "/v1/evaluations",
    summary=Text("Испытания", "Tests"),
    asks=EvaluationsQuery,
    answers=Listing[EvaluationAnswer],
)
def list_evaluations(call: Call[NoBody, EvaluationsQuery]) -> Listing[EvaluationAnswer]:
    query = call.query
    page, following = service.list_evaluations(
        call.platform,
        call.caller,
        code=query.dataset,
        algorithm_id=query.algorithm_id,
        limit=query.limit,
        cursor=query.cursor,
    )
    call.audit("evaluations.listed", "evaluations")
    return Listing[EvaluationAnswer](items=[evaluation_answer(one) for one in page], next=following)


@routes.route(
    "/v1/evaluations/{evaluation_id}",
    summary=Text("Испытание и его отчёт", "A test and its report"),
    answers=EvaluationView,
    refusals=("not_found",),
)
def view(call: Call[NoBody, NoQuery], evaluation_id: str) -> EvaluationView:
    found = service.view(call.platform, call.caller, evaluation_id)
    call.audit("evaluation.viewed", evaluation_id)
    return evaluation_view(found)


@routes.route(
    "/v1/evaluations/{evaluation_id}/next",
    summary=Text("Единица, на которую отвечать сейчас", "The unit to be answered now"),
    answers=UnitAnswer,
    refusals=("not_found", "all_answered", "test_expired", "file_mode"),
)
def next_unit(call: Call[NoBody, NoQuery], evaluation_id: str) -> UnitAnswer:
    evaluation, serving = service.next_unit(call.platform, call.caller, evaluation_id)
    call.audit("evaluation.unit_given", f"{evaluation_id}/{serving.number + 1}", once=True)
    return unit_answer(call.platform, evaluation, serving)


@routes.route(
    "/v1/evaluations/{evaluation_id}/results",
    "POST",
    summary=Text("Ответить на выданную единицу", "Answer the unit that was given out"),
    takes=ResultForm,
    answers=TakenAnswer,
    refusals=(
        *("not_found", "answered_already", "unit_not_given"),
        *("all_answered", "test_expired", "file_mode"),
    ),
)
def answer(call: Call[ResultForm, NoQuery], evaluation_id: str) -> TakenAnswer:
    evaluation, taken = service.answer(
        call.platform, call.caller, evaluation_id, call.body.unit_id, result_of(call.body)
    )
    call.audit("evaluation.unit_answered", f"{evaluation_id}/{taken.number + 1}", once=True)
    return taken_answer(evaluation, taken)


@routes.route(
    "/v1/evaluations/{evaluation_id}/units",
    summary=Text(
        "Все единицы, для файла результатов; время больше не измеряется",
        "All units, for a results file; time is no longer measured",
    ),
    asks=Listed,
    answers=Listing[ListedUnitAnswer],
    refusals=("not_found", "all_answered", "test_expired"),
)
def list_units(call: Call[NoBody, Listed], evaluation_id: str) -> Listing[ListedUnitAnswer]:
    page, following = service.list_units(
        call.platform,
        call.caller,
        evaluation_id,
        limit=call.query.limit,
        cursor=call.query.cursor,
    )
    call.audit("evaluation.units_listed", evaluation_id)
    items = [listed_unit(call.platform, unit) for unit in page]
    return Listing[ListedUnitAnswer](items=items, next=following)


@routes.route(
    "/v1/evaluations/{evaluation_id}/results-file",
    "POST",
    summary=Text("Прислать результаты всего набора", "Send the results of the whole set"),
    takes=ResultsForm,
    answers=FileTakenAnswer,
    refusals=("not_found", "results_taken", "all_answered", "test_expired", "units_not_listed"),
)
def answer_all(call: Call[ResultsForm, NoQuery], evaluation_id: str) -> FileTakenAnswer:
    evaluation, number = service.answer_all(
        call.platform, call.caller, evaluation_id, call.body.results
    )
    call.audit("evaluation.results_taken", evaluation_id, once=True)
    return FileTakenAnswer(evaluation_id=evaluation_id, results=number, of=evaluation.units)


@routes.route(
    "/v1/evaluations/{evaluation_id}/rerun",
    "POST",
    summary=Text(
        "Пересчитать отчёт по нынешним меткам", "Compute the report again with the labels of today"
    ),
    answers=EvaluationAnswer,
    status=202,
    refusals=("not_found", "not_complete"),
)
def rerun(call: Call[NoBody, NoQuery], evaluation_id: str) -> EvaluationAnswer:
    evaluation = service.rerun(call.platform, call.caller, evaluation_id)
    call.audit("evaluation.rerun", evaluation_id)
    return evaluation_answer(evaluation)
