"""One ticket on the portal: creation, conversation, return, close, recap sheet, files (S59–S82, S86–S99)."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from calypso.base import clock
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
from calypso.tickets.actions.steps import assign, retain_priority
from calypso.tickets.models import Attachment, Draft, Ticket, TicketEvent
from calypso.tickets.priorities import Priority
from tests.files import PDF, PNG
from tests.pages import fill, form, in_order, words
from tests.world import World, add_project, new_ticket, say


def upload(name: str = "a.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.checklist("S59-S68")
def test_the_form_says_what_the_guide_says(browser, world: World) -> None:
    path = f"/projets/{world.project('A1').key}/tickets/nouveau/"
    page = browser("dec").get(path)
    assert in_order(
        page,
        "Créer un ticket",
        "Description du ticket",
        "Projet concerné",
        world.project("A1").name,
        "Objet de votre demande *",
        "Précisez au mieux votre demande afin de nous aider à la traiter le plus efficacement et rapidement possible",
        "Url de la page",
        "Vous pouvez joindre tous documents pouvant nous aider aussi (copie écran,...)",
        "5 fichiers au plus, de 25 Mo chacun.",
        "Priorité",
        "Merci de nous préciser le niveau de priorité que vous accordez à votre demande *",
        "Faible",
        "Moyenne",
        "Élevée",
        "Bloquant",
        "Et le contexte de cette priorité",
        "Suivi",
        "Vous pouvez sélectionner une des personnes de votre société pour qu'elle soit informée du suivi de ce ticket",
        "Aucun",
        "Annuler",
        "Valider",
    )
    assert 'placeholder="Facultatif"' in page.text, "the description (S62)"
    assert "(ALPHA)" not in words(page)
    assert "priority" not in form(page, path)
    assert "Odile BSAINT" in words(page)
    assert "Oscar UTILE" not in words(page)


@pytest.mark.checklist("S69")
def test_from_my_tickets_the_project_is_chosen_with_its_company(browser, world: World) -> None:
    opened = browser("dec")
    page = opened.get("/tickets/nouveau/")
    assert in_order(
        page, "Projet concerné *", "Aucun", f"{world.project('A1').name} (ALPHA)", f"{world.project('A2').name} (ALPHA)"
    )
    assert "A3" not in words(page)
    assert "Choisissez d'abord le projet" in words(page)
    chosen = opened.post(
        "/tickets/nouveau/", {"project": world.project("A1").key, "title": "Déjà tapé", "choisir": "1"}
    )
    assert chosen.status_code == 200
    assert 'value="Déjà tapé"' in chosen.content.decode()
    assert "Odile BSAINT" in words(chosen)
    part = opened.post(
        "/tickets/nouveau/",
        {"project": world.project("A1").key, "choisir": "1"},
        headers={"HX-Request": "true", "HX-Target": "suivi"},
    )
    assert part.content.decode().strip().startswith('<div id="suivi">')
    made = opened.post("/tickets/nouveau/", {"project": world.project("A2").key, "title": "Sujet", "priority": "1"})
    assert made.status_code == 302
    assert Ticket.objects.get(title="Sujet").project == world.project("A2")


@pytest.mark.parametrize("project", ["", "inconnu", "B1"])
def test_r4_a_project_that_is_not_ours_is_unknown(project: str, browser, world: World) -> None:
    key = world.project("B1").key if project == "B1" else project
    answer = browser("dec").post("/tickets/nouveau/", {"project": key, "title": "Sujet", "priority": "1"})
    assert answer.status_code == 422
    assert "Choisissez un projet de la liste." in words(answer)
    assert not Ticket.objects.filter(title="Sujet").exists()


def test_c4_a_refusal_keeps_every_word_and_file(browser, world: World) -> None:
    opened, path = browser("dec"), f"/projets/{world.project('A1').key}/tickets/nouveau/"
    fields = form(opened.get(path), path)
    typed = {
        "title": "Mon objet",
        "description": "Deux\nlignes",
        "page_url": "https://a.example",
        "priority": "4",
        "context": "",
    }
    answer = opened.post(
        path,
        {**fill(fields, **typed), "attachments": [upload("un.png"), upload("deux.pdf", PDF), upload("non.exe", b"MZ")]},
    )
    assert answer.status_code == 422
    text = words(answer)
    assert "Vérifiez votre saisie" in text
    assert "non.exe" in text
    kept = form(answer, path)
    assert (kept["title"], kept["description"], kept["page_url"], kept["priority"]) == (
        ["Mon objet"],
        ["Deux\nlignes"],
        ["https://a.example"],
        ["4"],
    )
    assert kept["cle"] == fields["cle"]
    assert in_order(answer, "un.png", "deux.pdf")
    done = opened.post(path, fill(kept, context="Urgent"))
    assert done.status_code == 302
    ticket = Ticket.objects.get(title="Mon objet")
    assert sorted(Attachment.objects.filter(ticket=ticket).values_list("name", flat=True)) == ["deux.pdf", "un.png"]
    assert done["Location"] == f"/tickets/{ticket.reference}/?fait=cree"


@pytest.mark.checklist("S66")
def test_the_context_is_asked_for_beside_its_field(browser, world: World) -> None:
    path = f"/projets/{world.project('A1').key}/tickets/nouveau/"
    answer = browser("dec").post(path, {"title": "Sujet", "priority": "3"})
    html = answer.content.decode()
    assert "Pour les priorités « Élevée » et « Bloquant », précisez le contexte." in words(answer)
    assert 'aria-invalid="true"' in html
    assert 'href="#id_context"' in html


def test_a_file_is_taken_out_without_javascript(browser, world: World) -> None:
    opened, path = browser("dec"), f"/projets/{world.project('A1').key}/tickets/nouveau/"
    fields = fill(form(opened.get(path), path), title="Sujet")
    page = opened.post(path, {**fields, "attachments": [upload("un.png"), upload("deux.png")]})
    file = re.search(r'name="retirer" value="(\w+)"', page.content.decode())
    assert file is not None
    after = opened.post(path, {**form(page, path), "retirer": file[1]})
    assert after.status_code == 200
    assert "un.png" not in words(after)
    assert "deux.png" in words(after)
    assert 'value="Sujet"' in after.content.decode()


def test_r103_a_double_click_makes_one_ticket(browser, world: World) -> None:
    opened, path = browser("dec"), f"/projets/{world.project('A1').key}/tickets/nouveau/"
    fields = fill(form(opened.get(path), path), title="Une seule fois", priority="1")
    places = {opened.post(path, fields)["Location"] for _ in range(3)}
    assert len(places) == 1
    assert Ticket.objects.filter(title="Une seule fois").count() == 1


def test_r13_company_role_author_and_state_are_never_set_from_input(browser, world: World) -> None:
    path = f"/projets/{world.project('A1').key}/tickets/nouveau/"
    data = {
        "title": "Affectation de masse",
        "priority": "1",
        "state": "closed",
        "reference": "XXXXXXX",
        "author": world.obs.key,
        "author_id": world.obs.pk,
        "organization": world.organization("beta").pk,
        "created_at": "2000-01-01",
    }
    assert browser("dec").post(path, data).status_code == 302
    ticket = Ticket.objects.get(title="Affectation de masse")
    assert (ticket.state, ticket.author, ticket.organization) == ("new", world.dec, world.organization("alpha"))
    assert ticket.reference != "XXXXXXX"


def test_r14_a_repeated_field_is_refused(browser, world: World) -> None:
    path = f"/projets/{world.project('A1').key}/tickets/nouveau/"
    answer = browser("dec").post(path, {"title": ["un", "deux"], "priority": "1"})
    assert answer.status_code == 422
    assert "donné plusieurs fois" in words(answer)


@pytest.mark.checklist("S72-S79")
def test_an_open_ticket_says_what_the_guide_says(browser, world: World) -> None:
    project = add_project(world, "Histoire", "alpha", "pm")
    with clock.set_to(datetime(2019, 2, 4, 9, 20, tzinfo=UTC)):
        ticket = open_ticket(
            world.dec,
            project=Project.objects.get(pk=project.pk),
            request=Request(title="6ème Ticket", priority="2"),
            reference=lambda: "OK899Q5",
        )
    story = [
        (2, "agent", "start", "Je commence"),
        (5, "dec", "comment", "Ok super j'attends de vos nouvelles"),
        (8, "manager", "ask_client", "Nous avons besoin d'un exemple plus précis"),
        (17, "pm", "return", "Bonjour En voici un en pièce jointe"),
        (22, "agent", "hand_to_rd", "j'attends une réponse du R&D"),
        (23, "pm", "comment", "Ok merci"),
        (27, "manager", "follow_up", "Je reprend ce ticket en suivi"),
    ]
    for minute, who, name, body in story:
        with clock.set_to(datetime(2019, 2, 12, 11, minute, tzinfo=UTC)):
            say(world, who, ticket, name, body, form_key=_kept(world, who) if name == "return" else "")
    page = browser("pm").get("/tickets/OK899Q5/")
    assert in_order(
        page,
        "Retour à la liste des tickets",
        'Votre ticket : "6ème Ticket" (référence : OK899Q5 )',
        "Détail Ticket",
        "Actions / Commentaires",
        "Rafraîchir les commentaires",
        "Ajouter",
        "Commentaires *",
        "Pièce jointe",
        "Annuler",
        "Retourner le ticket",
        "Clôturer le ticket",
        "Ajouter le commentaire",
        "Manager STAFF Chef de projet Léni En suivi (Chef de Projet) 12/02/2019 12:27 Je reprend ce ticket en suivi",
        "Paule MERCIER Chef de projet client En attente R&D 12/02/2019 12:23 Ok merci",
        "Agent STAFF Intervenant En attente R&D 12/02/2019 12:22 j'attends une réponse du R&D",
        "Paule MERCIER Chef de projet client En retour (suite recette, interne ou client) 12/02/2019 12:17 Bonjour En voici un en pièce jointe Pièce jointe",
        "exemple.png",
        "Manager STAFF Chef de projet Léni En attente de compléments clients 12/02/2019 12:08 Nous avons besoin d'un exemple plus précis",
        "Denis ECLUSE Déclarant En cours de traitement 12/02/2019 12:05 Ok super j'attends de vos nouvelles",
        "Agent STAFF Intervenant En cours de traitement 12/02/2019 12:02 Je commence",
        "Ticket créé par Denis ECLUSE",
        "Détail Ticket",
        "Vos responsables",
        "Pour Léni Manager STAFF",
        "Pour ALPHA Paule MERCIER",
    )


def _kept(world: World, who: str) -> str:
    from tests.world import upload as keep

    return keep(world.person(who), "histoire", Draft.Purpose.COMMENT, "exemple.png")


@pytest.mark.checklist("S76", "S113", "S116")
@pytest.mark.parametrize(
    "state, shown, hidden",
    [
        ("new", ["Clôturer le ticket", "Ajouter le commentaire"], ["Retourner le ticket"]),
        ("in_progress", ["Clôturer le ticket", "Ajouter le commentaire"], ["Retourner le ticket"]),
        ("waiting", ["Clôturer le ticket", "Retourner le ticket", "Nous attendons une information de votre part."], []),
        ("follow_up", ["Clôturer le ticket", "Retourner le ticket"], []),
        ("processed", ["Clôturer le ticket", "Retourner le ticket", "Ce ticket a été traité."], []),
    ],
)
def test_buttons_follow_the_state(state: str, shown: list[str], hidden: list[str], browser, world: World) -> None:
    ticket = new_ticket(world)
    Ticket.objects.filter(pk=ticket.pk).update(state=state)
    text = words(browser("dec").get(f"/tickets/{ticket.reference}/"))
    assert all(label in text for label in shown)
    assert not any(label in text for label in hidden)


def test_the_details_show_the_declared_and_the_retained_priority(browser, world: World) -> None:
    ticket = Ticket.objects.get(
        pk=new_ticket(world, priority="4", context="Feu", page_url="https://a.example/x", follower=world.obs.key).pk
    )
    retain_priority(
        world.manager,
        ticket=ticket,
        priority=Priority.MEDIUM,
        reason="Contournement fourni",
        seen_version=ticket.version,
    )
    text = words(browser("dec").get(f"/tickets/{ticket.reference}/"))
    for part in (
        "Priorité déclarée Bloquant",
        "Contexte Feu",
        "Priorité retenue Moyenne Contournement fourni",
        "En suivi Odile BSAINT",
        "a.example/x",
    ):
        assert part in text


def composer(opened, ticket: Ticket) -> tuple[str, dict[str, list[str]]]:
    """The address and the fields of the form of a ticket."""
    path = f"/tickets/{ticket.reference}/envoyer/"
    return path, form(opened.get(f"/tickets/{ticket.reference}/"), path)


@pytest.mark.checklist("S75", "S81", "S82")
@pytest.mark.parametrize(
    "act, state, done",
    [("comment", "waiting", "commente-attend"), ("return", "returned", "retourne"), ("close", "closed", "clos")],
)
def test_the_composer_comments_returns_and_closes(act: str, state: str, done: str, browser, world: World) -> None:
    ticket = new_ticket(world)
    say(world, "agent", ticket, "ask_client", "Lequel ?")
    opened = browser("obs")
    path, fields = composer(opened, ticket)
    answer = opened.post(path, {**fill(fields, act=act, body="Voici"), "attachments": [upload()]})
    assert answer["Location"] == f"/tickets/{ticket.reference}/?fait={done}"
    event = TicketEvent.objects.filter(ticket=ticket).latest("id")
    assert (event.actor, event.body, event.state, event.source) == (world.obs, "Voici", state, "web")
    assert Attachment.objects.get(ticket=ticket).event == event


def test_c4_an_empty_comment_is_refused_and_the_file_kept(browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("dec")
    path, fields = composer(opened, ticket)
    answer = opened.post(path, {**fill(fields, act="comment", body=""), "attachments": [upload("garde.png")]})
    assert answer.status_code == 422
    assert "garde.png" in words(answer)
    assert "obligatoire" in words(answer)


def test_a_refused_file_keeps_the_text(browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("dec")
    path, fields = composer(opened, ticket)
    answer = opened.post(
        path, {**fill(fields, act="comment", body="Mon texte"), "attachments": [upload("x.exe", b"MZ")]}
    )
    assert answer.status_code == 422
    assert form(answer, path)["body"] == ["Mon texte"]
    assert "x.exe" in words(answer)
    assert not TicketEvent.objects.filter(ticket=ticket, body="Mon texte").exists()


def test_c5_r102_a_conflict_says_what_changed_and_keeps_text_and_file(browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("dec")
    say(world, "agent", ticket, "ask_client", "Lequel ?")
    path, fields = composer(opened, ticket)
    say(world, "agent", ticket, "start", "Finalement je commence")
    answer = opened.post(path, {**fill(fields, act="return", body="Ma réponse"), "attachments": [upload("preuve.png")]})
    assert answer.status_code == 409
    assert in_order(
        answer,
        "La situation a changé",
        "Ce ticket a changé pendant que vous écriviez.",
        "Agent STAFF",
        "En cours de traitement",
    )
    kept = form(answer, path)
    assert kept["body"] == ["Ma réponse"]
    assert "preuve.png" in words(answer)
    assert kept["version"] != fields["version"]
    assert opened.post(path, fill(kept, act="comment")).status_code == 302
    assert Attachment.objects.get(ticket=ticket).name == "preuve.png"


def test_c5_a_ticket_closed_meanwhile_gives_the_text_back(browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("dec")
    path, fields = composer(opened, ticket)
    say(world, "obs", ticket, "close")
    answer = opened.post(path, {**fill(fields, act="comment", body="Trop tard ?"), "attachments": [upload("tard.png")]})
    assert answer.status_code == 409
    assert in_order(answer, "Votre texte n'a pas été enregistré", "Trop tard ?", "tard.png")


def test_decision_9_a_contradictory_closing_asks_once_more(browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("dec")
    path, fields = composer(opened, ticket)
    answer = opened.post(path, fill(fields, act="close", body="Ça ne fonctionne pas"))
    assert answer.status_code == 409
    assert "Oui, clôturer quand même" in words(answer)
    kept = form(answer, path)
    assert kept["confirmed"] == ["on"]
    assert opened.post(path, fill(kept, act="close")).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).state == "closed"


def test_decision_9_nothing_preselects_close_or_return(browser, world: World) -> None:
    ticket = new_ticket(world)
    say(world, "agent", ticket, "start")
    say(world, "agent", ticket, "process", "Voilà")
    path, fields = composer(browser("dec"), ticket)
    assert "act" not in fields
    assert browser("dec").post(path, fill(fields, body="x")).status_code == 422


@pytest.mark.parametrize("act", ["start", "process", "close_for_vendor", "note", "assign", "destroy"])
def test_r101_a_client_takes_only_the_client_s_steps(act: str, browser, world: World) -> None:
    ticket = new_ticket(world)
    path, fields = composer(browser("dec"), ticket)
    assert browser("dec").post(path, fill(fields, act=act, body="x")).status_code in (403, 404, 422)
    assert Ticket.objects.get(pk=ticket.pk).state == "new"
    assert TicketEvent.objects.filter(ticket=ticket).count() == 1


def test_removing_a_file_of_the_composer_keeps_the_text(browser, world: World) -> None:
    ticket, opened = new_ticket(world), browser("dec")
    path, fields = composer(opened, ticket)
    page = opened.post(path, {**fill(fields, act="comment", body=""), "attachments": [upload("retire.png")]})
    key = re.search(r'name="retirer" value="(\w+)"', page.content.decode())
    assert key is not None
    after = opened.post(path, {**fill(form(page, path), body="Gardé"), "retirer": key[1]})
    assert after.status_code == 200
    assert "retire.png" not in words(after)
    assert form(after, path)["body"] == ["Gardé"]


@pytest.mark.checklist("S86", "S87", "S94-S99", "S108")
def test_a_closed_ticket_is_a_notice_and_a_recap_sheet(browser, world: World) -> None:
    project = Project.objects.get(pk=add_project(world, "Fiche", "alpha", "pm").pk)
    with clock.set_to(datetime(2019, 2, 1, 10, 20, tzinfo=UTC)):
        ticket = open_ticket(
            world.dec,
            project=project,
            request=Request(title="Troisième Ticket", description="Texte 3ème ticket", priority="1"),
            reference=lambda: "BU8MWBC",
        )
    for minute, who, name, body in (
        (30, "agent", "start", ""),
        (31, "agent", "process", "Ok"),
        (33, "obs", "return", "Non c'est à peine ça :("),
        (34, "obs", "comment", "tenez moi au courant rapidement ça urge"),
        (35, "manager", "process", "Cette fois c'est vraiment Ok Désolé"),
        (36, "obs", "close", "Ok c'est bon je clôture. Merci"),
    ):
        with clock.set_to(datetime(2019, 2, 1, 10, minute, tzinfo=UTC)):
            say(world, who, ticket, name, body)
    page = browser("dec").get("/tickets/BU8MWBC/")
    assert in_order(
        page,
        "Retour à la liste des tickets",
        'Votre ticket : "Troisième Ticket" (référence : BU8MWBC )',
        "Votre ticket est clos, et il ne peut être modifié...",
        "Si vous souhaitez nous indiquer un nouvel élément, merci de créer un nouveau ticket.",
        'Ticket " Troisième Ticket " - Clos le 01/02/2019',
        "Libellé Troisième Ticket",
        "Description Texte 3ème ticket",
        "Url de la page Il n'y a pas d'Url indiqué.",
        "Pièce(s) jointe(s) Il n'y a pas de pièce jointe pour ce ticket.",
        "Informations générales",
        "Date de création : 01/02/2019",
        "Par : ECLUSE Denis",
        "Date de clôture : 01/02/2019",
        "Référence : BU8MWBC",
        "Observateur : Aucun",
        "Priorité déclarée : Faible",
        "Priorité - Commentaire client : Il n'y a pas de commentaire.",
        "Date État Interlocuteur Commentaires",
        "01/02/2019 11:36 Clos Odile BSAINT Ok c'est bon je clôture. Merci",
        "01/02/2019 11:35 Traité Manager STAFF Cette fois c'est vraiment Ok Désolé",
        "01/02/2019 11:34 En retour Odile BSAINT tenez moi au courant rapidement ça urge",
        "01/02/2019 11:33 En retour Odile BSAINT Non c'est à peine ça :(",
    )
    text = words(page)
    assert "Ajouter le commentaire" not in text
    assert "Retourner le ticket" not in text


@pytest.mark.checklist("S97", "S98")
def test_the_recap_sheet_with_everything(browser, world: World) -> None:
    closed = say(world, "dec", world.ticket("A1"), "close")
    text = words(browser("dec").get(f"/tickets/{closed.reference}/"))
    assert "canariA1fichier.png" in text
    assert "Priorité - Commentaire client : Contexte canariA1contexte" in text
    assert "canariA1url" in text


def test_assigned_tickets_tell_their_assignee(browser, world: World) -> None:
    ticket = Ticket.objects.get(pk=new_ticket(world).pk)
    assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
    assert "Affecté à Agent STAFF par Manager STAFF" in words(browser("dec").get(f"/tickets/{ticket.reference}/"))
