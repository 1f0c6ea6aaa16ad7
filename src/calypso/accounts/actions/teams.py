"""The teams of the vendor: who belongs to which (I4). For administrators."""

from django.db import IntegrityError, transaction

from calypso.accounts.access import require
from calypso.accounts.capabilities import Capability
from calypso.accounts.models import Team, TeamMember, User
from calypso.base import journal
from calypso.base.errors import Invalid
from calypso.base.i18n import gettext as _
from calypso.base.references import new_key
from calypso.base.text import NAME_FOLDED_MAX, NAME_MAX, fold_within, is_key
from calypso.base.validation import Input


def save_team(by: User, *, name: str, members: set[str], team: Team | None = None) -> Team:
    """Makes a team, or gives a known one this name and exactly these members, named by their keys.

    For who manages the team. Raises Invalid for an empty or known name, or somebody who is not of the staff.
    """
    require(by, Capability.MANAGE_TEAM)
    checked = Input()
    clean = checked.line("name", name, NAME_MAX, required=True)
    known = {key for key in members if is_key(key)}
    people = list(User.objects.filter(kind=User.Kind.STAFF, active=True, key__in=known))
    if len(people) != len(members):
        checked.refuse("members", _("Choisissez des membres de l'équipe, dans la liste."))
    checked.done()
    try:
        with transaction.atomic():
            saved = team or Team(key=new_key())
            saved.name, saved.name_key = clean, fold_within(clean, NAME_FOLDED_MAX)
            saved.save()
            TeamMember.objects.filter(team=saved).exclude(user__in=people).delete()
            rows = [TeamMember(team=saved, user=person) for person in people]
            TeamMember.objects.bulk_create(rows, ignore_conflicts=True)
    except IntegrityError:
        raise Invalid({"name": [_("Une équipe porte déjà ce nom.")]}) from None
    journal.record("team.saved", actor=by.key, team=saved.key, members=len(people))
    return saved


def remove_team(by: User, *, team: Team) -> None:
    """Removes a team; its members stay what they are. For who manages the team."""
    require(by, Capability.MANAGE_TEAM)
    team.delete()
    journal.record("team.removed", actor=by.key, team=team.key)
