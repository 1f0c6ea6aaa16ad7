"""`python -m bench.mails`: what reading a received message costs, and whether a flood makes others wait.

Loads the demonstration into a throw-away installation (SQLite, or the database of CALYPSO_DATABASE_URL), brings
messages in and reads them as the worker does: each in a program of its own.
"""

import argparse
import base64
import os
import resource
import subprocess
import sys
import tempfile
import time

ADDRESS = "tickets@leni.example"


def main() -> None:
    """Prints a table: processor milliseconds a message, messages a minute, memory, and the wait behind a flood."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=200)
    asked.add_argument("--flood", type=int, default=1000)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "CALYPSO_VAR": folder,
            "CALYPSO_REPLY_ADDRESS": ADDRESS,
            "CALYPSO_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "calypso.config.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("demo", verbosity=0)
        _measure(options.messages)
        _flood(options.flood)


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _measure(number: int) -> None:
    from calypso.accounts.models import User
    from calypso.mailin.intake import receive
    from calypso.mailin.models import ReceivedEmail
    from calypso.mailin.processing import process_waiting
    from calypso.mailin.trial import answer_of
    from calypso.outbox.models import OutgoingEmail

    mails = OutgoingEmail.objects.filter(headers__has_key="Reply-To").exclude(about__startswith="account:")
    people = {person.key: person for person in User.objects.all()}
    answered = [mail for mail in mails.order_by("-id")[:50] if mail.recipient_key in people]
    words = "Bonjour,\n\nLa borne ne lit plus aucun badge depuis ce matin, message {number}.\n\nCordialement"
    raws = []
    for place in range(number):
        mail = answered[place % len(answered)]
        raws.append(answer_of(people[mail.recipient_key], mail, words.format(number=place)))
    size = sum(map(len, raws)) / len(raws) / 1024
    for label, act in (("stored", lambda: [receive(raw) for raw in raws]), ("read", process_waiting)):
        begun, used = time.perf_counter(), _processor()
        act()
        took, cost = time.perf_counter() - begun, _processor() - used
        paid = f"{1000 * cost / number:.0f} ms of processor a message"
        print(f"{label:8} {number} messages of {size:.0f} kB: {paid}, {60 * number / took:.0f} a minute")
    print(f"on a ticket: {ReceivedEmail.objects.filter(state='applied').count()}")
    print(f"memory of the program of one message: {_memory(raws[0])}; of its largest: {_memory(_large())}")


def _large() -> bytes:
    """A message with a file of the largest size that is read whole."""
    file = base64.encodebytes(bytes(17 * 2**20))
    head = b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
    return head + file


def _memory(raw: bytes) -> str:
    """Asks a small process of its own: a child's memory counts that of the parent that it was born from."""
    small = (
        "import resource, subprocess, sys\n"
        "command = [sys.executable, '-I', '-m', 'calypso.mailin.parse_program', '512']\n"
        "subprocess.run(command, input=sys.stdin.buffer.read(), stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    asked = subprocess.run([sys.executable, "-c", small], input=raw, capture_output=True, check=True)
    return f"{int(asked.stdout)} MiB"


def _flood(number: int) -> None:
    """Somebody sends many messages; another person's, brought last, is timed."""
    from calypso.mailin.intake import receive
    from calypso.mailin.models import ReceivedEmail
    from calypso.mailin.processing import process_waiting

    message = (
        "From: {sender}\nTo: " + ADDRESS + "\nSubject: {number}\nMessage-ID: <flot{number}@x>\n\nTexte {number}.\n"
    )
    for place in range(number):
        receive(message.format(sender="flot@ailleurs.example", number=place).encode())
    calm = receive(message.format(sender="calme@ailleurs.example", number=number).encode())
    begun = time.perf_counter()
    before = 0

    def reached() -> bool:
        nonlocal before
        if ReceivedEmail.objects.get(pk=calm.pk).state != "waiting":
            return True
        before += 1
        return False

    process_waiting(until=reached)
    print(f"behind a flood of {number}: read after {before - 1} others, {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
