# ruff: noqa: INP001 - a configuration file that gunicorn reads, not a module
"""How gunicorn serves the shop, under `make run` and in the container alike.

Connections to PostgreSQL: every thread keeps one, so WEB_WORKERS x WEB_THREADS (16 as it comes)
plus about ten for a job worker must stay below max_connections (100 in the private PostgreSQL)
on all machines together, or below PgBouncer's pool.
"""

import os
import socket
import struct
from pathlib import Path
from typing import Any

_host = os.environ.get("HOST") or "127.0.0.1"
_port = os.environ.get("PORT") or "8000"

wsgi_app = "bookstore.wsgi:application"
bind = [f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"]
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)

# A worker proves that it lives by touching a file; on a slow disk that alone can look like death.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
timeout = 30
# Longer than the longest answer we promise (a payment that is timing out), shorter than the 30 s
# that orchestrators wait before they kill.
graceful_timeout = 25
keepalive = 5
_SECONDS_OF_SILENCE = 5


def when_ready(server: Any) -> None:
    """Give up on clients that fall silent within a request: each would keep a thread for ever.

    The connections inherit it from the socket that listens; a timeout of Python's own would be
    reset by gunicorn with every request.
    """
    silence = struct.pack("@ll", _SECONDS_OF_SILENCE, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, silence)


# As long as the shop itself reads an address; beyond it gunicorn answers 414 in its own words.
limit_request_line = 8190

accesslog = None  # the application logs every request, without addresses and query strings
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL") or "warning"
# Its socket would be one path in the home directory for every shop on the machine.
control_socket_disable = True
