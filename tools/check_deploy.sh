#!/bin/sh
# Django's deploy check as production would see it: nothing from .env or the demo leaks in.
set -eu
cd "$(dirname "$0")/.."

random() {
    .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))'
}

SECRET_KEY=$(random)
JWT_SIGNING_KEY=$(random)
export SECRET_KEY JWT_SIGNING_KEY
export DJANGO_SETTINGS_MODULE=bookstore.settings
export DATABASE_URL=postgresql://shop@database.invalid/bookstore
export REDIS_URL=redis://redis.invalid:6379/0
export DEBUG=false DEMO=false HTTPS=true ALLOWED_HOSTS=shop.example.com
export EMAIL_URL=smtp://shop@mail.invalid:587

.venv/bin/python manage.py check --deploy --fail-level WARNING

if ! .venv/bin/python -m bookstore.environment | diff .env.example - >&2; then
    echo ".env.example is out of date: make env-example" >&2
    exit 1
fi
