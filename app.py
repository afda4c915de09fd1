"""The table of contents: the routes, and the event functions with what each sets going."""

from chalice.app import (
    AuthRequest,
    AuthResponse,
    Chalice,
    CloudWatchEvent,
    Rate,
    S3Event,
    SQSEvent,
)

from chalicelib.people.permissions import ROUTES
from chalicelib.platform.http.parts import Part
from chalicelib.platform.runtime import platform, settings
from chalicelib.platform.s3_records import S3Records

# Powertools writes the logs, one JSON line each; Chalice would add a plain line to every one.
app = Chalice(app_name="rodinka", configure_logs=False)


@app.authorizer(ttl_seconds=30)
def authorize(request: AuthRequest) -> AuthResponse:
    """Who is asking: the token's account, its role and clinic."""
    from chalicelib.people.authorizer import authorize

    return authorize(platform(), request)


for part in ROUTES:
    app.register_blueprint(Part(part, authorize))


@app.on_s3_event(settings().bucket_uploads, events=["s3:ObjectCreated:*"], prefix="uploads/")
def classify(event: S3Event) -> None:
    """An upload arrived: clean it, ask the model, queue it for labelling."""
    from chalicelib.events import uploads

    uploads.arrived(platform(), event.to_dict())


classify.event_class = S3Records


@app.on_sqs_message(settings().labelling_queue_name, batch_size=10)
def assign_reader(event: SQSEvent) -> dict[str, list[dict[str, str]]]:
    """Cases wait for readers, or a reader has room: bring them together."""
    from chalicelib.events import readers

    return readers.wanted(platform(), event.to_dict())


@app.on_sqs_message(settings().webhooks_queue_name, batch_size=1, maximum_concurrency=50)
def deliver_webhook(event: SQSEvent) -> dict[str, list[dict[str, str]]]:
    """Something happened that others asked to be told of: tell each of them."""
    from chalicelib.events import webhooks

    return webhooks.handed(platform(), event.to_dict())


@app.on_sqs_message(settings().builds_queue_name, batch_size=1, maximum_concurrency=20)
def build_release(event: SQSEvent) -> dict[str, list[dict[str, str]]]:
    """A dataset is to be previewed, or a step of its release to be taken."""
    from chalicelib.events import builds

    return builds.wanted(platform(), event.to_dict())


@app.on_sqs_message(settings().evaluations_queue_name, batch_size=1, maximum_concurrency=5)
def evaluate(event: SQSEvent) -> dict[str, list[dict[str, str]]]:
    """A test of an AI service is complete: compute its report."""
    from chalicelib.events import evaluations

    return evaluations.wanted(platform(), event.to_dict())


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """Drive on everything unfinished and overdue."""
    from chalicelib.events import schedule

    schedule.tick(platform(), event.to_dict())


@app.schedule(Rate(5, unit=Rate.MINUTES))
def seal_audit(event: CloudWatchEvent) -> None:
    """Chain the new audit records by hash."""
    from chalicelib.events import sealing

    sealing.seal(platform())


@app.schedule(Rate(1, unit=Rate.MINUTES))
def measure_agreement(event: CloudWatchEvent) -> None:
    """Compute how well readers agree, for whoever asks."""
    from chalicelib.events import agreement

    agreement.tick(platform(), event.to_dict())


@app.schedule(Rate(5, unit=Rate.MINUTES))
def compare_pictures(event: CloudWatchEvent) -> None:
    """Look for near-duplicates among new pictures."""
    from chalicelib.events import duplicates

    duplicates.tick(platform(), event.to_dict())
