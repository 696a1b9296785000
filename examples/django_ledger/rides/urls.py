"""Where the views are."""

from django.urls import path

from rides.views import settle, settle_and_fail

urlpatterns = [path("settle", settle), path("settle-and-fail", settle_and_fail)]
