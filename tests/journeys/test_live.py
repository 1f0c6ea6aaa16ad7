"""Pages that follow by themselves: what one does is seen by the other, without a click, and nothing typed is lost."""

import time
from email.message import EmailMessage
from email.utils import make_msgid

import pytest
from imap_tools import MailBoxUnencrypted
from playwright.sync_api import Page, expect

from tests.files import PNG
from tests.imap import PASSWORD, USER
from tests.installation import wait_for
from tests.journeys.conftest import Opener, Site, plain

pytestmark = pytest.mark.journey

ACTS = 20
COMMENT = """
from calypso.accounts.models import User
from calypso.tickets.actions.conversation import comment
from calypso.tickets.models import Ticket
by = User.objects.get(email="sincere.brandy@leni.example")
comment(by, ticket=Ticket.objects.get(reference="%s"), body="%s")
"""
OPENING = """
from calypso.accounts.models import User
from calypso.projects.models import Project
from calypso.tickets.actions.opening import Request, open_ticket
by = User.objects.get(email="xavier.declarant@leni-tests.example")
project = Project.objects.get(name__startswith="Projet de Test")
print(open_ticket(by, project=project, request=Request(title="%s", priority="1")).reference)
"""
HOLDS = """() => performance.getEntriesByType("resource").some((one) => one.name.includes("/direct/?"))"""
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def following(page: Page, path: str) -> None:
    """Opens a page, until its stream is there."""
    with page.expect_response(lambda answer: "/direct/?" in answer.url and answer.status == 200):
        page.goto(path)


def test_ten_windows_side_by_side_are_live_over_one_stream(site: Site, open_page: Opener) -> None:
    """A browser keeps six connections to a site: with a stream each, the seventh window never loaded."""
    references = [site.made.python(OPENING % f"Fenêtre {number}") for number in range(10)]
    first = open_page("xavier.declarant@leni-tests.example")
    windows = [first, *(first.context.new_page() for _reference in references[1:])]
    for window, reference in zip(windows, references, strict=True):
        window.goto(f"/tickets/{reference}/")
    for number, (window, reference) in enumerate(zip(windows, references, strict=True)):
        site.made.python(COMMENT % (reference, f"Lu dans la fenêtre {number}."))
        expect(window.locator("#conversation")).to_contain_text(f"Lu dans la fenêtre {number}.")
    holders = [window for window in windows if window.evaluate(HOLDS)]
    assert len(holders) == 1
    holders[0].close()  # another window takes the stream over
    [window, *_others] = [window for window in windows if window is not holders[0]]
    site.made.python(COMMENT % (references[windows.index(window)], "Et après."))
    expect(window.locator("#conversation")).to_contain_text("Et après.")


def test_what_one_writes_the_other_reads_within_two_seconds(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Suivi en direct")
    reader = open_page("xavier.declarant@leni-tests.example", width=390)
    following(reader, f"/tickets/{reference}/?ajouter=1")
    reader.locator("#composer textarea").fill("Je suis en train d'écrire")
    waits = []
    for number in range(ACTS):
        site.made.python(COMMENT % (reference, f"Mot numéro {number}."))
        written = time.monotonic()
        expect(reader.locator("#conversation")).to_contain_text(f"Mot numéro {number}.", timeout=10_000)
        waits.append(time.monotonic() - written)
    assert sorted(waits)[int(ACTS * 0.95) - 1] < 2, waits
    expect(reader.locator("#composer textarea")).to_have_value("Je suis en train d'écrire")
    expect(reader.locator("#h-echanges")).to_contain_text(f"({ACTS})")
    expect(reader.locator("#cloche .n")).to_be_visible()


def test_lists_and_counters_of_the_desk_follow_and_keep_what_is_ticked(site: Site, open_page: Opener) -> None:
    first = site.made.python(OPENING % "Avant le direct")
    desk = open_page("paul.support@leni.example")
    following(desk, "/equipe/?etat=new&tri=-creation")
    before = int(desk.locator("#files .n").first.inner_text())
    desk.locator(f"input[value='{first}']").check()
    site.made.python(OPENING % "Pendant le direct")
    expect(desk.locator("#file")).to_contain_text("Pendant le direct")
    expect(desk.locator("#files .n").first).to_have_text(str(before + 1))
    expect(desk.locator(f"input[value='{first}']")).to_be_checked()


def test_colleagues_beside_a_ticket_are_told_at_once(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "À deux")
    one = open_page("sincere.brandy@leni.example")
    following(one, f"/equipe/tickets/{reference}/")
    other = open_page("paul.support@leni.example")
    other.goto(f"/equipe/tickets/{reference}/")
    expect(one.locator(".presence")).to_contain_text("Paul SUPPORT a ce ticket sous les yeux.")
    other.locator("[data-composer] textarea").fill("Je réponds")
    other.locator("[data-composer] textarea").press("x")
    expect(one.locator(".presence")).to_contain_text("Paul SUPPORT écrit sur ce ticket.")
    other.goto("/equipe/")
    expect(one.locator(".presence")).to_be_empty()


def test_a_hidden_tab_listens_no_more_and_catches_up_when_it_is_shown(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Onglet caché")
    reader = open_page("xavier.declarant@leni-tests.example")
    asked: list[str] = []
    following(reader, f"/tickets/{reference}/")
    reader.on("request", lambda request: asked.append(request.url))
    reader.evaluate(HIDE, True)
    asked.clear()
    site.made.python(COMMENT % (reference, "Écrit pendant l'absence."))
    other = open_page("xavier.declarant@leni-tests.example")
    following(other, f"/tickets/{reference}/")
    expect(other.locator("#conversation")).to_contain_text("Écrit pendant l'absence.")
    assert asked == []
    reader.evaluate(HIDE, False)
    expect(reader.locator("#conversation")).to_contain_text("Écrit pendant l'absence.")


def test_without_a_stream_the_page_asks_from_time_to_time(site: Site, open_page: Opener) -> None:
    reference = site.made.python(OPENING % "Sans flux")
    reader = open_page("xavier.declarant@leni-tests.example")
    reader.route("**/direct/?*", lambda route: route.fulfill(status=404))
    with reader.expect_response(lambda answer: "/direct/depuis/" in answer.url):
        reader.goto(f"/tickets/{reference}/")
    site.made.python(COMMENT % (reference, "Lu sans flux."))
    expect(reader.locator("#conversation")).to_contain_text("Lu sans flux.", timeout=15_000)


def test_a_step_is_asked_about_when_the_team_wrote_meanwhile(site: Site, open_page: Opener) -> None:
    """A client closed over a question that had just arrived above what they were writing."""
    reference = site.made.python(OPENING % "Une question arrive")
    page = open_page("xavier.declarant@leni-tests.example", width=390)
    following(page, f"/tickets/{reference}/")
    page.get_by_text("Ajouter", exact=True).click()
    page.get_by_role("textbox", name="Commentaires").fill("C'est bon pour moi")
    site.made.python(COMMENT % (reference, "Une dernière question : quel navigateur ?"))
    expect(page.locator("#conversation")).to_contain_text("quel navigateur")
    closing = page.locator("#composer").get_by_role("button", name="Clôturer le ticket")
    closing.click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("L’équipe a écrit pendant que vous rédigiez")
    asked.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("textbox", name="Commentaires")).to_have_value("C'est bon pour moi")
    closing.click()
    page.get_by_role("dialog").get_by_role("button", name="Clôturer le ticket").click()
    page.wait_for_url(f"**/tickets/{reference}/?fait=clos")


MAIL_CLIENT, MAIL_AGENT = "xavier.cdpclient@leni-tests.example", "sincere.brandy@leni.example"


def answer_to(mail: EmailMessage, words: str, image: bytes) -> bytes:
    """The answer to a mail as a mail program makes it: words around a picture, the mail quoted below."""
    page = mail.get_body(("html",))
    assert page is not None
    identifier = make_msgid(domain="alpha.example")
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = MAIL_CLIENT, mail["Reply-To"], f"Re: {mail['Subject']}"
    made["In-Reply-To"] = made["References"] = mail["Message-ID"]
    made["Message-ID"] = make_msgid(domain="alpha.example")
    made.set_content(f"{words}\n")
    quoted = f'<div class="gmail_attr">Léni a écrit :</div><blockquote>{page.get_content()}</blockquote>'
    shown = f'<div>{words}</div><div><img src="cid:{identifier[1:-1]}"></div><div class="gmail_quote">{quoted}</div>'
    made.add_alternative(shown, subtype="html")
    made.get_payload()[1].add_related(image, "image", "png", cid=identifier, disposition="inline", filename="borne.png")
    return made.as_bytes()


def received(site: Site, words: str) -> EmailMessage:
    """The mail that the client received whose text says these words, once it is there."""

    def found() -> list[EmailMessage]:
        bodies = [(mail, mail.get_body(("plain",))) for mail in site.smtp.to(MAIL_CLIENT)]
        return [mail for mail, body in bodies if body is not None and words in plain(body.get_content())]

    wait_for(found)
    return found()[-1]


def test_an_answer_by_mail_is_read_live_at_the_desk(site: Site, open_page: Opener) -> None:
    desk = open_page(MAIL_AGENT)
    following(desk, "/equipe/tickets/OK899Q5/")
    desk.locator("#id_body").fill("Pouvez-vous nous montrer l'écran ?")
    desk.get_by_role("button", name="Envoyer au client").first.click()
    expect(desk.locator("#conversation")).to_contain_text("Pouvez-vous nous montrer")
    mail = received(site, "nous montrer l'écran")
    with MailBoxUnencrypted("127.0.0.1", site.imap.port).login(USER, PASSWORD) as box:
        box.append(answer_to(mail, "Voici l'écran de la borne 4.", PNG), "INBOX")
    said = desk.locator("#conversation > li").filter(has_text="écran de la borne 4.")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("borne.png")
    expect(said).not_to_contain_text("Pouvez-vous nous montrer")
    expect(desk.locator("#faits")).to_contain_text("En retour")
    said.get_by_role("link", name="Message d’origine").click()
    expect(desk.locator("main")).to_contain_text("Pouvez-vous nous montrer")
    assert received(site, "qui retourne à l'équipe")
