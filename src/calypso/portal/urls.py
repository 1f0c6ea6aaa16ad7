"""The URLs of the portal. Files and drafts serve the desk too: access depends on the viewer, not on the path."""

from django.urls import path

from calypso.portal.views import (
    batches,
    drafts,
    exports,
    figures,
    files,
    following,
    opening,
    originals,
    phases,
    projects,
    rights,
    search,
    taking_back,
    ticket,
)

app_name = "portal"

urlpatterns = [
    path("projets/", projects.projects, name="projects"),
    path("projets/<slug:key>/", projects.project, name="project"),
    path("tickets/<slug:reference>/message/<slug:key>/", originals.original, name="original"),
    path("projets/<slug:key>/sections/<slug:name>/", projects.section, name="section"),
    path("projets/<slug:key>/export/", exports.project, name="export_project"),
    path("projets/<slug:key>/clos/", projects.closed, name="closed"),
    path("projets/<slug:key>/droits/", rights.rights, name="rights"),
    path("projets/<slug:key>/bascule/", phases.phase, name="phase"),
    path("projets/<slug:key>/proches/", opening.nearby_tickets, name="nearby"),
    path("projets/<slug:key>/tickets/nouveau/", opening.in_project, name="new_in_project"),
    path("lots/<slug:key>/", batches.batch, name="batch"),
    path("lots/<slug:key>/pv/", batches.record, name="record"),
    path("lots/<slug:key>/pv.pdf", batches.record_pdf, name="record_pdf"),
    path("lots/<slug:key>/<slug:reference>/", batches.review, name="review"),
    path("lots/<slug:key>/<slug:reference>/decider/", batches.decide, name="decide"),
    path("tableau-de-bord/", figures.figures, name="figures"),
    path("tableau-de-bord/export/", figures.export, name="export_figures"),
    path("tableau-de-bord/tickets/", figures.measured, name="measured"),
    path("recherche/", search.search, name="search"),
    path("recherche/propositions/", search.offer, name="offer"),
    path("tickets/", projects.my_tickets, name="my_tickets"),
    path("tickets/export/", exports.own, name="export_own"),
    path("tickets/nouveau/", opening.anywhere, name="new"),
    path("tickets/<slug:reference>/", ticket.ticket, name="ticket"),
    path("tickets/<slug:reference>/envoyer/", ticket.send, name="send"),
    path("tickets/<slug:reference>/avis/", ticket.satisfaction, name="satisfaction"),
    path("tickets/<slug:reference>/reprendre/", taking_back.take_back, name="take_back"),
    path("tickets/<slug:reference>/suivi/", following.follow, name="follow"),
    path("tickets/<slug:reference>/fichiers/<slug:key>/", files.attachment, name="attachment"),
    path("tickets/<slug:reference>/fichiers/<slug:key>/<slug:size>/", files.picture, name="picture"),
    path("brouillons/<slug:form_key>/fichiers/<slug:key>/<slug:size>/", files.draft_picture, name="draft_picture"),
    path("brouillons/<slug:purpose>/<slug:form_key>/texte/", drafts.text, name="draft_text"),
    path("brouillons/<slug:purpose>/<slug:form_key>/jeter/", drafts.drop, name="draft_drop"),
    path("brouillons/<slug:purpose>/<slug:form_key>/fichiers/", drafts.files, name="draft_files"),
    path(
        "brouillons/<slug:purpose>/<slug:form_key>/fichiers/<slug:key>/retirer/",
        drafts.remove_file,
        name="draft_file_remove",
    ),
]
