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
        "J-6 09:05",
        "sophie",
        HIGH,
        "Des factures d'acompte partent sans numéro de TVA",
        (
            *taken("J-6 10:30"),
            Act("J-6 11:15", "sb", "ask_client", "Pouvez-vous nous indiquer deux ou trois numéros de factures concernées ?"),
        ),
        description="Plusieurs exposants belges nous les renvoient. Le champ est pourtant rempli sur leur fiche.",
        context="La relance comptable part jeudi",
        follower="cdp",
    ),
    Story(
        "P3HN9ZC",
        "J-4 14:40",
        "declarant",
        MEDIUM,
        "Ajouter une option « point d'eau » au bon de commande",
        (
            Act("J-3 09:00", "xb", "assign:sb"),
            Act("J-3 09:20", "sb", "ask_client", "Quel est le tarif, et faut-il un justificatif par hall ?"),
            Act("J-2 08:55", "declarant", "comment", "Je demande au service technique et je vous dis."),
        ),
        files=("bon-de-commande.pdf",),
    ),
)
_IN_PROGRESS = (
    Story("C5RW8YK", "J-1 17:12", "cdp", BLOCKING, "Le paiement par carte est refusé pour tous les exposants",
          description="Message « transaction impossible » depuis 16 h, sur tous les navigateurs.",
          context="Clôture des réservations ce soir à minuit", files=("paiement-refuse.png", "console.txt"), follower="sophie"),
    Story("E2DK6TV", "J-1 15:48", "declarant", MEDIUM, "Traduire en anglais la page « Règlement technique »"),
    Story("F9MB3XJ", "J-2 11:25", "sophie", LOW, "Agrandir la zone de commentaire du dossier exposant",
          (Act("J-2 16:00", "sb", "comment", "Bien reçu : nous regardons cela avec la prochaine livraison."),)),
    Story("H6TC2WP", "J-2 16:30", "olivier", HIGH, "Le plan du hall 4 ne s'affiche pas sur téléphone",
          (Act("J-1 09:10", "ps", "assign:ps"),),
          context="Visite des lieux avec les exposants demain", files=("plan-hall-4.png",)),
    Story("J8YV5RA", "J-3 10:00", "declarant", MEDIUM, "Export des commandes : la colonne « Puissance » est vide",
          (Act("J-3 14:00", "xb", "assign:sb", "Sincère s'en occupe."), Act("J-2 08:45", "declarant", "comment", "Le prestataire électrique l'attend pour vendredi."))),
    Story("K4ZP7HS", "J-3 09:15", "cdp", MEDIUM, "Message de relance des dossiers incomplets à reformuler",
          (*taken("J-3 11:00"), Act("J-3 11:05", "sb", "comment", "Nous vous proposons un texte demain matin."))),
    Story("M3FX8DB", "J-3 15:20", "sophie", HIGH, "Deux exposants ont reçu le même numéro de stand",
          (*taken("J-3 16:00", "ps", "Nous avons bloqué le stand, et nous cherchons d'où vient le doublon."),
           Act("J-3 16:40", "ps", "note", "Double clic à la réservation : vérifier la contrainte d'unicité.")),
          context="Les deux sociétés menacent d'annuler", files=("liste-exposants.csv",)),
    Story("N7GE4KT", "J-4 10:35", "declarant", MEDIUM, "La date limite des commandes n'apparaît pas dans l'e-mail",
          (*taken("J-4 14:00", "sb", "Le modèle d'e-mail est en cours de reprise."),)),
    Story("R5WJ9CY", "J-3 09:40", "cdp", HIGH, "Lenteur de la liste des exposants au-delà de 500 fiches",
          (*taken("J-3 10:30"), Act("J-3 12:00", "sb", "hand_to_rd", "La requête de tri est transmise à la R&D.")),
          context="Le service commercial y passe la journée"),
    Story("S2VB6NH", "J-5 11:50", "olivier", MEDIUM, "Le PDF du badge exposant coupe les noms longs",
          (*taken("J-5 14:10"), Act("J-4 09:30", "sb", "hand_to_rd", "Nous le reproduisons : la R&D regarde la mise en page."),
           Act("J-4 15:45", "rd", "note", "Corrigé en 4.12, à déployer avec la prochaine livraison."))),
    Story("T8XQ3PM", "J-5 16:05", "sophie", MEDIUM, "Choisir entre une remise par surface et une remise par fidélité",
          (Act("J-4 09:00", "xb", "assign:sb"), Act("J-4 10:00", "xb", "follow_up", "Je vous appelle pour arrêter la règle ensemble."))),
    Story("V4KD7ZR", "J-6 10:10", "declarant", LOW, "Mettre le catalogue de l'an passé hors ligne",
          (*processed("J-5 09:00", "L'ancien catalogue est dépublié."), Act("J-5 10:20", "declarant", "return", "Il apparaît encore dans la recherche du site."))),
    Story("W9CH5TE", "J-4 14:30", "cdp", HIGH, "Les exposants étrangers ne peuvent pas saisir leur code postal",
          (*processed("J-3 11:00", "Le format est libre hors de France."),
           Act("J-3 11:30", "ps", "internal_return", "Le formulaire anglais garde l'ancien contrôle.")),
          context="Quarante dossiers bloqués"),
    Story("X6PB2JW", "J-6 09:25", "declarant", MEDIUM, "Prévoir un rappel automatique avant la date limite",
          (Act("J-6 15:00", "xb", "priority:1", "Évolution à planifier après l'ouverture du salon."),
           Act("J-6 15:10", "xb", "follow_up", "À chiffrer pour la prochaine édition."))),
    Story("Y3NR8FG", "J-2 17:45", "sophie", MEDIUM, "Créer un accès pour le service comptable du parc",
          (Act("J-1 09:30", "ps", "comment", "Il nous faut le nom et l'adresse de la personne : je vous rappelle ce matin."),),
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
        Story("Z7TM4HB", "J-2 14:20", "sophie", HIGH, "Le fichier des entrées scannées ne s'ouvre pas dans Excel",
              taken("J-2 15:40", "ps", "Nous régénérons le fichier dans un autre format."), context="Bilan à rendre au comité cette semaine"),
        Story("A6WN9XC", "J-3 12:00", "agathe", MEDIUM, "Questionnaire de satisfaction : ajouter une question pour la presse",
              (Act("J-3 16:10", "sb", "comment", "Bien reçu, nous vous envoyons une proposition de formulation."),)),
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
