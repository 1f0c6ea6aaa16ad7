"""The desk through its addresses: queue, ticket, clients, projects, mails."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calypso.accounts.models import User
from calypso.base import clock
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
from calypso.teamwork.queries.queue import QueueFilters, queue_page
from calypso.tickets.models import Attachment, Ticket, TicketEvent
from calypso.tickets.workflow import State
from tests.files import PNG
from tests.pages import fill, form, in_order, words
from tests.world import World, drop_waiting, new_ticket, say


def rows(answer) -> list[str]:
    return re.findall(r'class="c-ref"><span class="ref">(\w+)<', answer.content.decode())


class TestQueue:
    def test_it_shows_every_open_ticket_with_its_columns(self, browser, world: World) -> None:
        page = browser("agent").get("/equipe/")
        assert in_order(
            page,
            "Équipe Léni",
            "Tous les tickets 4",
            "Mes tickets 0",
            "Non affectés 4",
            "Tickets 4",
            "+ Filtre",
            "Libellé",
            "Priorité",
            "Référence",
            "Projet",
            "État",
            "Qui",
            "Échéance",
            "Activité",
        )
        assert len(rows(page)) == 4

    @pytest.mark.parametrize(
        "query, names",
        [
            ("societe={beta}", ["B1"]),
            ("projet={a1}", ["A1"]),
            ("etat=new", ["A1", "A2", "A3", "B1"]),
            ("etat=waiting", []),
            ("etat=waiting&etat=new", ["A1", "A2", "A3", "B1"]),
            ("priorite=3", ["A1", "A2", "A3", "B1"]),
            ("priorite=1", []),
            ("intervenant=personne", ["A1", "A2", "A3", "B1"]),
            ("intervenant=moi", []),
            ("intervenant={agent}", []),
            ("q=canariB1titre", ["B1"]),
            ("q=canariA1titre+ticket", ["A1"]),
        ],
    )
    def test_filters(self, query: str, names: list[str], browser, world: World) -> None:
        values = {"beta": world.organization("beta").key, "a1": world.project("A1").key, "agent": world.agent.key}
        found = rows(browser("agent").get(f"/equipe/?{query.format(**values)}"))
        assert sorted(found) == sorted(world.ticket(name).reference for name in names)

    @pytest.mark.parametrize("query", ["tri=password", "etat=xyz", "priorite=9", "q=" + "x" * 201])
    def test_r17_unknown_values_are_a_422(self, query: str, browser, world: World) -> None:
        assert browser("agent").get(f"/equipe/?{query}").status_code == 422

    def test_it_pages(self, browser, world: World, settings) -> None:
        settings.LIST_PAGE_SIZE = 3
        page = browser("agent").get("/equipe/?etat=new")
        assert "1–3 sur 4" in words(page)
        assert 'href="/equipe/?page=2&amp;etat=new&amp;tri=-activite"' in page.content.decode()
        assert len(rows(browser("agent").get("/equipe/?etat=new&page=2"))) == 1

    def test_a_part_alone(self, browser, world: World) -> None:
        part = browser("agent").get("/equipe/", headers={"HX-Request": "true", "HX-Target": "file"})
        assert part.content.decode().strip().startswith('<section class="card" id="file"')

    @pytest.mark.checklist("S137")
    def test_decision_4_r_and_d_sees_what_was_handed_to_it(self, browser, world: World) -> None:
        assert rows(browser("rd").get("/equipe/")) == []
        ticket = new_ticket(world)
        say(world, "agent", ticket, "start")
        say(world, "agent", ticket, "hand_to_rd", "À vous")
        assert rows(browser("rd").get("/equipe/")) == [ticket.reference]
        say(world, "agent", ticket, "start")
        assert rows(browser("rd").get("/equipe/")) == [ticket.reference]
        page = browser("rd").get(f"/equipe/tickets/{ticket.reference}/")
        assert "Ajouter une note interne" in words(page)
        assert "Envoyer au client" not in words(page)

    def test_nothing_found_says_so(self, browser, world: World) -> None:
        assert "Aucun ticket ne correspond" in words(browser("agent").get("/equipe/?q=introuvable"))


def posted(opened, ticket: Ticket, route: str = "envoyer") -> tuple[str, dict[str, list[str]]]:
    page = f"/equipe/tickets/{ticket.reference}/"
    return f"{page}{route}/", form(opened.get(page), f"{page}envoyer/")


class TestTicket:
    def test_it_shows_everything_the_team_needs(self, browser, world: World) -> None:
        page = browser("manager").get(f"/equipe/tickets/{world.ticket('A1').reference}/")
        assert in_order(
            page,
            "Ticket A1 ",
            "ALPHA",
            "Écrire",
            "Ajouter une note interne",
            "le client reçoit l'e-mail « Commentaire de l'équipe »",
            "Envoyer au client",
            "Démarrer",
            "Demander un complément",
            "le client reçoit l'e-mail « Attente de complément » · texte obligatoire",
            "Clôturer pour le client",
            "Conversation (4)",
            "Note interne",
            "Note canariA1note",
            "a déclaré le ticket",
            "Contexte de la priorité :",
            "Traitement",
            "Affecter à",
            "Retenir cette priorité",
            "Déclarant",
            "Pièces jointes 2",
            "E-mails ",
        )

    @pytest.mark.parametrize(
        "act, state, internal, done",
        [
            ("comment", "assigned", False, "commente"),
            ("note", "new", True, "note"),
            ("start", "in_progress", False, "etape"),
            ("ask_client", "waiting", False, "etape"),
            ("close_for_vendor", "closed", False, "etape"),
        ],
    )
    def test_one_form_for_every_act(
        self, act: str, state: str, internal: bool, done: str, browser, world: World
    ) -> None:
        ticket, opened = new_ticket(world), browser("manager")
        path, fields = posted(opened, ticket)
        answer = opened.post(
            path,
            {
                **fill(fields, act=act, kind="note" if act == "note" else "reply", body="Mon texte"),
                "attachments": [SimpleUploadedFile("a.png", PNG)],
            },
        )
        assert answer["Location"] == f"/equipe/tickets/{ticket.reference}/?fait={done}"
        event = TicketEvent.objects.filter(ticket=ticket).latest("id")
        assert (event.body, event.internal, event.state, event.actor) == ("Mon texte", internal, state, world.manager)
        assert Attachment.objects.get(ticket=ticket).event == event

    def test_c4_a_refusal_keeps_the_text(self, browser, world: World) -> None:
        ticket, opened = new_ticket(world), browser("agent")
        path, fields = posted(opened, ticket)
        answer = opened.post(
            path, {**fill(fields, act="ask_client", body=""), "attachments": [SimpleUploadedFile("x.exe", b"MZ")]}
        )
        assert answer.status_code == 422
        assert "x.exe" in words(answer)
        assert opened.post(path, fill(fields, act="inconnu", body="Gardé")).status_code == 422
        assert form(opened.post(path, fill(fields, act="inconnu", body="Gardé")), path)["body"] == ["Gardé"]

    def test_c5_a_conflict_keeps_the_text(self, browser, world: World) -> None:
        ticket, opened = new_ticket(world), browser("agent")
        path, fields = posted(opened, ticket)
        say(world, "dec", ticket, "close", "Finalement non")
        answer = opened.post(path, fill(fields, act="start", body="Je commence"))
        assert answer.status_code == 409
        assert in_order(answer, "La situation a changé", "Denis ECLUSE", "Clôturé")
        assert "Je commence" in answer.content.decode()

    def test_files_are_taken_out(self, browser, world: World) -> None:
        ticket, opened = new_ticket(world), browser("agent")
        path, fields = posted(opened, ticket)
        page = opened.post(
            path, {**fill(fields, act="comment", body=""), "attachments": [SimpleUploadedFile("ote.png", PNG)]}
        )
        key = re.search(r'name="retirer" value="(\w+)"', page.content.decode())
        assert key is not None
        after = opened.post(path, {**fill(form(page, path), body="Gardé"), "retirer": key[1]})
        assert "ote.png" not in words(after)
        assert form(after, path)["body"] == ["Gardé"]

    def test_assigning_and_taking(self, browser, world: World) -> None:
        ticket, opened = new_ticket(world), browser("manager")
        path, fields = posted(opened, ticket, "affecter")
        assert opened.post(path, fill(fields, assignee="inconnu")).status_code == 422
        assert opened.post(path, fill(fields, assignee=world.agent.key)).status_code == 302
        assert Ticket.objects.get(pk=ticket.pk).assignee == world.agent
        assert opened.post(path, fill(fields, assignee=world.support.key, cle="autre")).status_code == 409
        path, fields = posted(opened, ticket, "affecter")
        again = opened.post(path, fill(fields, assignee=world.agent.key))
        assert again.status_code == 422
        assert "Ce ticket est déjà affecté à Agent STAFF." in words(again)
        own = browser("agent")
        other = new_ticket(world)
        assert "Affecter à" not in words(own.get(f"/equipe/tickets/{other.reference}/"))
        path, fields = posted(own, other, "affecter")
        assert own.post(path, fill(fields, assignee=world.agent.key)).status_code == 302
        assert own.post(path, fill(fields, assignee=world.support.key, cle="z")).status_code == 403

    def test_retaining_a_priority(self, browser, world: World) -> None:
        ticket, opened = new_ticket(world, priority="4", context="Feu"), browser("support")
        path, fields = posted(opened, ticket, "priorite")
        assert opened.post(path, fill(fields, priority="1", reason="")).status_code == 422
        assert opened.post(path, fill(fields, priority="9", reason="x")).status_code == 422
        assert opened.post(path, fill(fields, priority="1", reason="Reporté")).status_code == 302
        assert "Priorité déclarée Bloquant Reporté" in words(opened.get(f"/equipe/tickets/{ticket.reference}/"))

    @pytest.mark.parametrize(
        "route, values",
        [("affecter", {"take": "1"}), ("priorite", {"priority": "1", "reason": "Reporté"})],
    )
    def test_r68_an_act_beside_the_composer_keeps_what_is_being_written(
        self, route: str, values: dict[str, str], browser, world: World
    ) -> None:
        ticket, opened = new_ticket(world, priority="4", context="Feu"), browser("support")
        path, fields = posted(opened, ticket, route)
        written = fill(fields, body="Commencé, pas envoyé", **values)
        after = opened.get(opened.post(path, {**written, "attachments": [SimpleUploadedFile("ote.png", PNG)]}).url)
        assert form(after, path.replace(route, "envoyer"))["body"] == ["Commencé, pas envoyé"]
        assert "ote.png" in words(after)
        assert not TicketEvent.objects.filter(ticket=ticket, body__contains="Commencé").exists()

    def test_the_text_of_an_ended_session_comes_back(self, browser, world: World) -> None:
        ticket, opened = new_ticket(world), browser("agent")
        path, fields = posted(opened, ticket)
        opened.logout()
        away = opened.post(path, fill(fields, act="note", body="Analyse longue"))
        assert away.status_code == 302
        page = browser("agent").get(f"/equipe/tickets/{ticket.reference}/?brouillon={fields['cle'][0]}")
        assert form(page, path)["body"] == ["Analyse longue"]

    def test_an_archived_project_shows_no_act(self, browser, world: World) -> None:
        text = words(browser("manager").get(f"/equipe/tickets/{world.ticket('A3').reference}/"))
        assert "Archivé" in text
        assert "Envoyer au client" not in text
        assert "Affecter à" not in text


class TestOpening:
    def test_a_ticket_for_a_client(self, browser, world: World) -> None:
        opened, path = browser("support"), "/equipe/tickets/nouveau/"
        assert "Choisissez d'abord le projet" in words(opened.get(path))
        page = opened.get(f"{path}?projet={world.project('A1').key}")
        assert in_order(page, "Déclarant", "Denis ECLUSE", "Personne informée du suivi")
        part = opened.post(
            path,
            {"project": world.project("A1").key, "choisir": "1"},
            headers={"HX-Request": "true", "HX-Target": "personnes"},
        )
        assert part.content.decode().strip().startswith('<div id="personnes">')
        fields = fill(form(page, path), author=world.dec.key, title="Par téléphone", priority="1")
        answer = opened.post(path, {**fields, "attachments": [SimpleUploadedFile("a.png", PNG)]})
        ticket = Ticket.objects.get(title="Par téléphone")
        assert answer["Location"] == f"/equipe/tickets/{ticket.reference}/?fait=enregistre"
        assert ticket.author == world.dec
        assert Attachment.objects.filter(ticket=ticket).count() == 1

    @pytest.mark.parametrize(
        "changes, said",
        [
            ({"project": ""}, "Choisissez un projet de la liste."),
            ({"project": "inconnu"}, "Choisissez un projet de la liste."),
            ({"author": ""}, "Choisissez une personne qui voit ce projet."),
            ({"author": "inconnu"}, "Choisissez une personne qui voit ce projet."),
            ({"title": ""}, "Ce champ est obligatoire."),
        ],
    )
    def test_r4_refusals(self, changes: dict[str, str], said: str, browser, world: World) -> None:
        data = {
            "project": world.project("A1").key,
            "author": world.dec.key,
            "title": "T",
            "priority": "1",
            "description": "Tapé",
            **changes,
        }
        answer = browser("support").post("/equipe/tickets/nouveau/", data)
        assert answer.status_code == 422
        assert said in words(answer)
        assert "Tapé" in answer.content.decode()

    def test_a_refused_file_is_named_and_one_is_taken_out(self, browser, world: World) -> None:
        opened, path = browser("support"), "/equipe/tickets/nouveau/"
        data = {
            "project": world.project("A1").key,
            "author": world.dec.key,
            "title": "T",
            "priority": "1",
            "cle": "abc",
        }
        answer = opened.post(
            path, {**data, "attachments": [SimpleUploadedFile("x.exe", b"MZ"), SimpleUploadedFile("bon.png", PNG)]}
        )
        assert answer.status_code == 422
        assert "x.exe" in words(answer)
        key = re.search(r'name="retirer" value="(\w+)"', answer.content.decode())
        assert key is not None
        assert "bon.png" not in words(opened.post(path, {**data, "retirer": key[1]}))


class TestClients:
    def test_companies(self, browser, world: World) -> None:
        opened = browser("manager")
        assert in_order(
            opened.get("/equipe/societes/"),
            "Sociétés et contacts 2",
            "ALPHA 4 Active",
            "BETA 2 Active",
            "Ajouter une société",
        )
        assert "Ajouter une société" not in words(browser("agent").get("/equipe/societes/"))
        assert opened.post("/equipe/societes/", {"name": ""}).status_code == 422
        made = opened.post("/equipe/societes/", {"name": "GAMMA"})
        page = opened.get(made["Location"])
        assert in_order(page, "GAMMA", "Contacts (0)", "Aucun contact.", "Projets (0)", "Aucun projet.")
        path = made["Location"].split("?")[0]
        assert opened.post(path, {"name": "ALPHA", "active": "on"}).status_code == 422
        assert opened.post(path, {"name": "GAMMA 2"}).status_code == 302
        assert "Archivée" in words(opened.get(path))

    def test_contacts(self, browser, world: World) -> None:
        opened, company = browser("manager"), f"/equipe/societes/{world.organization('alpha').key}/"
        data = {
            "email": "neuf@alpha.example",
            "first_name": "Noé",
            "last_name": "Neuf",
            "civility": "M.",
            "locale": "fr",
        }
        assert opened.post(company + "contacts/", {**data, "email": "nul"}).status_code == 422
        assert opened.post(company + "contacts/", data)["Location"] == company + "?fait=invite"
        assert "Noé NEUF neuf@alpha.example Jamais connecté" in words(opened.get(company))
        path = f"/equipe/contacts/{User.objects.get(email='neuf@alpha.example').key}/"
        assert "Renvoyer l'invitation" in words(opened.get(path))
        assert opened.post(path + "invitation/").status_code == 302
        assert opened.post(path, {**data, "first_name": ""}).status_code == 422
        assert opened.post(path, {**data, "first_name": "Noël"}).status_code == 302
        assert opened.post(path + "activite/", {"active": "0"})["Location"].endswith("fait=desactive")
        assert "Réactiver le compte" in words(opened.get(path))
        assert opened.post(path + "activite/", {"active": "1"})["Location"].endswith("fait=reactive")
        assert opened.post(path + "invitation/").status_code == 302

    def test_r43_no_form_of_the_desk_takes_a_password(self, browser, world: World) -> None:
        for path in (f"/equipe/contacts/{world.dec.key}/", f"/equipe/societes/{world.organization('alpha').key}/"):
            assert 'type="password"' not in browser("admin").get(path).content.decode()

    def test_r66_a_nearly_full_company_is_shown(self, browser, world: World, settings) -> None:
        settings.ORGANIZATION_QUOTA_MB = 0
        assert "Espace presque plein" in words(
            browser("agent").get(f"/equipe/societes/{world.organization('alpha').key}/")
        )


class TestProjects:
    def test_facts(self, browser, world: World) -> None:
        opened, company = browser("manager"), f"/equipe/societes/{world.organization('alpha').key}/"
        data = {
            "name": "Neuf",
            "event_date": "2027-01-28",
            "vendor_manager": world.manager.key,
            "client_manager": world.pm.key,
        }
        assert opened.post(company + "projets/", {**data, "vendor_manager": ""}).status_code == 422
        assert opened.post(company + "projets/", {**data, "event_date": "31/02"}).status_code == 422
        made = opened.post(company + "projets/", data)
        path = made["Location"].split("?")[0]
        assert in_order(opened.get("/equipe/projets/"), "Projets 4", "Neuf ALPHA Paramétrage Paule MERCIER 28/01/2027")
        assert opened.post(path, {**data, "name": ""}).status_code == 422
        assert opened.post(path, {**data, "client_manager": "inconnu", "support": world.support.key}).status_code == 302
        assert Project.objects.get(name="Neuf").client_manager is None
        assert "Fiche du projet" in words(browser("agent").get(path))

    @pytest.mark.checklist("S126")
    def test_archive(self, browser, world: World) -> None:
        opened, path = browser("manager"), f"/equipe/projets/{world.project('A1').key}/"
        assert opened.post(path + "archive/", {"archived": "1"})["Location"].endswith("fait=archive")
        assert opened.post(path + "bascule/", {"act": "propose"}).status_code == 409
        assert "Demander les accords" not in words(opened.get(path + "bascule/"))
        assert opened.post(path + "archive/", {"archived": "0"})["Location"].endswith("fait=restaure")

    def test_r9_a_project_without_its_client_manager_says_so(self, browser, world: World) -> None:
        User.objects.filter(email="pm@alpha.example").update(active=False)
        page = browser("manager").get(f"/equipe/projets/{world.project('A1').key}/")
        assert in_order(page, "À remplacer :", "Chef de projet client : Paule MERCIER")
        assert "Désactivé" in words(browser("manager").get("/equipe/projets/"))

    def test_no_project_says_so(self, browser, world: World) -> None:
        Project.objects.update(archived_at=clock.now())
        assert "Aucun projet." in words(browser("manager").get("/equipe/projets/"))


class TestTeam:
    def test_an_administrator_adds_members_and_changes_roles(self, browser, world: World) -> None:
        opened = browser("admin")
        assert in_order(
            opened.get("/equipe/membres/"),
            "Équipe 6",
            "Agent STAFF agent@leni.example Intervenant Actif",
            "Ajouter un membre",
        )
        data = {"email": "lea@leni.example", "first_name": "Léa", "last_name": "Neuve", "civility": "", "locale": "fr"}
        assert opened.post("/equipe/membres/", {**data, "first_name": "", "roles": ["agent"]}).status_code == 422
        assert opened.post("/equipe/membres/", {**data, "roles": ["dieu"]}).status_code == 422
        assert opened.post("/equipe/membres/", {**data, "roles": ["agent", "support"]}).status_code == 302
        person = User.objects.get(email="lea@leni.example")
        assert [role.value for role in person.roles] == ["agent", "support"]
        path = f"/equipe/membres/{person.key}/"
        assert "Renvoyer l'invitation" in words(opened.get(path))
        assert opened.post(path, {"roles": ["rd"]}).status_code == 302
        assert [role.value for role in User.objects.get(pk=person.pk).roles] == ["rd"]
        assert opened.post(f"/equipe/contacts/{person.key}/invitation/")["Location"] == path + "?fait=invite"
        assert (
            opened.post(f"/equipe/contacts/{person.key}/activite/", {"active": "0"})["Location"]
            == path + "?fait=desactive"
        )

    def test_r33_new_roles_end_sessions_and_nobody_changes_their_own(self, browser, world: World) -> None:
        opened, other = browser("admin"), browser("agent")
        assert "ne change pas ses propres rôles" in words(opened.get(f"/equipe/membres/{world.admin.key}/"))
        assert opened.post(f"/equipe/membres/{world.admin.key}/", {"roles": []}).status_code == 403
        assert opened.post(f"/equipe/membres/{world.dec.key}/", {"roles": ["admin"]}).status_code == 403
        opened.post(f"/equipe/membres/{world.agent.key}/", {"roles": ["agent", "manager"]})
        assert other.get("/equipe/").status_code == 302
        assert browser("agent").get("/equipe/societes/").status_code == 200


class TestMails:
    def test_they_are_listed_with_their_state(self, browser, world: World) -> None:
        opened = browser("support")
        assert "Aucun serveur d'envoi n'est configuré" in words(opened.get("/equipe/courriers/"))
        assert in_order(
            opened.get("/equipe/courriers/?etat=waiting"), "Date Destinataire Objet État Essais", "En attente"
        )
        assert "Aucun message." in words(opened.get("/equipe/courriers/?etat=failed"))

    def test_one_is_read_and_sent_again(self, browser, world: World) -> None:
        mail = OutgoingEmail.objects.filter(kind="tickets.opened").first()
        assert mail is not None
        OutgoingEmail.objects.filter(pk=mail.pk).update(state="failed", error="550 : inconnu", attempts=1)
        opened, path = browser("manager"), f"/equipe/courriers/{mail.key}/"
        assert in_order(
            opened.get(path),
            "Échec",
            "Création d'un ticket",
            "Renvoyer",
            "Texte du message",
            "Bonjour",
            "Dernière erreur 550 : inconnu",
        )
        assert opened.post(path + "relancer/")["Location"] == path + "?fait=relance"
        assert opened.post(path + "relancer/").status_code == 409
        assert "Prochain essai" in words(opened.get(path))

    def test_a_long_list_pages(self, browser, world: World, settings) -> None:
        settings.LIST_PAGE_SIZE = 2
        drop_waiting()
        page = browser("manager").get("/equipe/courriers/?etat=dropped")
        assert 'href="/equipe/courriers/?page=2&amp;etat=dropped"' in page.content.decode()


def test_a25_states_sort_as_the_guide_numbers_them(world: World, browser) -> None:
    say(world, "agent", new_ticket(world), "ask_client", "Quoi ?")
    for state in (State.RD, State.PROCESSED):
        Ticket.objects.filter(pk=new_ticket(world).pk).update(state=state)
    order = [state.value for state in State]
    for way in ("etat", "-etat"):
        rows = queue_page(world.admin, QueueFilters(), way, 1).page.rows
        ranks = [order.index(row.state) for row in rows]
        assert len(set(ranks)) > 2
        assert ranks == sorted(ranks, reverse=way == "-etat")
