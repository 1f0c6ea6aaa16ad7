"""The people of the demonstration. Addresses use the reserved `.example` domain."""

from dataclasses import dataclass

from calypso.accounts.actions.people import Identity
from calypso.accounts.capabilities import Role

CLIENT_PASSWORD = "calypso1"  # noqa: S105 - the demonstration's, printed at start; a real installation has no account
STAFF_PASSWORD = "calypso-equipe-2026"  # noqa: S105 - idem

LENI_TESTS, SALON_PARIS = "LENI - TESTS", "SALON PARIS"


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the demonstration; `name` identifies them in the stories."""

    name: str
    identity: Identity
    companies: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    connected: bool = True


def _contact(
    name: str, civility: str, first: str, last: str, email: str, *companies: str, connected: bool = True
) -> Person:
    return Person(name, Identity(email, first, last, civility), companies, connected=connected)


def _staff(name: str, civility: str, first: str, last: str, email: str, role: Role) -> Person:
    return Person(name, Identity(email, first, last, civility), roles=(role,))


ADMIN = _staff("admin", "Mme", "Ada", "MINISTRE", "admin@leni.example", Role.ADMIN)
STAFF = (
    _staff("xb", "M.", "Xavier", "BROSSET", "xavier.brosset@leni.example", Role.MANAGER),
    _staff("sb", "Mme", "Sincère", "BRANDY", "sincere.brandy@leni.example", Role.AGENT),
    _staff("ps", "M.", "Paul", "SUPPORT", "paul.support@leni.example", Role.SUPPORT),
    _staff("rd", "Mme", "Rose", "DURAND", "rose.durand@leni.example", Role.RD),
)
CONTACTS = (
    _contact("declarant", "M.", "Xavier", "DECLARANT", "xavier.declarant@leni-tests.example", LENI_TESTS),
    _contact("cdp", "M.", "Xavier", "CDPCLIENT", "xavier.cdpclient@leni-tests.example", LENI_TESTS),
    _contact("jco", "", "Test jco", "TEST JCO", "testjco@leni-tests.example", LENI_TESTS),
    _contact("sophie", "Mme", "Sophie", "DUPONT", "sophie.dupont@leni-tests.example", LENI_TESTS),
    _contact("olivier", "M.", "Olivier", "TEST - JOLY", "olivier.joly@leni-tests.example", LENI_TESTS),
    _contact("xtb", "M.", "Xavier", "TEST - BROSSET", "xavier.test@leni-tests.example", LENI_TESTS),
    _contact("jacques", "M.", "Jacques", "MARTIN", "jacques.martin@leni-tests.example", LENI_TESTS, connected=False),
    _contact("claire", "Mme", "Claire", "MOREAU", "claire.moreau@salon-paris.example", SALON_PARIS),
    _contact("hugo", "M.", "Hugo", "PETIT", "hugo.petit@salon-paris.example", SALON_PARIS),
    _contact("agathe", "Mme", "Agathe", "VIDAL", "agathe.vidal@agence.example", LENI_TESTS, SALON_PARIS),
)
