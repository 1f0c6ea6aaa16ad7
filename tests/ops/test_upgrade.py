"""An installation of each released version, brought to the newest code: it migrates, is well, and every page opens."""

import json
from pathlib import Path

import pytest

from tests.contracts.routes import POST_ONLY, ROUTES
from tests.installation import installation
from tests.ops import installations

# Follows every link from the first page of each person; prints the routes that answered, and the refusals.
CRAWL = """
import json, re, time
from django.test import Client
from django.urls import resolve, reverse
from calypso.acceptance.models import BatchItem
from calypso.accounts.models import User
from calypso.accounts.sessions import SEEN_FIELD, STARTED_FIELD, USER_FIELD
opened, refused = set(), []
waiting = BatchItem.objects.filter(decision="", batch__published_at__isnull=False)
review = waiting.select_related("ticket", "batch__project__client_manager")[0]
project = review.batch.project.key
for person in (review.batch.project.client_manager, User.objects.get(email="admin@leni.example")):
    browser = Client(headers={"host": "localhost"})
    browser.force_login(person)
    session = browser.session
    session[USER_FIELD], session[SEEN_FIELD], session[STARTED_FIELD] = person.pk, time.time(), time.time()
    session.save()
    todo, seen, by_route = ["/", "/tickets/", "/healthz", "/readyz"], set(), {}
    if person.is_client:
        todo += [reverse("portal:review", args=[review.batch.key, review.ticket.reference]), reverse("portal:offer")]
        todo += [reverse("portal:phase", args=[project]), reverse("portal:section", args=[project, "in_progress"])]
    else:
        todo += ["/equipe/", reverse("desk:search") + "?q=badge", reverse("desk:new_batch", args=[project])]
    while todo:
        path = todo.pop(0)
        name = resolve(path.partition("?")[0]).view_name
        by_route[name] = by_route.get(name, 0) + 1
        if path in seen or by_route[name] > 4 or name in ("signin:logout", "portal:record_pdf"):
            continue
        seen.add(path)
        answer = browser.get(path, follow=False)
        if answer.status_code not in (200, 302):
            refused.append([person.email, path, answer.status_code])
        opened.add(name)
        if answer.status_code == 302 and answer["Location"].startswith("/"):
            todo.append(answer["Location"])
        if answer.status_code == 200 and not answer.streaming:
            html = answer.content.decode(errors="replace")
            links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', html)]
            todo += [link for link in links if "/static/" not in link and "langue=" not in link]
print(json.dumps([sorted(opened), refused]))
"""
# Reached by a form, a mail or a state that the demonstration does not hold.
ELSEWHERE = {
    *("gallery", "robots", "favicon", "signin:logout", "signin:choose", "signin:open_link", "signin:captcha"),
    *("signin:second_step", "signin:add_factor", "signin:recovery_codes", "signin:remove_factor"),
    *(
        "signin:first_connection",
        "signin:forgotten",
        "signin:login",
        "portal:record_pdf",
        "portal:nearby",
        "desk:nearby",
    ),
    *("desk:colleagues", "live:since", "desk:pick", "portal:picture", "portal:draft_picture"),
    *(
        "desk:received_mail",
        "desk:raw_mail",
        "portal:original",
        "portal:act",
        "portal:priority",
    ),  # nothing was received by a release of before
    *("brand_colours", "desk:order", "desk:order_file", "logo"),
}


@pytest.mark.parametrize("version", installations.versions())
def test_an_installation_of_a_release_becomes_the_newest(version: str, tmp_path: Path) -> None:
    copy = installations.unpack(version, tmp_path)
    with installation(tmp_path / "state") as made:
        made.run("restore", str(copy))
        made.run("resume")
        assert "No changes" in made.run("makemigrations", "--check", "--dry-run")
        made.python("from calypso.ops.assets import collect; collect()")
        made.run("doctor")
        opened, refused = json.loads(made.python(CRAWL))
        assert refused == []
        left = sorted(ROUTES.keys() - set(opened) - set(POST_ONLY) - ELSEWHERE)
        assert left == [], left


def test_a_copy_of_a_release_is_kept_on_both_engines() -> None:
    kept = {file.name for file in installations.KEPT.glob("*.tar.xz")}
    assert kept == {f"0.1.0-{engine}.tar.xz" for engine in ("sqlite", "postgresql")}
