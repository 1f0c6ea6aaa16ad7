"""The desk's routes."""

from django.urls import path

from calypso.desk.views import bulk, clients, levels, opening, outbox, privacy, projects, queue, replies, team, ticket

app_name = "desk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("tableau/", queue.as_board, name="board"),
    path("niveaux/", levels.levels, name="levels"),
    path("reponses/", replies.replies, name="replies"),
    path("reponses/<slug:key>/", replies.reply, name="reply"),
    path("reponses/<slug:key>/retirer/", replies.remove, name="remove_reply"),
    path("vues/", queue.keep, name="keep_view"),
    path("vues/<slug:key>/retirer/", queue.forget, name="forget_view"),
    path("lot/", bulk.order, name="bulk"),
    path("export/", bulk.export, name="export"),
    path("tickets/nouveau/", opening.new, name="new"),
    path("tickets/<slug:reference>/", ticket.ticket, name="ticket"),
    path("tickets/<slug:reference>/envoyer/", ticket.send, name="send"),
    path("tickets/<slug:reference>/affecter/", ticket.assign_ticket, name="assign"),
    path("tickets/<slug:reference>/priorite/", ticket.retain, name="retain"),
    path("tickets/<slug:reference>/rd/", ticket.refer_to_rd, name="rd"),
    path("societes/", clients.organizations, name="organizations"),
    path("societes/<slug:key>/", clients.organization, name="organization"),
    path("societes/<slug:key>/contacts/", clients.invite, name="invite"),
    path("societes/<slug:key>/projets/", projects.add, name="add_project"),
    path("contacts/<slug:key>/", clients.contact, name="contact"),
    path("contacts/<slug:key>/invitation/", clients.resend, name="resend"),
    path("contacts/<slug:key>/societes/<slug:organization>/quitter/", clients.leave, name="leave"),
    path("contacts/<slug:key>/donnees/", privacy.export, name="personal_data"),
    path("contacts/<slug:key>/effacement/", privacy.erase, name="erase"),
    path("contacts/<slug:key>/activite/", clients.activity, name="activity"),
    path("contacts/<slug:key>/double-authentification/", clients.reset_factors, name="reset_factors"),
    path("projets/", projects.projects, name="projects"),
    path("projets/<slug:key>/", projects.project, name="project"),
    path("projets/<slug:key>/proches/", opening.nearby_tickets, name="nearby"),
    path("projets/<slug:key>/phase/", projects.phase, name="phase"),
    path("projets/<slug:key>/archive/", projects.archive, name="archive"),
    path("membres/", team.team, name="team"),
    path("membres/<slug:key>/", team.member, name="member"),
    path("courriers/", outbox.emails, name="emails"),
    path("courriers/<slug:key>/", outbox.email, name="email"),
    path("courriers/<slug:key>/relancer/", outbox.retry, name="retry"),
]
