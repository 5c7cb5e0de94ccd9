"""Requests as bytes go over the wire, made before anything is measured."""

import json
from typing import Any

HOST = "127.0.0.1"


def get(path: str, *, token: str = "") -> str:
    """Return a GET request."""
    return _request("GET", path, _credentials(token))


def post(path: str, body: Any, *, token: str) -> str:
    """Return a POST request with a JSON body, signed in with a bearer token."""
    return _request("POST", path, _credentials(token), json.dumps(body))


def delete(path: str, *, token: str) -> str:
    """Return a DELETE request, signed in with a bearer token."""
    return _request("DELETE", path, _credentials(token))


def _credentials(token: str) -> list[str]:
    return [f"Authorization: Bearer {token}"] if token else []


def _request(method: str, path: str, headers: list[str], body: str = "") -> str:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *headers]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", body])
