"""The user of an admin request."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest


def staff_user(request: HttpRequest) -> User:
    """Return the request's user. Admin views let nobody else in, but the types don't know it."""
    return cast(User, request.user)
