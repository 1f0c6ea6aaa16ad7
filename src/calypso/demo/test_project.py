"""« Projet de Test de gestion du Ticketing »: the tickets of the guide, reproduced exactly."""

from calypso.demo.people import LENI_TESTS
from calypso.demo.script import BLOCKING, HIGH, LOW, MEDIUM, TODAY, Act, Chapter, Story, processed, taken

_WAITING = Story(
    "OK899Q5",
    "04/02/2019 10:20",
    "cdp",
    MEDIUM,
    "6ème Ticket",
    (
        Act("12/02/2019 12:01", "xb", "assign:sb"),
        Act("12/02/2019 12:02", "sb", "start", "Je commence"),
        Act("12/02/2019 12:05", "declarant", "comment", "Ok super j'attends de vos nouvelles"),
        Act("12/02/2019 12:08", "xb", "ask_client", "Nous avons besoin d'un exemple plus précis"),
        Act("12/02/2019 12:17", "cdp", "return", "Bonjour En voici un en pièce jointe", ("capture-inscription.png",)),
        Act("12/02/2019 12:22", "sb", "hand_to_rd", "j'attends une réponse du R&D"),
        Act("12/02/2019 12:23", "cdp", "comment", "Ok merci"),
        Act("12/02/2019 12:27", "xb", "follow_up", "Je reprend ce ticket en suivi"),
        Act(
            "29/03/2019 11:30", "xb", "ask_client", "Pouvez-vous nous donner un second exemple, sur un autre exposant ?"
        ),
        Act("29/03/2019 14:17", "cdp", "comment", "Ok j'en prépare un"),
    ),
)
_PROCESSED = (
    Story(
        "TWUOEMC",
        "12/02/2019 09:10",
        "declarant",
        HIGH,
        "Dixième Ticket de test",
        (*taken("13/02/2019 10:00"), Act("29/03/2019 15:40", "sb", "process", "Test")),
        description="Le récapitulatif de commande affiche deux fois la même ligne.",
        context="Les commandes ouvrent lundi",
    ),
    Story(
        "5VH8E3Z",
        "28/01/2019 09:41",
        "cdp",
        HIGH,
        "Premier Ticket",
        (
            Act("28/01/2019 14:30", "xb", "assign:sb"),
            Act("29/01/2019 09:00", "sb", "start"),
            Act(
                "30/01/2019 16:12",
                "sb",
                "note",
                "Reproduit en préproduction : la règle de quota « stand équipé » est vide.",
            ),
            Act("21/03/2019 11:04", "xb", "process", "Ok c'est traité"),
        ),
        description="Depuis ce matin, la page d'inscription affiche une erreur 500 dès que l'on clique sur « Création ». "
        "Les exposants ne peuvent plus réserver leur stand équipé.",
        context="Ouverture des inscriptions le 4",
        page_url="https://salon-loisirs.example/inscription/etape-2",
        files=("erreur-500.png", "cahier-recette.pdf"),
    ),
)
_IN_PROGRESS = (
    Story("WDH00P9", "02/04/2019 16:05", "declarant", HIGH, "Seizième ticket", context="Relance prévue cette semaine"),
    Story(
        "KJC0E3R",
        "28/03/2019 14:22",
        "declarant",
        BLOCKING,
        "Problème à la création d'une inscription",
        description="Nous avons un message d'erreur lorsque nous cliquons sur le bouton création",
        context="C'est urgent le site est en production depuis ce matin",
        follower="jco",
    ),
    Story("Z6M1H8K", "28/03/2019 10:15", "declarant", HIGH, "Quatorzième Ticket", context="Salon dans deux mois"),
    Story("OWHK9PS", "18/03/2019 11:02", "declarant", MEDIUM, "3ème création de test"),
    Story("5UJ4V0P", "14/03/2019 09:37", "declarant", MEDIUM, "Septième ticket"),
    Story(
        "9RO050C",
        "07/03/2019 10:50",
        "declarant",
        LOW,
        "Treizieme Ticket",
        (Act("07/03/2019 11:14", "declarant", "comment", "Attendre notre GO"),),
    ),
    Story(
        "VHBS48F",
        "12/02/2019 11:40",
        "declarant",
        BLOCKING,
        "Onzième Ticket de test",
        (
            *processed("22/02/2019 15:20", "Le lien de l'e-mail de confirmation est rétabli."),
            Act("22/02/2019 17:43", "declarant", "return", "Test email avec lien"),
        ),
        context="Aucun exposant ne reçoit sa confirmation",
    ),
    Story(
        "VD5C97E",
        "12/02/2019 10:05",
        "declarant",
        BLOCKING,
        "Neuvième Ticket de test",
        (
            *processed("12/02/2019 11:58", "La photo du stand s'affiche de nouveau."),
            Act("12/02/2019 12:32", "declarant", "return", "C'est à peine ça"),
        ),
        context="Démonstration au comité cet après-midi",
    ),
    Story(
        "APBQZM0",
        "06/02/2019 17:20",
        "declarant",
        HIGH,
        "Septième Ticket",
        (
            Act("11/02/2019 09:30", "xb", "assign:sb"),
            Act("11/02/2019 18:13", "declarant", "comment", "C'est assez urgent"),
        ),
        context="Les badges partent à l'impression vendredi",
    ),
    Story(
        "G67TT09",
        "04/02/2019 09:00",
        "declarant",
        MEDIUM,
        "5ème ticket",
        (
            *taken("21/02/2019 10:00"),
            Act(
                "22/02/2019 11:40", "sb", "hand_to_rd", "Le calcul de la TVA intracommunautaire est transmis à la R&D."
            ),
            Act("22/02/2019 11:55", "rd", "note", "Anomalie confirmée dans le moteur de tarifs, correctif à l'étude."),
            Act("22/02/2019 12:02", "declarant", "comment", "Ok j'attends votre retour"),
        ),
    ),
)
_CLOSED = (
    Story(
        "ZJ52BKM",
        "07/03/2019 09:12",
        "declarant",
        MEDIUM,
        "13 ticket ticket test",
        (*processed("07/03/2019 15:00", "C'est corrigé."), Act("07/03/2019 16:30", "declarant", "close", "Merci")),
    ),
    Story(
        "X7FDDU2",
        "12/02/2019 08:50",
        "declarant",
        LOW,
        "Huitième Ticket de test",
        (*processed("13/02/2019 10:10", "Le libellé est changé."), Act("13/02/2019 11:00", "declarant", "close")),
    ),
    Story(
        "GYA9NPK",
        "01/02/2019 09:20",
        "declarant",
        MEDIUM,
        "Quatrième Ticket",
        (*processed("01/02/2019 14:00", "Fait."), Act("01/02/2019 15:10", "cdp", "close", "Parfait")),
    ),
    Story(
        "BU8MWBC",
        "01/02/2019 11:20",
        "declarant",
        LOW,
        "Troisième Ticket",
        (
            *processed("01/02/2019 11:31", "Ok c'est traité"),
            Act("01/02/2019 11:33", "xtb", "return", "Non c'est à peine ça :("),
            Act("01/02/2019 11:33", "xtb", "comment", "tenez moi au courant rapidement ça urge"),
            Act("01/02/2019 11:35", "xb", "process", "Cette fois c'est vraiment Ok Désolé"),
            Act("01/02/2019 11:36", "xtb", "close", "Ok c'est bon je clôture. Merci"),
        ),
        description="Texte 3ème ticket",
    ),
    Story(
        "IDQ0QQC",
        "30/01/2019 16:00",
        "declarant",
        MEDIUM,
        "Deuxième ticket",
        (*processed("31/01/2019 10:00", "Corrigé en production."), Act("31/01/2019 10:45", "declarant", "close")),
    ),
)

TEST_PROJECT = Chapter(
    "Projet de Test de gestion du Ticketing",
    LENI_TESTS,
    created="15/01/2019 09:00",
    client_manager="cdp",
    event="28/01/2019",
    stories=(
        *_CLOSED,
        *_IN_PROGRESS,
        *_PROCESSED,
        _WAITING,
        Story("2GBS0DW", TODAY, "declarant", MEDIUM, "Dix septième ticket"),
    ),
)
