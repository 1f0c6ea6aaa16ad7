"""The projects of SALON PARIS, the other company: nothing of it may ever be visible to LENI - TESTS.

Its processed tickets are announced by batch (see `extras`).
"""

from calypso.demo.people import SALON_PARIS
from calypso.demo.script import BLOCKING, HIGH, LOW, MEDIUM, Act, Chapter, Story, taken

TICKETING = Chapter(
    "Billetterie Salon Paris",
    SALON_PARIS,
    created="10/01/2019 09:00",
    client_manager="claire",
    live_on="11/02/2019 09:00",
    event_in_days=30,
    stories=(
        Story("C8NV3TW", "J-6 10:15", "claire", MEDIUM, "Tarif étudiant absent du parcours mobile",
              taken("J-6 11:00", "sb", "Nous le reproduisons.")),
        Story("F5KB9XH", "J-6 09:30", "agathe", LOW, "Coquille dans l'e-mail d'achat",
              taken("J-6 11:30", "sb", "Nous corrigeons le texte.")),
        Story("H3WQ6PR", "J-4 11:20", "claire", HIGH, "Remboursements : le montant des frais est faux",
              (*taken("J-4 14:00"), Act("J-3 09:10", "sb", "ask_client", "Quelles commandes avez-vous remboursées hier ?")),
              context="La trésorerie attend le rapprochement"),
        Story("K7ZD4MC", "J-5 16:45", "hugo", MEDIUM, "Statistiques des ventes : filtrer par canal",
              taken("J-4 10:00", "sb", "Nous ajoutons le filtre."), follower="claire"),
        Story("M6RJ2VB", "J-4 09:05", "claire", BLOCKING, "La vente en ligne renvoie une page blanche",
              (*taken("J-4 09:20", "ps", "Nous cherchons : le serveur de vente est surchargé."),
               Act("J-4 11:30", "xb", "priority:2", "La vente est rétablie : il reste à tenir la prochaine relance.")),
              context="Lancement de la campagne ce matin", files=("erreur-500.png",)),
        Story("P9TX5HN", "J-5 10:50", "hugo", MEDIUM, "Ajouter un champ « société » au billet professionnel",
              taken("J-5 14:00", "sb", "C'est parti.")),
        Story("R4CF8WK", "J-5 15:35", "agathe", LOW, "Visuel de partage à mettre à jour",
              taken("J-4 09:00", "sb", "Merci pour le fichier."), files=("capture-inscription.png",)),
    ),
)
BADGES = Chapter(
    "Badges Salon Paris",
    SALON_PARIS,
    created="14/01/2019 09:00",
    client_manager="claire",
    viewers=("hugo",),
    stories=(
        Story("T5HN7ZX", "25/03/2019 11:10", "hugo", HIGH, "Le modèle de badge VIP doit rester confidentiel",
              taken("25/03/2019 15:00"), context="Liste des invités non publique"),
    ),
)
