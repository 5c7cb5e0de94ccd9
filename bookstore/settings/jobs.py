"""procrastinate: a PostgreSQL queue whose job rows commit with the data they speak of."""

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_WORKER_DEFAULTS = {
    "delete_jobs": "never",
    "listen_notify": True,
    "update_heartbeat_interval": 10,
}
