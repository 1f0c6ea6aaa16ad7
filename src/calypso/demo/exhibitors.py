"""The other projects of LENI - TESTS: exhibitors, visitors, a past edition."""

from calypso.demo.people import LENI_TESTS
from calypso.demo.script import BLOCKING, HIGH, LOW, MEDIUM, Act, Chapter, Story, processed, taken


def _archive(reference: str, number: int) -> Story:
    return Story(
        reference,
        "02/01/2019 09:30",
        "cdp",
        LOW,
        f"Ticketing - test archive {number}",
        (*processed(f"02/01/2019 14:0{number}", "Archivé après essai."), Act(f"02/01/2019 15:0{number}", "cdp", "close")),
    )


_CLOSED = (
    Story(
        "XH4TR7B",
        "10/12/2018 10:00",
        "sophie",
        MEDIUM,
        "Le filtre par secteur oublie les nouveaux exposants",
        (*processed("11/12/2018 11:00", "L'index est reconstruit chaque nuit."), Act("12/12/2018 09:15", "sophie", "close", "Vu, merci")),
    ),
    Story(
        "QN8WZ5E",
        "14/12/2018 15:30",
        "cdp",
        LOW,
        "Remplacer le logo du partenaire principal",
        (*processed("17/12/2018 10:20", "Le nouveau logo est en ligne."), Act("18/12/2018 08:40", "cdp", "close")),
        files=("plan-hall-4.png",),
    ),
    *(_archive(reference, number) for reference, number in (("YA031BA", 2), ("34D8T7T", 3), ("MJMHEYY", 4), ("OSS0KUW", 5))),
    Story(
        "M9KK19T",
        "03/01/2019 11:10",
        "cdp",
        MEDIUM,
        "L'image pour le stand équipé n'est pas la bonne",
        (
            *processed("04/01/2019 10:30", "L'image du stand équipé de 12 m² est remplacée."),
            Act("04/01/2019 11:45", "cdp", "close", "C'est la bonne, merci"),
        ),
        page_url="https://exposants.salon-loisirs.example/stands/equipe",
    ),
)
_TO_COMPLETE = (
    Story(
        "B7QX4MD",
        "25/02/2019 09:05",
        "sophie",
        HIGH,
        "Des factures d'acompte partent sans numéro de TVA",
        (
            *taken("25/02/2019 10:30"),
            Act("25/02/2019 11:15", "sb", "ask_client", "Pouvez-vous nous indiquer deux ou trois numéros de factures concernées ?"),
        ),
        description="Plusieurs exposants belges nous les renvoient. Le champ est pourtant rempli sur leur fiche.",
        context="La relance comptable part jeudi",
        follower="cdp",
    ),
    Story(
        "P3HN9ZC",
        "18/03/2019 14:40",
        "declarant",
        MEDIUM,
        "Ajouter une option « point d'eau » au bon de commande",
        (
            Act("19/03/2019 09:00", "xb", "assign:sb"),
            Act("19/03/2019 09:20", "sb", "ask_client", "Quel est le tarif, et faut-il un justificatif par hall ?"),
            Act("20/03/2019 08:55", "declarant", "comment", "Je demande au service technique et je vous dis."),
        ),
        files=("bon-de-commande.pdf",),
    ),
)
_IN_PROGRESS = (
    Story("C5RW8YK", "29/03/2019 17:12", "cdp", BLOCKING, "Le paiement par carte est refusé pour tous les exposants",
          description="Message « transaction impossible » depuis 16 h, sur tous les navigateurs.",
          context="Clôture des réservations ce soir à minuit", files=("erreur-500.png", "console.txt"), follower="sophie"),
    Story("E2DK6TV", "28/03/2019 09:48", "declarant", MEDIUM, "Traduire en anglais la page « Règlement technique »"),
    Story("F9MB3XJ", "27/03/2019 11:25", "sophie", LOW, "Agrandir la zone de commentaire du dossier exposant"),
    Story("H6TC2WP", "26/03/2019 16:30", "olivier", HIGH, "Le plan du hall 4 ne s'affiche pas sur téléphone",
          (Act("27/03/2019 09:10", "ps", "assign:ps"),),
          context="Visite des lieux avec les exposants demain", files=("plan-hall-4.png",)),
    Story("J8YV5RA", "25/03/2019 10:00", "declarant", MEDIUM, "Export des commandes : la colonne « Puissance » est vide",
          (Act("25/03/2019 14:00", "xb", "assign:sb"), Act("26/03/2019 08:45", "declarant", "comment", "Le prestataire électrique l'attend pour vendredi."))),
    Story("K4ZP7HS", "22/03/2019 09:15", "cdp", MEDIUM, "Message de relance des dossiers incomplets à reformuler",
          (*taken("22/03/2019 11:00"), Act("22/03/2019 11:05", "sb", "comment", "Nous vous proposons un texte demain matin."))),
    Story("M3FX8DB", "21/03/2019 15:20", "sophie", HIGH, "Deux exposants ont reçu le même numéro de stand",
          (*taken("21/03/2019 16:00", "ps"), Act("21/03/2019 16:40", "ps", "note", "Double clic à la réservation : vérifier la contrainte d'unicité.")),
          context="Les deux sociétés menacent d'annuler", files=("liste-exposants.csv",)),
    Story("N7GE4KT", "20/03/2019 10:35", "declarant", MEDIUM, "La date limite des commandes n'apparaît pas dans l'e-mail",
          (*taken("20/03/2019 14:00"),)),
    Story("R5WJ9CY", "19/03/2019 09:40", "cdp", HIGH, "Lenteur de la liste des exposants au-delà de 500 fiches",
          (*taken("19/03/2019 10:30"), Act("20/03/2019 17:00", "sb", "hand_to_rd", "La requête de tri est transmise à la R&D.")),
          context="Le service commercial y passe la journée"),
    Story("S2VB6NH", "15/03/2019 11:50", "olivier", MEDIUM, "Le PDF du badge exposant coupe les noms longs",
          (*taken("15/03/2019 14:10"), Act("18/03/2019 09:30", "sb", "hand_to_rd"),
           Act("18/03/2019 15:45", "rd", "note", "Corrigé en 4.12, à déployer avec la prochaine livraison."))),
    Story("T8XQ3PM", "13/03/2019 16:05", "sophie", MEDIUM, "Choisir entre une remise par surface et une remise par fidélité",
          (Act("14/03/2019 09:00", "xb", "assign:sb"), Act("14/03/2019 10:00", "xb", "follow_up", "Je vous appelle pour arrêter la règle ensemble."))),
    Story("V4KD7ZR", "11/03/2019 10:10", "declarant", LOW, "Mettre le catalogue 2018 hors ligne",
          (*processed("12/03/2019 09:00", "Le catalogue 2018 est dépublié."), Act("12/03/2019 10:20", "declarant", "return", "Il apparaît encore dans la recherche du site."))),
    Story("W9CH5TE", "08/03/2019 14:30", "cdp", HIGH, "Les exposants étrangers ne peuvent pas saisir leur code postal",
          (*processed("11/03/2019 11:00", "Le format est libre hors de France."),
           Act("11/03/2019 11:30", "ps", "internal_return", "Le formulaire anglais garde l'ancien contrôle.")),
          context="Quarante dossiers bloqués"),
    Story("X6PB2JW", "06/03/2019 09:25", "declarant", MEDIUM, "Prévoir un rappel automatique avant la date limite",
          (Act("06/03/2019 15:00", "xb", "priority:1", "Évolution à planifier après l'ouverture du salon."),
           Act("06/03/2019 15:10", "xb", "follow_up", "À chiffrer pour la prochaine édition."))),
    Story("Y3NR8FG", "04/03/2019 17:45", "sophie", MEDIUM, "Créer un accès pour le service comptable du parc",
          typed_by="ps", description="Demande reçue par téléphone."),
)

EXHIBITORS = Chapter(
    "Extranet Exposants Salon des loisirs 2019",
    LENI_TESTS,
    created="01/11/2018 09:00",
    client_manager="cdp",
    live_on="03/12/2018 09:00",
    stories=(*_CLOSED, *_TO_COMPLETE, *_IN_PROGRESS),
)
VISITORS = Chapter(
    "PE et Extranet Visiteurs Salon de loisirs 2019",
    LENI_TESTS,
    created="05/11/2018 09:00",
    client_manager="sophie",
    live_on="26/11/2018 09:00",
    event="12/12/2018",
    stories=(
        Story("Z7TM4HB", "11/12/2018 18:20", "sophie", HIGH, "File d'attente à l'entrée : les billets ne se scannent plus",
              taken("11/12/2018 18:40", "ps"), context="Ouverture des portes demain à 9 h"),
        Story("A6WN9XC", "10/12/2018 12:00", "agathe", MEDIUM, "Invitations presse : ajouter un code par média"),
    ),
)
EMPTY = (
    Chapter("Projet Montreuil Exploitation", LENI_TESTS, created="03/12/2018 09:00", live_on="07/01/2019 09:00"),
    Chapter("Projet Montreuil Olivier Recette", LENI_TESTS, created="10/12/2018 09:00", client_manager="olivier"),
)
PAST = Chapter(
    "Salon des loisirs 2018",
    LENI_TESTS,
    created="04/12/2017 09:00",
    client_manager="cdp",
    live_on="08/01/2018 09:00",
    event="10/02/2018",
    archived_on="30/03/2018 18:00",
    stories=tuple(
        Story(reference, f"0{day}/02/2018 10:00", "cdp", MEDIUM, title,
              (*processed(f"0{day}/02/2018 15:00", "Corrigé."), Act(f"0{day}/02/2018 17:00", "cdp", "close")))
        for reference, day, title in (
            ("D4HK7QN", 5, "Horaires du dimanche à corriger"),
            ("G9RX2BV", 6, "Badge parking non reconnu"),
            ("E8TC5MP", 7, "Photo du hall 2 à remplacer"),
        )
    ),
)
