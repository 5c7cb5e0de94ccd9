"""Jobs whose worker died in the middle: done again, by another worker.

Every job of the shop may be done twice, so this is safe. A job that has taken several workers down
is given up: it would take down the next one as well.
"""

import structlog
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job, Status

# Workers say every 10 s that they live.
SILENCE = 30  # seconds
MOST_DEATHS = 5

log = structlog.get_logger(__name__)


def count_failed() -> int:
    """Return how many jobs were given up and wait for somebody to look (1 query)."""
    return ProcrastinateJob.objects.filter(status=Status.FAILED.value).count()


async def retry_stalled() -> int:
    """Queue again every job whose worker has been silent for `SILENCE`; return how many.

    Each is committed by itself. A scheduled job that waits in the queue anyway is not queued twice;
    one that stalled `MOST_DEATHS` times becomes failed, and is logged.
    """
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE)
    return sum([await _retry(job) for job in stalled])


async def _retry(job: Job) -> bool:
    if job.id is None:
        return False
    try:
        if job.attempts < MOST_DEATHS:
            await app.job_manager.retry_job(job)
            return True
        log.error("job_given_up", job=job.id, task=job.task_name)
    except exceptions.UniqueViolation:
        pass  # the same scheduled job waits already
    except exceptions.ConnectorException:
        return False  # it was no longer stalled: another worker was quicker
    await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
    return False
