"""Structured logs: JSON in production, readable in development; never personal data."""

import structlog

from bookstore.settings.base import ENV
from core.logs import hide_personal

_shared: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_renderer: structlog.typing.Processor = (
    structlog.processors.JSONRenderer()
    if ENV.LOG_FORMAT == "json"
    else structlog.dev.ConsoleRenderer(colors=False)
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide_personal,
                _renderer,
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": ENV.LOG_LEVEL},
    "loggers": {
        # Our own request line says the same without query strings and addresses.
        "django.server": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},
        # Whoever scans the internet asks for other hosts all day; the request line says 400.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "procrastinate": {"level": "WARNING"},
    },
}

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
