"""English is a complete translation, and no page in French holds a word that was never marked (decision 25)."""

import re

import pytest

from calypso.ops import catalogues


def test_every_message_has_its_english_and_nothing_else() -> None:
    catalogue = catalogues.english()
    messages = set(catalogues.extracted())
    known = {tuple(row.id) if isinstance(row.id, list | tuple) else row.id: row for row in catalogue if row.id}
    assert len(messages) > 1000
    assert sorted(map(str, messages - set(known))) == []
    assert sorted(map(str, set(known) - messages)) == []
    for row in known.values():
        texts = row.string if isinstance(row.string, tuple | list) else [row.string]
        assert all(texts), row.id
        assert "fuzzy" not in row.flags
        sources = row.id if isinstance(row.id, tuple | list) else [row.id]
        for source, text in zip(sources, texts, strict=True):
            assert set(re.findall(r"%\(\w+\)[sd]", source)) == set(re.findall(r"%\(\w+\)[sd]", text)), row.id


FRENCH = re.compile(r"[éèêàçœ«»]|\b(?:le|la|les|des|du|une|votre|vous|pour|avec|dans|sur)\b", re.I)


@pytest.mark.parametrize(
    "who, path",
    [
        ("", "/connexion/?langue=en"),
        ("", "/aide/?langue=en"),
        ("", "/confidentialite/?langue=en"),
        ("", "/conditions/?langue=en"),
        ("", "/premiere-connexion/?langue=en"),
        ("", "/mot-de-passe/oublie/?langue=en"),
        ("pm", "/projets/"),
        ("pm", "/projets/{project}/"),
        ("pm", "/projets/{project}/droits/"),
        ("pm", "/projets/{project}/clos/"),
        ("pm", "/projets/{project}/tickets/nouveau/"),
        ("pm", "/tickets/"),
        ("pm", "/tickets/{ticket}/"),
        ("pm", "/profil/"),
        ("admin", "/equipe/"),
        ("admin", "/equipe/tickets/{ticket}/"),
        ("admin", "/equipe/tickets/nouveau/?projet={project}"),
        ("admin", "/equipe/societes/"),
        ("admin", "/equipe/societes/{company}/"),
        ("admin", "/equipe/projets/"),
        ("admin", "/equipe/projets/{project}/"),
        ("admin", "/equipe/courriers/"),
    ],
)
def test_a_page_in_english_has_no_french_left(who: str, path: str, browser, world) -> None:
    from calypso.accounts.models import User
    from tests.pages import words
    from tests.world import drop_waiting

    User.objects.update(locale="en")
    drop_waiting()
    project = world.project("A1")
    address = path.format(project=project.key, ticket=world.ticket("A1").reference, company=project.organization.key)
    text = words(browser(who).get(address))
    text = re.sub(
        r"Français|Léni|Ticket [AB]\d|Description canari\w+|Contexte canari\w+|Commentaire canari\w+|Note canari\w+",
        "",
        text,
    )
    if "courriers" in path:
        text = re.sub(r"Subject.*", "", text)
    if "equipe/tickets/" in path:
        text = re.sub(r"E-mails \(.*", "", text)
    assert FRENCH.findall(text) == []
