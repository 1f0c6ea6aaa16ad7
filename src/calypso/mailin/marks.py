"""The signs by which the program that reads a message says what its lines are. They are taken out of what comes in."""

QUOTED = ">"  # begins a line of an earlier mail, one for each answer in between
SIGNED = "\ue002"  # begins a line of a signature that the page of the message calls one
HISTORY = "\ue000"  # a line of its own: what follows is what the mail program puts under an answer
ATTRIBUTION = "\ue001"  # begins a line that says whose words are quoted below
IMAGE, IMAGE_END = "\ue004", "\ue005"  # around the name that the page gives to an image of the message
ALL = (SIGNED, HISTORY, ATTRIBUTION, IMAGE, IMAGE_END)
TAKEN_OUT = str.maketrans(dict.fromkeys(ALL, ""))
