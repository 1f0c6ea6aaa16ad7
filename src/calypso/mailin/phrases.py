"""What mail programs write by themselves, in the four languages of the fairs: French, English, German, Spanish.

Patterns are matched against one line, trimmed, with plain spaces. Each is there for a message of the corpus.
"""

import re

# The last words of the line that says whose words are quoted: « Le lun. 23 nov. 2026 à 10:12, Léni <…> a écrit : ».
ATTRIBUTION = re.compile(
    r"""^(?:
        (?:le|en\ date\ du)\ .{4,300}\ (?:a\ écrit|écrivait|a\ ecrit)
        | on\ .{4,300}\ (?:wrote|writes)
        | am\ .{4,300}\ (?:schrieb|hat\ .{1,100}\ geschrieben)(?:\ .{1,200})?
        | el\ .{4,300}\ (?:escribió|escribio)(?:\ .{1,200})?
        | .{2,200}\ <\S{3,200}>\ (?:a\ écrit|wrote|schrieb|escribió)(?:\ .{1,100})?
        | \d{1,4}[./-]\d{1,2}[./-]\d{2,4}.{0,100}\ .{1,200}<\S{3,200}>
        | -{3,}.{2,200}\ (?:wrote|a\ écrit|schrieb|escribió)
    )\s?:(?:\s?-{3,})?$""",
    re.IGNORECASE | re.VERBOSE,
)
# How a folded one begins: with a day, which no sentence of a person has there (« Le hall 3 », « Le 12 mars »).
ATTRIBUTION_BEGINS = re.compile(
    r"^(?:le|on|am|el|en date du) "
    r"(?:.{0,30}\b(?:19|20)\d\d\b|.{0,20}\d{1,2}[./]\d{1,2}[./]\d{2}|.{0,40}\d{1,2}[:h]\d\d)",
    re.IGNORECASE,
)
ATTRIBUTION_LINES = 4  # lines that a wrapped one takes at most

# Alone on their line, above a quoted mail.
SEPARATOR = re.compile(
    r"""^(?:
        -{2,}\ ?(?:message\ d['’]origine|original\ message|original\ appointment|ursprüngliche\ nachricht
            |mensaje\ original|message\ original)\ ?-{2,}
        | [_=]{20,}
        | message\ du\s?:?\s\d.{4,60}
        | -{3,}\ ?(?:réponse\ au-dessus|reply\ above).{0,60}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
# Above a mail that the person forwards: what follows is theirs to give.
FORWARDED = re.compile(
    r"""^(?:
        -{2,}\ ?(?:message\ transféré|forwarded\ message|weitergeleitete\ nachricht|mensaje\ reenviado)\ ?-{2,}
        | (?:début\ du\ message\ (?:réexpédié|transféré)|begin\ forwarded\ message
            |anfang\ der\ weitergeleiteten\ nachricht|inicio\ del\ mensaje\ reenviado)\s?:
    )$""",
    re.IGNORECASE | re.VERBOSE,
)

# The lines that Outlook repeats above the mail that is answered: sender, date, recipient, subject, in its language.
_FIRST = r"(?:de|from|von)"
_OTHERS = (
    r"(?:envoyé|envoyé\ le|date|sent|gesendet|datum|enviado|enviado\ el|fecha|à|a|to|an|para|cc|copie|copie\ à|kopie"
    r"|objet|sujet|subject|betreff|asunto|importance|priorité)"
)
HEADER_FIRST = re.compile(rf"^\**{_FIRST}\s?:\**\s.{{2,300}}$", re.IGNORECASE | re.VERBOSE)
HEADER_LINE = re.compile(rf"^\**{_OTHERS}\s?:.*$", re.IGNORECASE | re.VERBOSE)

# What telephones add under every message.
DEVICE = re.compile(
    r"""^(?:
        (?:envoyé|provenance)\ (?:de|depuis|à\ partir\ de|:)\ .{0,80}
        | (?:télécharger|obtenir|obtenez)\ (?:outlook|l['’]application).{0,80}
        | (?:sent|get)\ (?:from|using|via|with|outlook)\ .{0,80}
        | (?:diese\ nachricht\ wurde\ )?von\ (?:meinem|mir)\ .{0,60}\ gesendet\.?
        | (?:gesendet\ (?:von|mit)|holen\ sie\ sich\ outlook)\ .{0,80}
        | (?:enviado\ (?:desde|con|de)|obtener\ outlook|descargar\ outlook)\ .{0,80}
    )$""",
    re.IGNORECASE | re.VERBOSE,
)

# The last words before a name: what follows them, when it is the sender's name, is a signature.
FORMULA = re.compile(
    r"""^\W*(?:
        (?:bien\ )?cordialement | cdlt | bien\ à\ (?:vous|toi) | sincèrement | salutations | (?:très\ )?belle\ journée
        | (?:bonne|belle|excellente)\ (?:journée|soirée|réception|fin\ de\ journée)
        | merci(?:\ (?:d['’]avance|beaucoup))?
        | à\ (?:bientôt|très\ vite) | (?:avec\ mes\ )?(?:meilleures|cordiales|sincères|amicales)\ salutations
        | (?:best|kind|warm)(?:\ regards|est\ regards)? | regards | sincerely | (?:many\ )?thanks | thank\ you | cheers
        | (?:mit\ )?(?:freundlichen|besten|herzlichen)\ grüßen
        | (?:viele|beste|schöne|liebe|herzliche)\ grüße | bis\ bald | mfg | danke | gruß
        | (?:un\ )?(?:cordial\ )?saludos?(?:\ cordiales)? | atentamente | atte | gracias | un\ cordial\ saludo
    )\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
# Words that say something too, and stay.
THANKS = re.compile(r"merci|thank|danke|gracias", re.IGNORECASE)
POSTSCRIPT = re.compile(r"^(?:p\.?\s?-?s\.?|n\.?b\.?)(?:\s|:|\.|-)", re.IGNORECASE)
# The subjects of what is forwarded.
FORWARD_SUBJECT = re.compile(r"^\s*(?:tr|fwd?|wg|rv|i)\s?:", re.IGNORECASE)
ANSWER_SUBJECT = re.compile(r"^(?:\s*(?:re|ré|rép|aw|antw|rif|tr|fwd?|wg|rv|sv)\s?(?:\[\d+\])?\s?:)+\s*", re.IGNORECASE)
ABSENCE = re.compile(
    r"""(?:^|[:\]\s])(?:
        réponse\ automatique | absen(?:ce|t)(?:\ du\ bureau|\s?:) | auto(?:matic)?[\s-]?(?:reply|response)
        | out\ of\ (?:the\ )?office | automatische\ antwort | abwesenheits(?:notiz|nachricht) | abwesend
        | respuesta\ autom[aá]tica | fuera\ de\ la\ oficina
    )""",
    re.IGNORECASE | re.VERBOSE,
)
