"""Questions compiled once: the same answers as the queryset, whoever asks and in whatever order they ask."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test.utils import CaptureQueriesContext

from calypso.accounts.models import Membership, User
from calypso.base import clock
from calypso.internals.compiled_query import MAX_STATEMENTS, PADDING, CompiledQuery, padded
from calypso.tickets.access import tickets_for
from calypso.tickets.models import Ticket
from tests.world import World

pytestmark = pytest.mark.django_db


def test_r1_each_viewer_gets_their_own_sight_one_after_the_other(world: World) -> None:
    asked = CompiledQuery(lambda viewer: tickets_for(viewer).order_by("pk").values_list("pk", flat=True))
    both = User.objects.get(pk=world.dec.pk)
    Membership.objects.create(user=both, organization=world.organization("beta"))
    people = [world.dec, world.out, world.buser, both, world.agent, world.rd, world.dec]
    for person in people:
        assert asked.fetch(person) == list(tickets_for(person).order_by("pk").values_list("pk", flat=True)), (
            person.email
        )


def test_texts_instants_numbers_and_sequences_change_from_one_question_to_the_next(world: World) -> None:
    def build(reference: str, since: object, priority: str, keys: list[int]) -> object:
        return Ticket.objects.filter(
            reference=reference, created_at__gte=since, priority=priority, pk__in=keys
        ).select_related("project")

    asked = CompiledQuery(build)  # type: ignore[arg-type]
    before, after = clock.ago(days=1), clock.now() + timedelta(days=1)
    one, other = world.ticket("A1"), world.ticket("A2")
    keys = [one.pk, other.pk]
    assert asked.fetch(one.reference, before, one.priority, keys) == [one]
    assert asked.fetch(other.reference, before, other.priority, keys) == [other]
    assert asked.fetch(other.reference, after, other.priority, keys) == []
    assert asked.fetch(one.reference, before, "1", keys) == []
    assert asked.fetch(one.reference, before, one.priority, [other.pk]) == []
    assert asked.fetch(one.reference, before, one.priority, []) == []
    assert asked.first(one.reference, before, one.priority, keys).project.name == one.project.name


def test_rows_are_counted_as_they_would_be_given(world: World) -> None:
    asked = CompiledQuery(lambda viewer, most: tickets_for(viewer).values_list("pk", flat=True)[: most.stop])
    for person in (world.dec, world.out, world.agent):
        assert asked.count(person, slice(500)) == tickets_for(person).count()
    assert asked.count(world.agent, slice(2)) == 2
    assert CompiledQuery(lambda keys: Ticket.objects.filter(pk__in=keys)).count([]) == 0


def test_words_of_the_question_itself_are_written_into_it_whatever_they_hold(world: World) -> None:
    """Quotes, percents and backslashes of a constant stay what they are, and what was typed stays a parameter."""
    odd = "l'été à 100 % \\ %s \" fin"
    ticket = world.ticket("A1")
    Ticket.objects.filter(pk=ticket.pk).update(title=odd)
    asked = CompiledQuery(lambda url: Ticket.objects.filter(title=odd, title__contains="100 %", page_url=url))
    given: list[object] = []

    def note(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        given.append(tuple(params))  # type: ignore[call-overload]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert asked.fetch(ticket.page_url) == [ticket]
        assert asked.fetch("d'ailleurs' OR 1=1 --") == []
    assert given == [(ticket.page_url,), ("d'ailleurs' OR 1=1 --",)]


def test_a_second_question_compiles_nothing_and_what_is_kept_is_bounded(world: World) -> None:
    built = []

    def build(key: int, page: slice) -> object:
        built.append(page)
        return Ticket.objects.filter(pk=key)[page.start : page.stop]

    asked = CompiledQuery(build)  # type: ignore[arg-type]
    key = world.ticket("A1").pk
    with CaptureQueriesContext(connection) as captured:
        assert asked.fetch(key, slice(0, 5)) == asked.fetch(key, slice(0, 5))
    assert (len(built), len(captured)) == (1, 2)
    for number in range(MAX_STATEMENTS + 2):
        asked.fetch(key, slice(0, 10 + number))
    assert len(asked._statements) <= MAX_STATEMENTS


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_statement_and_ask_on_their_own_connection() -> None:
    asked = CompiledQuery(lambda key: User.objects.filter(key=key).values_list("key", flat=True))
    assert asked.fetch("nobody") == []
    found: list[object] = []

    def ask() -> None:
        found.append(asked.fetch("nobody"))
        found.append(connections[DEFAULT_DB_ALIAS])
        connections[DEFAULT_DB_ALIAS].close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found[0] == []
    assert found[1] is not connections[DEFAULT_DB_ALIAS]


def test_keys_are_padded_with_themselves() -> None:
    assert padded([]) == []
    assert padded([3]) == [3] * PADDING
    assert padded(list(range(PADDING))) == list(range(PADDING))
    assert set(padded(list(range(PADDING + 1)))) == set(range(PADDING + 1))


def test_the_setting_runs_the_plain_querysets(world: World, settings) -> None:
    settings.COMPILED_QUERIES = False
    built = []

    def build(viewer: User) -> object:
        built.append(viewer)
        return tickets_for(viewer).order_by("pk").values_list("pk", flat=True)

    query = CompiledQuery(build)  # type: ignore[arg-type]
    for person in (world.dec, world.rd):
        expected = list(tickets_for(person).order_by("pk").values_list("pk", flat=True))
        assert (query.fetch(person), query.count(person)) == (expected, len(expected))
    assert built == [world.dec, world.dec, world.rd, world.rd], "the very viewer, each time"
    assert query._statements == {}
