"""« Droits de visualisation du projet » through its page (S52–S58, R6, R7)."""

import pytest

from calypso.accounts.actions.people import set_contact_active
from calypso.projects.models import ViewingRight
from tests.pages import form, in_order, words
from tests.world import World


class TestRights:
    @pytest.mark.checklist("S52-S58")
    def test_the_page_previews_then_saves(self, browser, world: World) -> None:
        opened, path = browser("pm"), f"/projets/{world.project('A2').key}/droits/"
        assert in_order(
            opened.get(path),
            "Retour à la liste des tickets",
            f"Projet : {world.project('A2').name}",
            "Ajoutez ou supprimez les personnes autorisées à voir le projet.",
            "À partir du moment où il y a un interlocuteur d'ajouté, les droits de visualisation s'appliquent.",
            "Tous les contacts de votre société voient ce projet.",
            "Ajouter",
        )
        preview = opened.post(path, {"add": world.dec.key})
        assert in_order(
            preview,
            "Avant d'enregistrer",
            "Ne verront plus le projet :",
            "Odile BSAINT",
            "Oscar UTILE",
            "1 ticket en cours concerné",
            world.ticket("A2").reference,
        )
        assert not world.project("A2").restricted
        assert opened.post(path, {**form(preview, ""), "save": "1"})["Location"] == path + "?fait=droits"
        assert world.project("A2").restricted
        assert in_order(opened.get(path), "Nom Prénom Email Actions", "ECLUSE Denis dec@alpha.example", "Retirer")

    def test_adding_nobody_is_said_and_who_will_be_allowed_is_named(self, browser, world: World) -> None:
        opened, path = browser("pm"), f"/projets/{world.project('A2').key}/droits/"
        nobody = opened.post(path)
        assert nobody.status_code == 422
        assert "Cochez au moins une personne." in words(nobody)
        assert "Avant d'enregistrer" not in words(nobody)
        preview = opened.post(path, {"add": world.dec.key})
        assert "Seront autorisés à voir le projet : Denis ECLUSE" in words(preview)
        again = opened.post(path, {"viewers": world.dec.key})
        assert in_order(again, "Seront autorisés à voir le projet : Denis ECLUSE", "Cochez au moins une personne.")

    @pytest.mark.checklist("S58")
    def test_r6_emptying_the_list_is_confirmed(self, browser, world: World) -> None:
        opened, path = browser("pm"), f"/projets/{world.project('A1').key}/droits/"
        for name in ("obs", "dec"):
            listed = (
                [key for key in (world.dec.key, world.obs.key) if key != world.person("obs").key]
                if name == "dec"
                else [world.dec.key, world.obs.key]
            )
            preview = opened.post(path, {"viewers": listed, "remove": world.person(name).key})
            saved = opened.post(path, {**form(preview, ""), "save": "1"})
        assert saved.status_code == 409
        assert "confirmez-le" in words(saved)
        assert "Le projet redevient visible par les 4 personnes de votre société." in words(preview)
        confirmed = {**form(saved, ""), "save": "1", "open_to_all": "on"}
        assert opened.post(path, confirmed).status_code == 302
        assert not world.project("A1").restricted

    def test_a_listed_person_whose_account_is_closed_blocks_nothing(self, browser, world: World) -> None:
        """One reading of the list: what the page shows is what is compared, kept and removed."""
        opened, path = browser("pm"), f"/projets/{world.project('A1').key}/droits/"
        set_contact_active(world.admin, person=world.obs, active=False)
        page = opened.get(path)
        assert in_order(page, "BSAINT", "Compte désactivé", "Odile")
        listed = [world.dec.key, world.obs.key]
        preview = opened.post(path, {"viewers": listed, "add": world.out.key})
        assert "Oscar UTILE" in words(preview)
        assert opened.post(path, {**form(preview, ""), "save": "1"})["Location"] == path + "?fait=droits"
        set_contact_active(world.admin, person=world.obs, active=True)
        assert "seen" in form(opened.post(path, {"viewers": listed}), "")
        assert browser("obs").get(f"/projets/{world.project('A1').key}/").status_code == 200, "nothing was lost"
        set_contact_active(world.admin, person=world.obs, active=False)
        preview = opened.post(path, {"viewers": [*listed, world.out.key], "remove": world.obs.key})
        assert opened.post(path, {**form(preview, ""), "save": "1"}).status_code == 302
        assert "BSAINT" not in words(opened.get(path))
        assert "BSAINT" not in words(opened.post(path, {"add": world.obs.key})).split("Personnes autorisées")[0]

    def test_r102_a_list_that_changed_meanwhile_is_shown_again(self, browser, world: World) -> None:
        path = f"/projets/{world.project('A1').key}/droits/"
        first, second = browser("pm"), browser("manager")
        previews = [opened.post(path, {"viewers": [world.dec.key]}) for opened in (first, second)]
        assert first.post(path, {**form(previews[0], ""), "save": "1"}).status_code == 302
        late = second.post(path, {**form(previews[1], ""), "save": "1"})
        assert late.status_code == 409
        assert in_order(late, "La liste a changé entre-temps", "Personne ne gagne ni ne perd la vue du projet.")

    def test_r102_an_addition_to_a_list_that_changed_never_removes_anybody(self, browser, world: World) -> None:
        path = f"/projets/{world.project('A1').key}/droits/"
        mine, other = browser("pm"), browser("manager")
        listed = [world.dec.key, world.obs.key]
        preview = mine.post(path, {"viewers": listed, "add": world.out.key})
        theirs = other.post(path, {"viewers": listed, "add": world.pm.key})
        assert other.post(path, {**form(theirs, ""), "save": "1"}).status_code == 302
        late = mine.post(path, {**form(preview, ""), "save": "1"})
        assert late.status_code == 409
        assert mine.post(path, {**form(late, ""), "save": "1"}).status_code == 302
        listed_now = set(ViewingRight.objects.filter(project=world.project("A1")).values_list("user__key", flat=True))
        assert listed_now == {*listed, world.out.key, world.pm.key}

    def test_nothing_to_change_says_so(self, browser, world: World) -> None:
        path = f"/projets/{world.project('A1').key}/droits/"
        answer = browser("pm").post(path, {"viewers": world.dec.key, "add": world.obs.key})
        assert "Personne ne gagne ni ne perd la vue du projet." in words(answer)

    def test_the_team_manages_them_too(self, browser, world: World) -> None:
        page = browser("manager").get(f"/projets/{world.project('A1').key}/droits/")
        assert f'href="/equipe/projets/{world.project("A1").key}/"' in page.content.decode()
