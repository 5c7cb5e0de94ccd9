"""Where covers are kept and had: said in the environment, checked at the start."""

import os
import subprocess
import sys

import pytest
from pydantic import ValidationError

from bookstore.environment import BASE_DIR
from bookstore.settings.media import bucket_of
from bookstore.storage_environment import StorageEnvironment

pytestmark = [pytest.mark.req("CATL-07"), pytest.mark.req("BASE-03")]


@pytest.mark.parametrize(
    "said",
    [
        {"MEDIA_STORAGE": "/covers"},
        {"MEDIA_STORAGE": "https://bucket"},
        {"MEDIA_STORAGE": "s3:///folder"},
        {"MEDIA_STORAGE": "s3://bucket?acl=public"},
        {"MEDIA_STORAGE": "s3://bucket?endpoint=ftp://x"},
        {"MEDIA_ACCESS_KEY": "alone"},
        {"MEDIA_SECRET_KEY": "alone"},
        {"MEDIA_PUBLIC_URL": "images.example.com"},
        {"MEDIA_PUBLIC_URL": "https://images.example.com; script-src *"},
    ],
)
def test_what_is_no_place_is_refused(said):
    with pytest.raises(ValidationError):
        StorageEnvironment(**said)


def test_bucket_is_read_from_its_address():
    env = StorageEnvironment(
        MEDIA_STORAGE="s3://bucket/a/b?region=eu-central-1&endpoint=https://s3.example.com"
    )

    assert bucket_of(env) == {
        "BACKEND": "catalog.gateways.object_store.ObjectStore",
        "OPTIONS": {
            "bucket_name": "bucket",
            "location": "a/b",
            "region_name": "eu-central-1",
            "endpoint_url": "https://s3.example.com",
            "access_key": None,
            "secret_key": None,
        },
    }


def test_pages_load_pictures_from_the_shop_and_from_nowhere_else(settings):
    assert StorageEnvironment().media_origins == []
    assert settings.SECURE_CSP["img-src"] == settings.STAFF_CSP["img-src"] == ["'self'", "data:"]


def test_pages_load_pictures_from_the_place_that_is_named_and_from_nowhere_else():
    origin = "https://images.example.com"
    ask = (
        "from django.conf import settings as s;"
        "print(s.MEDIA_URL, *s.SECURE_CSP['img-src'], *s.STAFF_CSP['img-src'], sep='|')"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bookstore.settings",
        "MEDIA_PUBLIC_URL": f"{origin}/shop",
    }
    done = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == f"{origin}/shop/|'self'|data:|{origin}|'self'|data:|{origin}"
