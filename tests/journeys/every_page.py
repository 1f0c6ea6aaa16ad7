"""Every page of the product, as somebody of the demonstration sees it: name → (who, how to get there)."""

from tests.journeys.conftest import Site

CDP = "xavier.cdpclient@leni-tests.example"
XB = "xavier.brosset@leni.example"
RD = "rose.durand@leni.example"
ADMIN = "admin@leni.example"

NOBODY_PAGES = {
    "connexion": "/connexion/",
    "premiere-connexion": "/premiere-connexion/",
    "mot-de-passe-oublie": "/mot-de-passe/oublie/",
    "lien-mort": "/mot-de-passe/choisir/",
    "aide": "/aide/",
    "mentions-legales": "/mentions-legales/",
    "confidentialite": "/confidentialite/",
    "accessibilite": "/accessibilite/",
    "conditions": "/conditions/",
    "introuvable": "/nulle-part/",
}
CLIENT_PAGES = {
    "projets": "/projets/",
    "projet": "/projets/{test}/",
    "projet-vide": "/projets/{empty}/",
    "droits": "/projets/{test}/droits/",
    "clos": "/projets/{test}/clos/?q=ticket",
    "clos-sans-resultat": "/projets/{test}/clos/?q=introuvable",
    "nouveau-ticket": "/projets/{test}/tickets/nouveau/",
    "nouveau-ticket-choix": "/tickets/nouveau/",
    "mes-tickets": "/tickets/",
    "tableau-de-bord": "/tableau-de-bord/",
    "tableau-de-bord-tickets": "/tableau-de-bord/tickets/?figure=crees",
    "ticket-nouveau": "/tickets/KJC0E3R/",
    "ticket-attente": "/tickets/OK899Q5/?ajouter=1",
    "ticket-traite": "/tickets/5VH8E3Z/",
    "ticket-clos": "/tickets/BU8MWBC/",
    "profil": "/profil/",
    "notifications": "/notifications/",
    "notifications-reglages": "/profil/notifications/",
    "double-authentification": "/profil/double-authentification/",
}
STAFF_PAGES = {
    "equipe-file": "/equipe/",
    "equipe-file-vide": "/equipe/?q=introuvable",
    "equipe-ticket": "/equipe/tickets/5VH8E3Z/",
    "equipe-ticket-nouveau": "/equipe/tickets/KJC0E3R/",
    "equipe-ticket-attente": "/equipe/tickets/OK899Q5/",
    "equipe-creer": "/equipe/tickets/nouveau/?projet={test}",
    "equipe-societes": "/equipe/societes/",
    "equipe-societe": "/equipe/societes/{company}/",
    "equipe-import": "/equipe/societes/{company}/import/",
    "equipe-import-projets": "/equipe/projets/import/",
    "equipe-contact": "/equipe/contacts/{contact}/",
    "equipe-contact-historique": "/equipe/contacts/{contact}/historique/",
    "equipe-contact-societe": "/equipe/contacts/{contact}/societes/{company}/quitter/?destination={other}",
    "equipe-contact-reunir": "/equipe/contacts/{contact}/reunir/?other={double}",
    "equipe-chercher": "/equipe/societes/?q=salon",
    "equipe-projets": "/equipe/projets/",
    "equipe-projet": "/equipe/projets/{test}/",
    "equipe-projet-historique": "/equipe/projets/{test}/historique/",
    "equipe-tableau": "/equipe/tableau/",
    "equipe-tableau-de-bord": "/equipe/tableau-de-bord/",
    "equipe-aller": "/equipe/aller/?q=salon",
    "equipe-niveaux": "/equipe/niveaux/",
    "equipe-lots": "/equipe/lots/",
    "equipe-reponses": "/equipe/reponses/",
    "equipe-etat": "/equipe/etat/",
    "equipe-aide": "/equipe/aide/",
    "equipe-courriers": "/equipe/courriers/",
    "equipe-courriers-recus": "/equipe/courriers/recus/",
    "equipe-courrier": "/equipe/courriers/{mail}/",
}
ADMIN_PAGES = {
    "equipe-reglages": "/equipe/reglages/",
    "equipe-texte": "/equipe/reglages/textes/mentions-legales/",
    "equipe-premiers-pas": "/equipe/premiers-pas/",
    "equipe-membres": "/equipe/membres/",
    "equipe-membre": "/equipe/membres/{member}/",
    "equipe-equipe": "/equipe/membres/equipes/{team}/",
}
RD_PAGES = {"rd-ticket": "/equipe/tickets/G67TT09/"}
PERSONS = (("", NOBODY_PAGES), (CDP, CLIENT_PAGES), (XB, STAFF_PAGES), (RD, RD_PAGES), (ADMIN, ADMIN_PAGES))

# A mail that nobody has received yet.
_KEYS = """
from calypso.accounts.actions.people import resend_invitation
from calypso.accounts.models import Organization, Team, User
from calypso.outbox.models import OutgoingEmail
from calypso.projects.models import Project
resend_invitation(User.objects.get(email="admin@leni.example"), person=User.objects.get(last_name="MARTIN"))
print(
    Project.objects.get(name__startswith="Projet de Test").key,
    Project.objects.get(name="Projet Montreuil Exploitation").key,
    Organization.objects.get(name="LENI - TESTS").key,
    User.objects.get(last_name="MARTIN").key,
    User.objects.get(last_name="BRANDY").key,
    OutgoingEmail.objects.latest("created_at").key,
    Organization.objects.get(name="SALON PARIS").key,
    User.objects.get(last_name="PETIT").key,
    Team.objects.get().key,
)
"""


def addresses(site: Site) -> dict[str, str]:
    """The names that stand in the paths → the keys of this installation."""
    found = site.made.python(_KEYS).split()
    return dict(
        zip(("test", "empty", "company", "contact", "member", "mail", "other", "double", "team"), found, strict=True)
    )
