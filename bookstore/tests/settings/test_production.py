"""Settings as production has them pass Django's own deployment checks."""

import os
import subprocess
import sys

import pytest

from bookstore.environment import BASE_DIR
from bookstore.tests.settings.test_environment import GOOD


@pytest.mark.req("BASE-03")
def test_deployment_checks_find_nothing():
    production = GOOD | {
        "DJANGO_SETTINGS_MODULE": "bookstore.settings",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "ALLOWED_HOSTS": "shop.example",
        "DEBUG": "false",
        "DEMO": "false",
        "HTTPS": "true",
        "EMAIL_URL": "smtp://mail.example:587",
    }
    # The browser's tests need it, in this process alone.
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level=WARNING"],
        cwd=BASE_DIR,
        env=inherited | production,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == "System check identified no issues (0 silenced).\n"
