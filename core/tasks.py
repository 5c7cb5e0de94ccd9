"""The kernel's scheduled jobs."""

from importlib import import_module

from asgiref.sync import async_to_sync
from django.conf import settings
from procrastinate.contrib.django import app

from core.request_context import begin_request
from core.services import idempotency, mailing, stalled_jobs

HOURS_JOBS_ARE_KEPT = 7 * 24


@app.periodic(cron="17 * * * *")
@app.task(name="core.purge_idempotency_records", queueing_lock="core.purge_idempotency_records")
def purge_idempotency_records(timestamp: int) -> None:
    """Forget idempotency keys whose day is over."""
    begin_request(None)
    idempotency.purge_expired()


@app.periodic(cron="47 3 * * *")
@app.task(name="core.purge_sessions", queueing_lock="core.purge_sessions")
def purge_sessions(timestamp: int) -> None:
    """Forget browser sessions that have ended."""
    begin_request(None)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@app.periodic(cron="17 4 * * *")
@app.task(name="core.purge_jobs", queueing_lock="core.purge_jobs")
def purge_jobs(timestamp: int) -> None:
    """Forget jobs that were done a week ago; failed ones stay until somebody has seen them."""
    begin_request(None)
    async_to_sync(app.job_manager.delete_old_jobs)(nb_hours=HOURS_JOBS_ARE_KEPT)


# A queueing lock, never a lock: with a lock, the death of a worker at this very job would hold up
# every later run of it.
@app.periodic(cron="* * * * *")
@app.task(name="core.retry_stalled_jobs", queueing_lock="core.retry_stalled_jobs")
def retry_stalled_jobs(timestamp: int) -> None:
    """Have done again what was in the hands of workers that died."""
    begin_request(None)
    async_to_sync(stalled_jobs.retry_stalled)()


@app.periodic(cron="37 4 * * *")
@app.task(name="core.purge_mail_deliveries", queueing_lock="core.purge_mail_deliveries")
def purge_mail_deliveries(timestamp: int) -> None:
    """Forget that mails of more than a month ago were sent."""
    begin_request(None)
    mailing.purge_deliveries()
