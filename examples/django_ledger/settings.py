"""Settings of the example: SQLite, or PostgreSQL if ``PGDATABASE`` is set."""

import os
from pathlib import Path

SECRET_KEY = "only an example"  # noqa: S105
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["rides"]
ROOT_URLCONF = "rides.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

POSTGRES = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ.get("PGDATABASE", ""),  # the rest is libpq's: PGHOST, PGUSER, …
    "TEST": {"NAME": os.environ.get("TEST_DATABASE")},
}
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": Path(__file__).with_name("rides.sqlite"),
    # A transaction that reads first and writes later may come too late; so writers queue at once.
    "OPTIONS": {"transaction_mode": "IMMEDIATE"},
}
DATABASES = {"default": POSTGRES if os.environ.get("PGDATABASE") else SQLITE}
