"""A real object store in a process of its own, for as long as a test needs it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import boto3

BUCKET = "covers-of-tests"
KEYS = {"aws_access_key_id": "a-key", "aws_secret_access_key": "a-secret"}
_START_SECONDS = 60


@contextmanager
def object_store(port: int) -> Iterator[str]:
    """Serve an empty bucket named `BUCKET` on a port; yield the endpoint."""
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _wait_for(port, process)
        client_of(endpoint).create_bucket(Bucket=BUCKET)
        yield endpoint
    finally:
        process.terminate()
        process.wait(timeout=30)


def client_of(endpoint: str):
    """Return a client that asks the store past the shop."""
    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", **KEYS)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the object store did not start")
