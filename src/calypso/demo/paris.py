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
        Story("C8NV3TW", "12/02/2019 10:15", "claire", MEDIUM, "Tarif étudiant absent du parcours mobile",
              taken("13/02/2019 11:00")),
        Story("F5KB9XH", "18/02/2019 09:30", "agathe", LOW, "Coquille dans l'e-mail d'achat",
              taken("18/02/2019 11:30")),
        Story("H3WQ6PR", "04/03/2019 11:20", "claire", HIGH, "Remboursements : le montant des frais est faux",
              (*taken("04/03/2019 14:00"), Act("05/03/2019 09:10", "sb", "ask_client", "Quelles commandes avez-vous remboursées hier ?")),
              context="La trésorerie attend le rapprochement"),
        Story("K7ZD4MC", "07/03/2019 16:45", "hugo", MEDIUM, "Statistiques des ventes : filtrer par canal",
              taken("08/03/2019 10:00"), follower="claire"),
        Story("M6RJ2VB", "14/03/2019 09:05", "claire", BLOCKING, "La vente en ligne renvoie une page blanche",
              (*taken("14/03/2019 09:20", "ps"),), context="Lancement de la campagne ce matin", files=("erreur-500.png",)),
        Story("P9TX5HN", "20/03/2019 10:50", "hugo", MEDIUM, "Ajouter un champ « société » au billet professionnel"),
        Story("R4CF8WK", "22/03/2019 15:35", "agathe", LOW, "Visuel de partage à mettre à jour",
              (Act("25/03/2019 09:00", "xb", "assign:sb"),), files=("capture-inscription.png",)),
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
