"""The teams of the vendor and their members (I4). For administrators."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.emails import clean_email, email_key
from calypso.accounts.models import Team, TeamMember, User
from calypso.accounts.senders import SENDERS
from calypso.base import journal
from calypso.base.editing import merge
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.process_cache import forget
from calypso.base.references import new_key
from calypso.base.text import NAME_FOLDED_MAX, NAME_MAX, Unreadable, fold_within, is_key
from calypso.base.validation import Input


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What the form of a team changes: its name, its members by their keys, the address that it writes from."""

    name: str
    members: frozenset[str]
    mail_from: str = ""


def save_team(
    by: User,
    *,
    name: str,
    members: set[str],
    mail_from: str = "",
    team: Team | None = None,
    shown: TeamFacts | None = None,
) -> Team:
    """Creates a team, or gives an existing one this name and these members, identified by their keys.

    The mails about the tickets of its members are written from `mail_from`, when it is not empty.

    With `shown`, what the page showed, only what differs from it changes (R102). Raises Conflict when somebody else
    changed the name meanwhile. For those who manage the team. Raises Invalid for an empty or existing name, or for a
    member who is not active staff.
    """
    require(by, Capability.MANAGE_TEAM)
    if team is not None and shown is not None:
        current = frozenset(TeamMember.objects.filter(team=team).values_list("user__key", flat=True))
        given = TeamFacts(name, frozenset(members), mail_from)
        facts = merge(shown, given, TeamFacts(team.name, current, team.mail_from))
        name, members, mail_from = facts.name, set(facts.members), facts.mail_from
    checked = Input()
    clean_name = checked.line("name", name, NAME_MAX, required=True)
    keys = {key for key in members if is_key(key)}
    people = list(User.objects.filter(kind=User.Kind.STAFF, active=True, key__in=keys))
    if len(people) != len(members):
        checked.refuse("members", _("Choisissez des membres de l'équipe, dans la liste."))
    try:
        address = clean_email(mail_from) if mail_from.strip() else ""
    except (ValidationError, Unreadable):
        address = ""
        checked.refuse("mail_from", _("Indiquez une seule adresse e-mail, comme support@exemple.fr."))
    if address and User.objects.filter(email_key=email_key(address)).exists():
        checked.refuse("mail_from", _("Cette adresse est celle d'une personne."))
    checked.done()
    try:
        with transaction.atomic():
            stored_team = team or Team(key=new_key())
            stored_team.name, stored_team.name_key = clean_name, fold_within(clean_name, NAME_FOLDED_MAX)
            stored_team.mail_from = address
            stored_team.save()
            TeamMember.objects.filter(team=stored_team).exclude(user__in=people).delete()
            rows = [TeamMember(team=stored_team, user=person) for person in people]
            TeamMember.objects.bulk_create(rows, ignore_conflicts=True)
    except IntegrityError:
        raise Invalid({"name": [_("Une équipe porte déjà ce nom.")]}) from None
    forget(SENDERS, ())
    journal.record("team.saved", actor=by.key, team=stored_team.key, members=len(people))
    return stored_team


def remove_team(by: User, *, team: Team) -> None:
    """Deletes a team; its members keep their accounts and roles. For those who manage the team."""
    require(by, Capability.MANAGE_TEAM)
    team.delete()
    forget(SENDERS, ())
    journal.record("team.removed", actor=by.key, team=team.key)
