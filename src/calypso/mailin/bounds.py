"""What reading a received message may cost (R94), and what is kept of it."""

LARGEST = 25 * 2**20  # bytes of a message at most; of a larger one the server keeps the rest
PARTS = 200
DEPTH = 20  # parts within parts
SECONDS = 30
MEGABYTES = 512  # memory of the program at most
WHOLE_TEXT = 100_000  # signs kept of the text of a message, quoted mails included
EXCERPT = 300  # signs that say what was understood, in an acknowledgement
ADDRESS_HEADERS = 50  # recipients that are looked at
FLOOD = 20  # messages of one sender in an hour beyond which the others are read first
TRIES = 3  # times that a message is read before it waits for somebody
OPENINGS = 10  # tickets that one person opens by mail in an hour; more wait for somebody
ANSWERS = 3  # mails an hour to one person that their own messages on one ticket cause (R90)
