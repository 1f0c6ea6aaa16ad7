"""The search: who finds what (R1, R11, R12), what it is asked, and documents that follow what is done."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calypso.accounts.actions.erasing import erase_person
from calypso.accounts.actions.people import set_contact_active
from calypso.accounts.models import User
from calypso.base import clock
from calypso.base.errors import Invalid
from calypso.base.french import forms_of, words_of
from calypso.search import lookup
from calypso.search.autocomplete import suggestions
from calypso.search.highlighting import NOTHING
from calypso.search.models import KnownWord, SearchDocument, Spelling
from calypso.search.ranking import find
from calypso.search.reindexing import reindex
from calypso.search.results import search_page
from calypso.tickets.models import Draft, Ticket
from tests.world import World, new_ticket, say, upload

pytestmark = pytest.mark.django_db


def found(reader: User, text: str) -> list[str]:
    return [hit.ticket.title for hit in search_page(reader, text).hits]


class TestSight:
    def test_r1_a_client_finds_in_the_projects_they_see_and_nowhere_else(self, world: World) -> None:
        new_ticket(world, title="Girouette en A1")
        new_ticket(world, "out", "A2", title="Girouette en A2")
        new_ticket(world, "buser", "B1", title="Girouette en B1")
        assert found(world.dec, "girouette") == ["Girouette en A2", "Girouette en A1"]
        assert found(world.out, "girouette") == ["Girouette en A2"]
        assert found(world.buser, "girouette") == ["Girouette en B1"]
        assert len(found(world.agent, "girouette")) == 3

    def test_r11_an_internal_note_is_found_by_the_team_alone_and_so_is_its_file(self, world: World) -> None:
        ticket = new_ticket(world, title="Sujet")
        key = upload(world.agent, "secret", Draft.Purpose.COMMENT, "organigramme.png")
        say(world, "agent", ticket, "note", "Attention au girouettage", form_key=key)
        assert found(world.dec, "girouettage") == found(world.dec, "organigramme") == []
        assert search_page(world.dec, "girouetage").how == ""
        hits = search_page(world.agent, "girouettage").hits
        assert [(hit.where, [part.text for part in hit.passage if part.marked]) for hit in hits] == [
            ("note", ["girouettage"])
        ]
        assert [hit.where for hit in search_page(world.agent, "organigramme").hits] == ["file"]

    def test_r12_a_misspelled_word_tells_nothing_of_what_others_wrote(self, world: World) -> None:
        new_ticket(world, "buser", "B1", title="Restructuration")
        call_command("reindex")
        assert KnownWord.objects.filter(word="restructuration").exists()
        page = search_page(world.dec, "restructuratoin")
        assert (page.hits, page.how) == ([], "")
        assert search_page(world.buser, "restructuratoin").how == "near"

    def test_r11_the_name_of_an_internal_file_is_not_the_passage_of_a_client(self, world: World) -> None:
        ticket = new_ticket(world, title="Girouette")
        key = upload(world.agent, "secret", Draft.Purpose.COMMENT, "organigramme.png")
        say(world, "agent", ticket, "note", "Entre nous", form_key=key)
        (hit,) = search_page(world.agent, "girouette organigramme").hits
        assert (hit.where, "".join(part.text for part in hit.passage)) == ("file", "organigramme.png")
        (hit,) = search_page(world.dec, "girouette organigramme").hits
        assert (hit.ticket.title, hit.where, hit.passage) == ("Girouette", "", [])

    @pytest.mark.parametrize("who, project", [("rd", "A2"), ("out", "A2"), ("buser", "B1")])
    def test_r1_newer_tickets_out_of_sight_neither_hide_nor_betray_themselves(
        self, who: str, project: str, world: World
    ) -> None:
        """Only the newest that answer are ranked: those that a person does not see take no place among them."""
        mine = new_ticket(world, {"A2": "out", "B1": "buser"}[project], project, title="Girouette à voir")
        Ticket.objects.filter(pk=mine.pk).update(state="rd", handed_to_rd_at=clock.now())
        reindex()
        for number in range(2):
            new_ticket(world, title=f"Girouette cachée {number}")
        asked = list(words_of("girouette"))
        seen = find(world.person(who), asked, most=1)
        assert (list(seen.keys), seen.more) == ([mine.pk], False)
        everything = find(world.agent, asked, most=1)
        assert (mine.pk in everything.keys, everything.more) == (False, True)

    def test_rd_finds_what_was_handed_to_it(self, world: World) -> None:
        ticket = new_ticket(world, title="Girouette")
        assert found(world.rd, "girouette") == []
        say(world, "agent", say(world, "agent", ticket, "start"), "hand_to_rd", "Voir")
        assert found(world.rd, "girouette") == ["Girouette"]

    def test_filters_offer_what_the_person_may_know_of(self, world: World) -> None:
        def offered(reader: User, text: str) -> set[str]:
            return {one.label for one in suggestions(reader, text)}

        assert not any(world.project("B1").name in label for label in offered(world.dec, "projet:"))
        assert any(world.project("B1").name in label for label in offered(world.buser, "badge projet:"))
        assert not offered(world.dec, "intervenant:")
        assert any(world.agent.last_name in label for label in offered(world.agent, "intervenant:"))
        assert not any(world.buser.last_name in label for label in offered(world.dec, "auteur:"))


class TestQuestion:
    def test_filters_narrow(self, world: World) -> None:
        old = new_ticket(world, title="Girouette ancienne")
        Ticket.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=400))
        closed = new_ticket(world, title="Girouette close", priority="4", context="Ouverture")
        say(world, "dec", closed, "close")
        year = clock.today().year
        for text, titles in (
            ("girouette état:clos", ["Girouette close"]),
            ("girouette etat:ouverts", ["Girouette ancienne"]),
            ("girouette état:nouveau", ["Girouette ancienne"]),
            ("girouette priorité:bloquant", ["Girouette close"]),
            (f"girouette avant:{clock.today().isoformat()}", ["Girouette ancienne"]),
            (f"girouette après:{year}-01-01", ["Girouette close"]),
            (f"girouette après:01/{year}", ["Girouette close"]),
            (f"girouette auteur:{world.dec.last_name}", ["Girouette close", "Girouette ancienne"]),
            ("girouette auteur:personne-de-ce-nom", []),
            (f'girouette projet:"{world.project("A1").name}"', ["Girouette close", "Girouette ancienne"]),
            (f"girouette société:{world.organization('beta').name.split()[0]}", []),
        ):
            assert found(world.agent, text) == titles, text

    @pytest.mark.parametrize(
        "text",
        [
            "badge etat:xyz",
            "avant:hier",
            "après:2026-13",
            "priorité:énorme",
            "avant:0000",
            "avant:0001",
            "après:1/1/0999",
        ]
        + [f"avant:2026-{'9' * 30}", f"après:{'9' * 30}/2026"],
    )
    def test_a_filter_that_means_nothing_is_named(self, text: str, world: World) -> None:
        page = search_page(world.agent, text)
        assert page.hits == []
        assert text.rsplit(maxsplit=1)[-1] in page.question.problems[0]

    def test_filters_alone_give_the_newest(self, world: World) -> None:
        new_ticket(world, title="Dernier")
        assert found(world.dec, "etat:nouveau")[0] == "Dernier"

    def test_the_language_of_the_reader_names_filters_too(self, world: World, settings) -> None:
        from django.utils import translation

        new_ticket(world, title="Girouette")
        with translation.override("en"):
            assert found(world.dec, "girouette state:open") == ["Girouette"]
            assert "state:" in {one.label for one in suggestions(world.dec, "st")}

    def test_no_word_finds_nothing_and_an_unreadable_one_is_refused(self, world: World) -> None:
        for text in ("", "  ", "le la", "%", "'\"\\", "@open", "=titre", "*"):
            assert search_page(world.agent, text).hits == [], text
        with pytest.raises(Invalid):
            search_page(world.agent, "x" * 201)

    def test_r59_signs_of_the_engines_are_letters_like_others(self, world: World) -> None:
        new_ticket(world, title="Girouette")
        for text in ('"girouette', "girouette*", "(girouette)", "girouette:", "girouette & | !", "^girouette NEAR"):
            assert isinstance(search_page(world.agent, text).hits, list), text


class TestDocuments:
    def test_what_acts_kept_is_what_is_read_from_the_tickets(self, world: World) -> None:
        ticket = new_ticket(world, title="Le badge", description="Ne s'imprime plus")
        key = upload(world.dec, "joint", Draft.Purpose.COMMENT, "capture.png")
        ticket = say(world, "dec", ticket, "comment", "Toujours pas", form_key=key)
        ticket = say(world, "agent", say(world, "agent", ticket, "start"), "hand_to_rd", "Voir le pilote")
        ticket = say(world, "agent", ticket, "process", "Corrigé")
        say(world, "dec", ticket, "close", "Merci")

        def kept() -> dict[int, set[str]]:
            return {row.pk: set(row.terms.split()) for row in SearchDocument.objects.all()}

        before = kept()
        assert len(before) == Ticket.objects.count()
        assert reindex() == len(before)
        assert kept() == before
        assert found(world.dec, "badge etat:ouvert") == []

    def test_a_comment_is_found_at_once_and_marked_where_it_stands(self, world: World) -> None:
        ticket = new_ticket(world, title="Sujet", description="Autre chose")
        say(world, "dec", ticket, "comment", "Une phrase, puis une autre. " * 20 + "La girouette du hall tourne.")
        (hit,) = search_page(world.agent, "girouettes").hits
        assert (hit.where, hit.ticket.pk) == ("comment", ticket.pk)
        assert [part.text for part in hit.passage if part.marked] == ["girouette"]
        assert sum(len(part.text) for part in hit.passage) < 200

    def test_words_are_learnt_once_they_are_written_for_good(
        self, world: World, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            new_ticket(world, title="Girouettes magnifiques")
        assert set(KnownWord.objects.values_list("word", flat=True)) >= {"girouettes", "magnifiques"}
        assert found(world.dec, "giro") == found(world.dec, "magnifiqes") == ["Girouettes magnifiques"]
        with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
            new_ticket(world, title="Magnifiques girouettes")
        told = [query["sql"] for query in asked.captured_queries if "search_knownword" in query["sql"]]
        assert [sql.split()[0] for sql in told] == ["SELECT"], "one query tells that all are known"

    def test_r130_an_erased_person_is_found_by_their_name_no_more(self, world: World) -> None:
        person = world.person("obs")
        User.objects.filter(pk=person.pk).update(first_name="Anatole", last_name="KERGUELEN")
        ticket = new_ticket(world, title="Pour Anatole KERGUELEN", description="Une girouette")
        say(world, "agent", ticket, "note", "Anatole Kerguelen a rappelé")
        reindex()
        assert found(world.agent, "kerguelen")
        person.refresh_from_db()
        set_contact_active(world.admin, person=person, active=False)
        erase_person(world.admin, person=User.objects.get(pk=person.pk))
        assert found(world.agent, "kerguelen") == found(world.agent, "anatole") == []
        assert found(world.agent, "girouette")
        assert not KnownWord.objects.filter(word__in=["kerguelen", "anatole"]).exists()
        assert not Spelling.objects.filter(word__in=["kerguelen", "anatole"]).exists()
        assert not SearchDocument.objects.filter(terms__contains="kerguelen").exists()


class TestLanguageOfTheEngines:
    def test_the_same_question_in_both(self) -> None:
        groups = [{"badg", "~badg", "#bad*"}, {"@p1"}]
        assert lookup._for_sqlite(groups) == '("#bad" * OR "badg" OR "~badg") AND ("@p1")'
        sql, asked = lookup._on_postgresql(groups)
        assert asked == ["'@p1'", "'#bad':* | 'badg' | '~badg'"]
        assert sql.count("@@ %s::tsquery") == len(groups)

    def test_no_term_of_a_text_holds_a_sign_of_theirs(self) -> None:
        for term in forms_of("l'a\"b' OR (c) & d:* ~e =f #g @open *h \\\\ i"):
            assert term.isalnum()


def test_what_is_kept_for_the_search_says_what_it_is(world: World) -> None:
    reindex()
    document, word, spelling = SearchDocument.objects.first(), KnownWord.objects.first(), Spelling.objects.first()
    assert str(document) == f"document of {document.pk}"  # type: ignore[union-attr]
    assert str(word) == word.word  # type: ignore[union-attr]
    assert str(spelling) == f"{spelling.spelling} of {spelling.word}"  # type: ignore[union-attr]


class TestSuggestions:
    def test_values_are_those_of_the_filter(self, world: World) -> None:
        def offered(text: str) -> list[str]:
            return [one.text for one in suggestions(world.agent, text)]

        assert offered("badge priorité:bl") == ["badge priorité:bloquant "]
        assert clock.today().isoformat() in offered("avant:")[0]
        assert any("ALPHA" in one.upper() for one in offered("societe:alp"))
        assert any(world.dec.last_name in one for one in offered(f"auteur:{world.dec.last_name[:4].lower()}"))
        assert offered("zzz:") == offered("badge x") == offered('projet:"un"') == []

    def test_a_filter_without_its_value_asks_nothing_yet(self, world: World) -> None:
        new_ticket(world, title="Girouette")
        assert found(world.dec, 'girouette projet:""') == ["Girouette"]


class TestManyAnswers:
    def test_too_many_answers_are_said_to_be_more_and_the_best_titles_come_first(
        self, world: World, monkeypatch
    ) -> None:
        monkeypatch.setattr("calypso.search.ranking.MANY", 3)
        best = new_ticket(world, title="Girouette")
        for number in range(6):
            new_ticket(world, title=f"Autre {number}", description="La girouette")
        from calypso.base.french import words_of
        from calypso.search.ranking import find
        from calypso.tickets.access import tickets_for

        words = list(words_of("girouette"))
        some = find(world.agent, words, most=4)
        assert (some.more, some.keys[0], len(some.keys)) == (True, best.pk, 5)
        narrowed = find(world.agent, words, among=tickets_for(world.agent).filter(author=world.dec), most=4)
        assert narrowed.keys == some.keys
        few = find(world.agent, words, among=tickets_for(world.agent).filter(title__startswith="Autre"), most=20)
        assert (few.more, len(few.keys)) == (False, 6)
        assert find(world.agent, []).keys == []


def test_a_label_without_words_is_ranked_by_its_age(world: World) -> None:
    for title in ("À la", "…"):
        new_ticket(world, title=title, description="Une girouette")
    assert found(world.dec, "girouette") == ["…", "À la"]

    def test_a_search_costs_the_same_among_more_tickets(self, world: World) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as asked:
                assert search_page(world.dec, "girouette").hits
            return len(asked)

        for number in range(3):
            new_ticket(world, title=f"Girouette {number}", description="Autre girouette")
        few = cost()
        for number in range(20):
            new_ticket(world, title=f"Girouette {number}", description="Autre girouette")
        assert cost() == few


def test_who_asks_for_no_word_has_none_marked_and_nothing_kept() -> None:
    """One and the same for all pages without words: what it kept would grow with each."""
    assert [tuple(part) for part in NOTHING.marked("Un texte, puis un autre")] == [("Un texte, puis un autre", False)]
    assert NOTHING.held_by("Un texte") == frozenset()
    assert all(not kept for kept in vars(NOTHING).values())
