"""The word that a page says after an act. The address carries its key (`?fait=…`), so nothing is stored."""

from calypso.base.marks import mark

TOASTS: dict[str, str] = {
    "cree": mark("Votre ticket est enregistré. Un e-mail de confirmation vous est envoyé."),
    "conserve": mark("Votre session avait pris fin : ce que vous aviez écrit est conservé ci-dessous."),
    "commente": mark("Votre commentaire est ajouté."),
    "note": mark("La note interne est ajoutée."),
    "retourne": mark("Le ticket est retourné à l'équipe."),
    "clos": mark("Le ticket est clôturé. Merci !"),
    "etape": mark("C'est fait : l'état du ticket a changé."),
    "affecte": mark("Le ticket est affecté."),
    "priorite": mark("La priorité retenue est enregistrée."),
    "droits": mark("Les droits de visualisation sont enregistrés."),
    "profil": mark("Votre profil est enregistré."),
    "session": mark("La session est fermée."),
    "sessions": mark("Les autres sessions sont fermées."),
    "preuve": mark("Le moyen de double authentification est ajouté."),
    "preuve-retiree": mark("Le moyen de double authentification est retiré."),
    "mot-de-passe": mark("Votre mot de passe est enregistré. Connectez-vous."),
    "deconnecte": mark("Vous êtes déconnecté."),
    "enregistre": mark("C'est enregistré."),
    "invite": mark("L'invitation est partie."),
    "rejoint": mark("Cette adresse avait déjà un compte : la personne est aussi contact de cette société."),
    "quitte": mark("La personne n'est plus contact de cette société."),
    "desactive": mark("Le compte est désactivé."),
    "efface": mark("La personne est effacée."),
    "reactive": mark("Le compte est réactivé."),
    "archive": mark("Le projet est archivé."),
    "restaure": mark("Le projet est de nouveau en cours."),
    "phase": mark("La phase du projet a changé."),
    "relance": mark("Le message est remis dans la file d'envoi."),
}
