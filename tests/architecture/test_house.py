"""The house's rules that no other tool holds (docs/architecture.md)."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from calypso.ops import documentation

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted((ROOT / "src" / "calypso").rglob("*.py"))
CODE = [file for file in SOURCES if "migrations" not in file.parts]
TRACKED = [
    ROOT / name
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
]


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def test_a_file_has_one_subject_and_a_size() -> None:
    suffixes = {".py", ".css", ".js", ".html"}
    long = [
        f"{file.relative_to(ROOT)}: {lines}"
        for file in TRACKED
        if file.suffix in suffixes and "vendor" not in file.parts and "migrations" not in file.parts and file.exists()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > (600 if "tests" in file.parts else 400)
    ]
    assert long == []


def test_no_room_for_odds_and_ends() -> None:
    assert [file for file in SOURCES if file.stem in ("utils", "helpers", "misc", "common")] == []


TICKETS_AND_ABOVE = {
    *("tickets", "search", "sla", "phases", "acceptance", "teamwork", "reporting", "mailin"),
    *("composer", "demo", "portal", "desk", "live"),
}


def test_only_the_steps_write_the_state_of_a_ticket() -> None:
    """Elsewhere nobody assigns `.state`, nor gives `state=` to an update of tickets."""
    writers = set()
    for file in CODE:
        if (
            not TICKETS_AND_ABOVE & set(file.parts) or "mailin" in file.parts
        ):  # received mails have a state of their own
            continue
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
                    writers.add(file.name)
            if isinstance(node, ast.Dict) and any(
                isinstance(key, ast.Constant) and key.value == "state" for key in node.keys
            ):
                writers.add(file.name)
            called = node.func if isinstance(node, ast.Call) else None
            if (
                isinstance(called, ast.Attribute)
                and called.attr == "update"
                and "state" in {k.arg for k in node.keywords}
            ):
                writers.add(file.name)
    # outbox.py and received.py of the desk speak of the state of a mail, as a filter of their page.
    assert writers - {"outbox.py", "received.py"} == {"steps.py"}


@pytest.mark.parametrize("interface", ["signin", "portal", "desk", "live", "composer", "ui"])
def test_r1_interfaces_never_touch_a_table(interface: str) -> None:
    files = [file for file in CODE if file.relative_to(ROOT / "src" / "calypso").parts[0] == interface]
    assert files != []
    found = [
        f"{file.name}:{node.lineno}"
        for file in files
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_meta", "_base_manager")
    ]
    assert found == []


def test_a_view_is_short() -> None:
    """Over 25 statements a view hides a rule."""
    found = []
    for file in CODE:
        if "views" in file.parts:
            for node in tree(file).body:
                if isinstance(node, ast.FunctionDef):
                    statements = sum(isinstance(child, ast.stmt) for child in ast.walk(node)) - 1
                    if statements > 25:
                        found.append(f"{file.name}:{node.name} ({statements})")
    assert found == []


def test_actions_take_by_first_then_keywords() -> None:
    """`action(by, *, …)`; those without a person signed in take keywords only."""
    found = []
    for file in CODE:
        if "actions" not in file.parts and file.name != "actions.py":
            continue
        if file.name == "writing.py":
            continue
        for node in tree(file).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", "may_", "require_", "files_limit")):
                names = [argument.arg for argument in node.args.args]
                if names not in (["by"], []):
                    found.append(f"{file.name}:{node.name}({', '.join(names)})")
    assert found == []


def test_public_things_say_what_they_are() -> None:
    missing = []
    for file in CODE:
        module = tree(file)
        if not ast.get_docstring(module) and file.name != "__init__.py":
            missing.append(str(file.relative_to(ROOT)))
        missing += [
            f"{file.relative_to(ROOT)}:{node.name}"
            for node in module.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        ]
    assert missing == []


def test_nothing_names_this_machine_nor_a_registry() -> None:
    """The project stands alone: its pins come from wherever its reader's package clients look."""
    found = []
    wanted = re.compile(rf"{re.escape(str(Path.home()))}/|--(extra-)?index-url |--find-links |registry *= *http")
    for file in TRACKED:
        if file.suffix in (".woff2", ".png") or "vendor" in file.parts or file == Path(__file__) or not file.exists():
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        found += [f"{file.relative_to(ROOT)}: {match[0]}" for match in wanted.finditer(text)]
    assert found == []


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    found = []
    for file in (ROOT / "src").rglob("jinja2/**/*.html"):
        if "mail" in file.parts:
            continue
        text = file.read_text(encoding="utf-8")
        found += [
            f"{file.name}: {match[0]}"
            for match in re.finditer(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|hx-on", text)
        ]
    assert found == []


def test_generated_pages_are_up_to_date() -> None:
    assert documentation.outdated(ROOT / "docs") == []


def test_the_version_of_the_changelog_is_the_package_s() -> None:
    version = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    assert version is not None
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


FLOORS = {"django": (6, 1, 3), "granian": (2, 8), "aiosmtpd": (1, 4, 5), "argon2-cffi": (25, 1), "jinja2": (3, 1, 6)}


def test_r137_nothing_is_below_its_floor() -> None:
    text = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    for name, floor in FLOORS.items():
        pinned = re.search(rf"^{re.escape(name)}==([\d.]+)", text, re.M)
        assert pinned is not None, name
        assert tuple(int(part) for part in pinned[1].split(".")) >= floor, name


def test_locks_hold_hashes_and_no_addresses() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "http" not in text
