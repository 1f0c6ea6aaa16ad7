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
        "5 fichiers au plus, de 10 Mo chacun.",
        "Priorité",
        "Merci de nous préciser le niveau de priorité que vous accordez à votre demande *",
        "Choisissez...",
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
    assert "(ALPHA)" not in words(page)
    assert "priority" not in form(page, path)
    assert "Odile BSAINT" in words(page)
    assert "Oscar UTILE" not in words(page)


@pytest.mark.checklist("S69")
def test_from_my_tickets_the_project_is_chosen_with_its_company(browser, world: World) -> None:
    opened = browser("dec")
    page = opened.get("/tickets/nouveau/")
    assert in_order(page, "Projet concerné *", "Aucun", f"{world.project('A1').name} (ALPHA)", f"{world.project('A2').name} (ALPHA)")
    assert "A3" not in words(page)
    assert "Choisissez d'abord le projet" in words(page)
    chosen = opened.post("/tickets/nouveau/", {"project": world.project("A1").key, "title": "Déjà tapé", "choisir": "1"})
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
    typed = {"title": "Mon objet", "description": "Deux\nlignes", "page_url": "https://a.example", "priority": "4", "context": ""}
    answer = opened.post(path, {**fill(fields, **typed), "attachments": [upload("un.png"), upload("deux.pdf", PDF), upload("non.exe", b"MZ")]})
    assert answer.status_code == 422
    text = words(answer)
    assert "Vérifiez votre saisie" in text
    assert "non.exe" in text
    kept = form(answer, path)
    assert (kept["title"], kept["description"], kept["page_url"], kept["priority"]) == (["Mon objet"], ["Deux\nlignes"], ["https://a.example"], ["4"])
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
        "Clôturer le ticket",
        "Retourner le ticket",
        "Ajouter le commentaire",
        "Manager STAFF Chef de projet Léni En suivi (Chef de Projet) 12/02/2019 12:27 Je reprend ce ticket en suivi",
        "Paule MERCIER Chef de projet En attente R&D 12/02/2019 12:23 Ok merci",
        "Agent STAFF Intervenant En attente R&D 12/02/2019 12:22 j'attends une réponse du R&D",
        "Paule MERCIER Chef de projet En retour (suite recette, interne ou client) 12/02/2019 12:17 Bonjour En voici un en pièce jointe Pièce jointe",
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
    ticket = Ticket.objects.get(pk=new_ticket(world, priority="4", context="Feu", page_url="https://a.example/x", follower=world.obs.key).pk)
    retain_priority(world.manager, ticket=ticket, priority=Priority.MEDIUM, reason="Contournement fourni", seen_version=ticket.version)
    text = words(browser("dec").get(f"/tickets/{ticket.reference}/"))
    for part in ("Priorité déclarée Bloquant", "Contexte Feu", "Priorité retenue Moyenne Contournement fourni", "En suivi Odile BSAINT", "a.example/x"):
        assert part in text


def composer(opened, ticket: Ticket) -> tuple[str, dict[str, list[str]]]:
    """The address and the fields of the form of a ticket."""
    path = f"/tickets/{ticket.reference}/envoyer/"
    return path, form(opened.get(f"/tickets/{ticket.reference}/"), path)


@pytest.mark.checklist("S75", "S81", "S82")
@pytest.mark.parametrize(
    "act, state, done", [("comment", "waiting", "commente"), ("return", "returned", "retourne"), ("close", "closed", "clos")]
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
    answer = opened.post(path, {**fill(fields, act="comment", body="Mon texte"), "attachments": [upload("x.exe", b"MZ")]})
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
    assert in_order(answer, "La situation a changé", "Ce ticket a changé pendant que vous écriviez.", "Agent STAFF", "En cours de traitement")
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
            world.dec, project=project, request=Request(title="Troisième Ticket", description="Texte 3ème ticket", priority="1"), reference=lambda: "BU8MWBC"
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
        "Observateur :",
        "Priorité déclarée : Faible",
        "Priorité - Commentaire client : Il n'y a pas de commentaire.",
        "Date État Interlocuteur Commentaires",
        "01/02/2019 11:36 Clôturé Odile BSAINT Ok c'est bon je clôture. Merci",
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


class TestDownloads:
    def test_r63_headers_make_any_content_inert(self, browser, world: World) -> None:
        file = Attachment.objects.get(ticket=world.ticket("A1"), event__internal=False)
        answer = browser("dec").get(f"/tickets/{world.ticket('A1').reference}/fichiers/{file.key}/")
        assert b"".join(answer.streaming_content) == PNG
        assert answer["Content-Disposition"] == f'attachment; filename="{file.name}"'
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"

    def test_r63_names_follow_the_standard(self, browser, world: World) -> None:
        from tests.world import upload as keep

        ticket = new_ticket(world)
        say(world, "dec", ticket, "comment", "x", form_key=keep(world.dec, "accents", Draft.Purpose.COMMENT, "été à deux.png"))
        file = Attachment.objects.get(ticket=ticket)
        answer = browser("dec").get(f"/tickets/{ticket.reference}/fichiers/{file.key}/")
        assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9t%C3%A9%20%C3%A0%20deux.png"

    def test_r11_an_internal_file_is_the_team_s(self, browser, world: World) -> None:
        ticket = world.ticket("A1")
        file = Attachment.objects.get(ticket=ticket, event__internal=True)
        path = f"/tickets/{ticket.reference}/fichiers/{file.key}/"
        assert browser("dec").get(path).status_code == 404
        assert browser("agent").get(path).status_code == 200

    def test_r75_r62_a_link_goes_through_sign_in(self, browser, world: World) -> None:
        file = Attachment.objects.get(ticket=world.ticket("A1"), event__internal=False)
        path = f"/tickets/{world.ticket('A1').reference}/fichiers/{file.key}/"
        assert browser().get(path)["Location"].startswith("/connexion/")
        assert browser("bpm").get(path).status_code == 404

    def test_r149_a_file_that_the_disk_lost_leaves_the_ticket_readable(self, browser, world: World) -> None:
        from calypso.base import files
        from tests.world import upload as keep

        ticket = new_ticket(world)
        say(world, "dec", ticket, "comment", "x", form_key=keep(world.dec, "perdu", Draft.Purpose.COMMENT, "perdu.png"))
        file = Attachment.objects.get(ticket=ticket)
        files.remove(file.stored)
        opened = browser("dec")
        assert opened.get(f"/tickets/{ticket.reference}/fichiers/{file.key}/").status_code == 404
        assert opened.get(f"/tickets/{ticket.reference}/").status_code == 200


class TestDraftFiles:
    PATH = "/brouillons/opening/formulaire/fichiers/"

    @pytest.mark.checklist("S64")
    def test_files_come_one_after_the_other_and_leave(self, browser, world: World) -> None:
        opened = browser("dec")
        opened.post(self.PATH, {"attachments": upload("un.png")})
        listed = opened.post(self.PATH, {"attachments": upload("deux.pdf", PDF)})
        assert in_order(listed, "un.png", "deux.pdf")
        key = re.search(r'value="(\w+)" data-remove="([^"]+)"', listed.content.decode())
        assert key is not None
        assert "un.png" not in words(opened.post(key[2]))

    def test_r64_a_refusal_is_in_words(self, browser, world: World) -> None:
        answer = browser("dec").post(self.PATH, {"attachments": upload("x.exe", b"MZ")})
        assert answer.status_code == 422
        assert "x.exe" in answer.content.decode()

    def test_r68_another_person_s_draft_is_another_one(self, browser, world: World) -> None:
        browser("dec").post(self.PATH, {"attachments": upload("secret.png")})
        assert "secret.png" not in words(browser("obs").post(self.PATH))

    def test_an_unknown_purpose_is_not_found(self, browser, world: World) -> None:
        assert browser("dec").post("/brouillons/autre/formulaire/fichiers/").status_code == 404


class TestRights:
    @pytest.mark.checklist("S52-S58")
    def test_the_page_previews_then_saves(self, browser, world: World) -> None:
        opened, path = browser("pm"), f"/projets/{world.project('A2').key}/droits/"
        assert in_order(
            opened.get(path),
            "Retour à la liste des tickets",
            f"Projet : {world.project('A2').name}",
            "Ajoutez ou supprimez les personnes autorisées à voir le projet.",
            "A partir du moment où il y a un interlocuteur d'ajouté, les droits de visualisation s'appliquent",
            "Tous les contacts de votre société voient ce projet.",
            "Ajouter",
        )
        preview = opened.post(path, {"add": world.dec.key})
        assert in_order(preview, "Avant d'enregistrer", "Ne verront plus le projet :", "Odile BSAINT", "Oscar UTILE", "1 ticket en cours concerné", world.ticket("A2").reference)
        assert not world.project("A2").restricted
        assert opened.post(path, {**form(preview, ""), "save": "1"})["Location"] == path + "?fait=droits"
        assert world.project("A2").restricted
        assert in_order(opened.get(path), "Nom Prénom Email Actions", "ECLUSE Denis dec@alpha.example", "Retirer")

    @pytest.mark.checklist("S58")
    def test_r6_emptying_the_list_is_confirmed(self, browser, world: World) -> None:
        opened, path = browser("pm"), f"/projets/{world.project('A1').key}/droits/"
        for name in ("obs", "dec"):
            listed = [key for key in (world.dec.key, world.obs.key) if key != world.person("obs").key] if name == "dec" else [world.dec.key, world.obs.key]
            preview = opened.post(path, {"viewers": listed, "remove": world.person(name).key})
            saved = opened.post(path, {**form(preview, ""), "save": "1"})
        assert saved.status_code == 409
        assert "confirmez-le" in words(saved)
        assert "Le projet redevient visible par les 4 personnes de votre société." in words(preview)
        assert opened.post(path, {"save": "1", "open_to_all": "on"}).status_code == 302
        assert not world.project("A1").restricted

    def test_nothing_to_change_says_so(self, browser, world: World) -> None:
        path = f"/projets/{world.project('A1').key}/droits/"
        answer = browser("pm").post(path, {"viewers": [world.dec.key, world.obs.key]})
        assert "Personne ne gagne ni ne perd la vue du projet." in words(answer)

    def test_the_team_manages_them_too(self, browser, world: World) -> None:
        page = browser("manager").get(f"/projets/{world.project('A1').key}/droits/")
        assert f'href="/equipe/projets/{world.project("A1").key}/"' in page.content.decode()


class TestExpiredSession:
    """Nothing typed is lost when the session ends before the form is sent (C8, R120)."""

    def test_r120_the_text_and_files_come_back_after_sign_in(self, browser, world: World) -> None:
        from tests.world import PASSWORD

        opened, ticket = browser("dec"), new_ticket(world)
        path, fields = composer(opened, ticket)
        opened.logout()
        away = opened.post(path, {**fill(fields, act="comment", body="Dix minutes de travail"), "attachments": [upload("travail.png")]})
        assert away.status_code == 302
        assert away["Location"].startswith("/connexion/?next=")
        to = re.search(r'name="next" value="([^"]+)"', opened.get(away["Location"]).content.decode())
        assert to is not None
        back = opened.post("/connexion/", {"email": "dec@alpha.example", "password": PASSWORD, "next": to[1].replace("&amp;", "&")})
        page = opened.get(back["Location"])
        assert form(page, path)["body"] == ["Dix minutes de travail"]
        assert "travail.png" in words(page)
        assert 'id="composer" open' in page.content.decode()

    def test_r120_only_the_same_account_finds_it(self, browser, world: World) -> None:
        opened, ticket = browser("dec"), new_ticket(world)
        path, fields = composer(opened, ticket)
        opened.logout()
        away = opened.post(path, fill(fields, act="comment", body="À moi seul"))
        back = away["Location"].split("next=")[1].replace("%3F", "?").replace("%3D", "=").replace("%2F", "/")
        page = browser("obs").get(back)
        assert "À moi seul" not in page.content.decode()

    def test_r120_a_new_ticket_comes_back_too(self, browser, world: World) -> None:
        opened, path = browser("dec"), f"/projets/{world.project('A1').key}/tickets/nouveau/"
        fields = form(opened.get(path), path)
        opened.logout()
        away = opened.post(path, fill(fields, title="Commencé", priority="4", context="Vite"))
        assert away.status_code == 302
        key = fields["cle"][0]
        page = browser("dec").get(f"{path}?brouillon={key}")
        kept = form(page, path)
        assert (kept["title"], kept["priority"], kept["context"]) == (["Commencé"], ["4"], ["Vite"])

    @pytest.mark.parametrize(
        "changes",
        [{"compte": "forge:abc"}, {"compte": ""}, {"retour": "https://evil.example/"}, {"cle": "../../x"}, {"forme": "autre"}],
    )
    def test_r68_a_forged_form_keeps_nothing(self, changes: dict[str, str], browser, world: World) -> None:
        opened, ticket = browser("dec"), new_ticket(world)
        path, fields = composer(opened, ticket)
        opened.logout()
        away = opened.post(path, fill(fields, act="comment", body="x", **changes))
        assert away["Location"] == f"/connexion/?next={path}"
        assert not Draft.objects.filter(owner=world.dec, fields__body="x").exists()

    def test_r120_an_expired_protection_keeps_the_text(self, browser, world: World) -> None:
        opened, ticket = browser("dec", enforce_csrf_checks=True), new_ticket(world)
        path, fields = composer(opened, ticket)
        answer = opened.post(path, fill(fields, act="comment", body="Tapé", csrfmiddlewaretoken="perime"))
        assert answer.status_code == 302
        assert form(opened.get(answer["Location"]), path)["body"] == ["Tapé"]
        bare = opened.post(path, {"act": "comment", "body": "Tapé"})
        assert bare.status_code == 403
        assert opened.post(path).status_code == 400
        forged = opened.post(path, fill(fields, compte="faux", csrfmiddlewaretoken="perime"))
        assert forged.status_code == 403


def test_assigned_tickets_tell_their_assignee(browser, world: World) -> None:
    ticket = Ticket.objects.get(pk=new_ticket(world).pk)
    assign(world.manager, ticket=ticket, assignee=world.agent, seen_version=ticket.version)
    assert "Affecté à Agent STAFF par Manager STAFF" in words(browser("dec").get(f"/tickets/{ticket.reference}/"))
