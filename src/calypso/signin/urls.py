"""The routes of authentication and of the public pages."""

from django.urls import path, re_path

from calypso.signin.views import account, impersonation, links, notifications, public, second_factor, signin

app_name = "signin"

urlpatterns = [
    path("connexion/", signin.login, name="login"),
    path("connexion/verification/", second_factor.step, name="second_step"),
    path("deconnexion/", signin.logout, name="logout"),
    path("premiere-connexion/", links.first_connection, name="first_connection"),
    path("mot-de-passe/oublie/", links.forgotten, name="forgotten"),
    path("mot-de-passe/lien/<slug:purpose>/<str:token>", links.open_link, name="open_link"),
    path("mot-de-passe/choisir/", links.choose, name="choose"),
    path("captcha/<slug:form>/", public.captcha_challenge_page, name="captcha"),
    path("aide/", public.help_page, name="help"),
    path("mentions-legales/", public.page, {"name": "mentions-legales"}, name="legal"),
    path("confidentialite/", public.page, {"name": "confidentialite"}, name="privacy"),
    path("conditions/", public.page, {"name": "conditions"}, name="terms"),
    path("accessibilite/", public.page, {"name": "accessibilite"}, name="accessibility"),
    path("voir-comme/fin/", impersonation.stop, name="stop_impersonating"),
    path("voir-comme/<slug:key>/", impersonation.start, name="impersonate"),
    path("profil/", account.profile, name="profile"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/vues/", notifications.seen, name="seen"),
    path("profil/notifications/", notifications.notification_preferences, name="notification_preferences"),
    path("profil/mes-donnees/", account.personal, name="personal_data"),
    path("profil/mot-de-passe/", account.password, name="password"),
    path("profil/double-authentification/", second_factor.manage, name="second_factor"),
    re_path("^profil/double-authentification/ajouter/(?P<kind>app|passkey)/$", second_factor.add, name="add_factor"),
    path("profil/double-authentification/codes/", second_factor.codes, name="recovery_codes"),
    path("profil/double-authentification/<slug:key>/retirer/", second_factor.remove, name="remove_factor"),
    path("profil/sessions/<slug:handle>/fermer/", account.end_session, name="end_session"),
    path("profil/sessions/fermer/", account.end_sessions, name="end_sessions"),
]
