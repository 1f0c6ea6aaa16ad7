"""The vocabulary of the benchmark installation: sign-in accounts, and French texts for its tickets.

Common words recur all the time, rare ones once in a thousand tickets.
"""

from random import Random

PASSWORD = "banc-dessai-2026"  # noqa: S105 - of a made-up installation
CLIENT, MEMBER = "banc@banc.example", "banc@leni.example"
WRITER = "contact1@societe1.example"  # of another company
PROBE = "Banc d'essai"

SUBJECTS = (
    "le badge", "l'inscription", "le plan du hall", "la commande", "l'e-mail de confirmation", "le stand", "la facture",
    "le catalogue", "le paiement par carte", "la liste des exposants", "le formulaire", "l'accès presse", "le tarif",
    "la page d'accueil", "le dossier technique", "l'invitation", "la billetterie", "le code promotionnel", "l'export",
    "la traduction anglaise", "le logo", "l'espace visiteur", "la relance", "le parking", "la conférence",
)  # fmt: skip
PROBLEMS = (
    "ne s'affiche pas", "est refusé", "renvoie une erreur", "reste en attente", "est en double", "n'est pas traduit",
    "s'imprime mal", "ne part plus", "affiche une mauvaise date", "est trop lent", "a disparu", "est à modifier",
    "ne correspond pas au devis", "bloque la validation", "coupe les noms longs", "est vide après l'enregistrement",
)  # fmt: skip
PLACES = (
    "sur téléphone", "dans le hall 4", "pour les exposants étrangers", "depuis ce matin", "à l'étape du paiement",
    "pour la région Occitanie", "avec Firefox", "sur la tablette de l'accueil", "pour les visiteurs préinscrits",
    "en mode hors ligne", "après la mise à jour", "pour le pavillon italien", "au moment de l'impression",
)  # fmt: skip
SENTENCES = (
    "Bonjour, nous constatons ce problème depuis l'ouverture des réservations.",
    "Plusieurs exposants nous ont appelés à ce sujet, merci de regarder rapidement.",
    "Le message affiché est « une erreur est survenue », sans autre précision.",
    "Nous avons essayé avec deux navigateurs et sur un autre ordinateur.",
    "Vous trouverez une copie d'écran en pièce jointe.",
    "Cela fonctionnait encore la semaine dernière, avant la mise à jour.",
    "Pouvez-vous nous dire quand la correction sera en ligne ?",
    "Le chef de projet a besoin de la réponse avant la réunion de jeudi.",
    "Merci par avance, bonne journée.",
    "Le tableau des commandes ne reprend pas les remises accordées.",
    "La recherche par nom ne renvoie aucun résultat alors que la fiche existe.",
    "Il faudrait aussi prévoir le cas des sociétés qui ont plusieurs stands.",
)
ANSWERS = (
    "Bonjour, c'est corrigé : pouvez-vous vérifier de votre côté ?",
    "Nous reproduisons le problème et nous revenons vers vous.",
    "La correction sera mise en ligne ce soir, après la fermeture.",
    "Pouvez-vous préciser le nom de l'exposant et l'heure de l'essai ?",
    "Le paramétrage a été repris, les prochaines inscriptions seront bonnes.",
    "Le prestataire de paiement confirme un incident, résolu à 14 h.",
    "Nous avons relancé l'envoi des e-mails, ils partent en ce moment.",
    "Le fichier est régénéré, il se télécharge depuis la même page.",
)
RARE = (
    "kakemono", "cryptogramme", "scénographie", "dédouanement", "moquette", "sonorisation", "chapiteau", "brumisateur",
    "praticable", "stroboscope", "podium", "vestiaire", "chariot élévateur", "défibrillateur", "gélatine",
)  # fmt: skip


def title(chance: Random) -> str:
    """Returns the title of a ticket: « Le badge ne s'affiche pas sur téléphone »."""
    text = f"{chance.choice(SUBJECTS)} {chance.choice(PROBLEMS)} {chance.choice(PLACES)}"
    return text[0].upper() + text[1:]


def paragraph(chance: Random, sentences: tuple[str, ...], most: int) -> list[str]:
    """Returns one to `most` sentences, with now and then another that has a rare word and a number."""
    texts = [chance.choice(sentences) for _ in range(chance.randint(1, most))]
    if chance.random() < 0.02:
        texts.append(f"Voir le {chance.choice(RARE)} du stand {chance.randint(100, 99_999)}.")
    return texts


def everything() -> list[str]:
    """Returns all the texts, for the search to learn their words."""
    return [*SUBJECTS, *PROBLEMS, *PLACES, *SENTENCES, *ANSWERS, *RARE]
