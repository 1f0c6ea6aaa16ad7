"""A kept connection to PostgreSQL: asked whether the server is there only when something came over its line."""

import pytest
from django.db import connection
from django.db.backends.postgresql import base

from tests.conftest import on_postgresql

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not on_postgresql(), reason="the connection is PostgreSQL's"),
]


@pytest.fixture
def kept():
    """A connection of its own, made."""
    other = connection.copy()
    other.ensure_connection()
    yield other
    other.close()


def test_a_quiet_line_is_not_asked(kept, monkeypatch) -> None:
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda self: pytest.fail("asked for nothing"))
    assert kept.is_usable()


def test_r146_a_connection_that_the_server_ended_is_made_again(kept) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])
    assert not kept.is_usable()
    kept.close_if_unusable_or_obsolete()
    with kept.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    kept.connection.close()
    assert not kept.is_usable()


def test_a_line_with_something_to_say_is_asked_and_lives(kept) -> None:
    with kept.cursor() as cursor:
        cursor.execute("LISTEN a_word")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY a_word")
    assert kept.is_usable()
