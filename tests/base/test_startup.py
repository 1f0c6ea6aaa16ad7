"""Settings and the checks at start (R126, R127, R137, R138)."""

import json
import logging
import subprocess
import sys
from types import SimpleNamespace

import pytest
import structlog
from django.core.checks import Error

from calypso.base import checks, journal
from calypso.config.env import Environment
from calypso.ui.networks import is_within

SAFE = {
    "PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": "k" * 50,
    "SITE_URL": "https://extranet.example",
    "ALLOWED_HOSTS": ["extranet.example"],
    "PASSWORD_RESET_TIMEOUT": 3600,
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "MAIL_FROM_GIVEN": True,
    "MAIL_SERVER": {"host": "smtp.example"},
}


def _found(**changes) -> set[str]:
    return {str(message.id) for message in checks.problems_of(SimpleNamespace(**{**SAFE, **changes}))}


def test_r138_a_safe_production_passes() -> None:
    assert _found() == set()


@pytest.mark.parametrize(
    "change, expected",
    [
        ({"DEBUG": True}, "calypso.E001"),
        ({"SECRET_KEY": "court"}, "calypso.E002"),
        ({"SITE_URL": "http://extranet.example"}, "calypso.E003"),
        ({"ALLOWED_HOSTS": ["*"]}, "calypso.E004"),
        ({"ALLOWED_HOSTS": [".example"]}, "calypso.E004"),
        ({"PASSWORD_RESET_TIMEOUT": 259200}, "calypso.E005"),
        ({"MAIL_SERVER": None}, "calypso.W002"),
        ({"MAIL_FROM_GIVEN": False}, "calypso.E007"),
    ],
)
def test_r138_each_unsafe_setting_is_named(change, expected) -> None:
    assert _found(**change) == {expected}


def test_r138_an_affected_sqlite_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 40, 1))
    assert _found(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3"}}) == {"calypso.E006"}


def test_an_embedded_installation_is_not_a_production() -> None:
    assert _found(PRODUCTION=False, DEBUG=True) == set()


@pytest.mark.parametrize(
    "version, safe",
    [
        ((3, 40, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 50, 7), True),
        ((3, 44, 6), True),
        ((3, 44, 5), False),
        ((4, 0, 0), True),
    ],
)
def test_r137_sqlite_versions(version: tuple[int, ...], safe: bool) -> None:
    assert checks.sqlite_is_safe(version) is safe


def test_r138_unsafe_production_does_not_start(tmp_path) -> None:
    """The real command, with a real environment."""
    env = {"PATH": "/usr/bin:/bin", "CALYPSO_VAR": str(tmp_path), "CALYPSO_PRODUCTION": "yes", "CALYPSO_DEBUG": "yes"}
    ran = subprocess.run(
        [sys.executable, "-m", "calypso.ops.cli", "run", "--port", "1"],
        check=False,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode != 0
    assert "calypso.E001" in ran.stderr
    assert "calypso.E003" in ran.stderr
    assert "CALYPSO_MAIL_FROM is not set" in ran.stderr


def test_r139_the_generated_secret_is_kept_and_private(tmp_path) -> None:
    env = {"PATH": "/usr/bin:/bin", "CALYPSO_VAR": str(tmp_path)}
    code = "from calypso.config import settings; print(settings.SECRET_KEY)"
    keys = [
        subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
        for _ in "12"
    ]
    assert keys[0] == keys[1]
    assert len(keys[0].strip()) >= 40
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


class TestEnvironment:
    def test_values_are_typed_and_recorded(self, monkeypatch) -> None:
        monkeypatch.setenv("CALYPSO_SIZE", "7")
        monkeypatch.setenv("CALYPSO_WORDS", "a, b,,c")
        env = Environment()
        assert env.number("SIZE", 5, "A size.") == 7
        assert env.words("WORDS", [], "Words.") == ["a", "b", "c"]
        assert [variable.name for variable in env.variables] == ["SIZE", "WORDS"]

    def test_a_value_below_its_least_is_refused_by_name(self, monkeypatch) -> None:
        monkeypatch.setenv("CALYPSO_SIZE", "0")
        with pytest.raises(ValueError, match="CALYPSO_SIZE"):
            Environment().number("SIZE", 5, "A size.", at_least=1)

    def test_a_choice_out_of_the_list_is_refused_by_name(self, monkeypatch) -> None:
        monkeypatch.setenv("CALYPSO_POLICY", "rien")
        with pytest.raises(ValueError, match="CALYPSO_POLICY"):
            Environment().choice("POLICY", "a", ["a", "b"], "A choice.")

    def test_a_secret_is_read_from_its_file(self, monkeypatch, tmp_path) -> None:
        (tmp_path / "key").write_text("tenu\n")
        monkeypatch.setenv("CALYPSO_KEY_FILE", str(tmp_path / "key"))
        assert Environment().secret("KEY", "A key.") == "tenu"

    @pytest.mark.parametrize(
        "address, expected",
        [
            ("smtp://u:p@mail.example:2525", ("mail.example", 2525, "u", "p", False, False)),
            ("smtp+tls://u:p@mail.example:587", ("mail.example", 587, "u", "p", True, False)),
            ("smtps://mail.example:465", ("mail.example", 465, "", "", False, True)),
        ],
    )
    def test_r80_a_mail_server_is_an_address(self, monkeypatch, address: str, expected: tuple[object, ...]) -> None:
        monkeypatch.setenv("CALYPSO_MAIL", address)
        options = Environment().mail_server("MAIL", "A server.")
        assert options is not None
        assert (
            tuple(options[name] for name in ("host", "port", "username", "password", "use_tls", "use_ssl")) == expected
        )

    def test_another_kind_of_address_is_refused_by_name(self, monkeypatch) -> None:
        monkeypatch.setenv("CALYPSO_MAIL", "http://mail.example")
        with pytest.raises(ValueError, match="CALYPSO_MAIL"):
            Environment().mail_server("MAIL", "A server.")

    @pytest.mark.parametrize("lost", ["/chemin", "?timeout=3", "#x"])
    def test_what_a_mail_server_cannot_use_is_refused_by_name(self, monkeypatch, lost: str) -> None:
        monkeypatch.setenv("CALYPSO_MAIL", f"smtp://mail.example{lost}")
        with pytest.raises(ValueError, match="CALYPSO_MAIL"):
            Environment().mail_server("MAIL", "A server.")

    @pytest.mark.parametrize("name, reader", [("MAIL", "mail_server"), ("BASE", "database")])
    def test_an_address_with_a_password_is_read_from_its_file(self, monkeypatch, tmp_path, name, reader) -> None:
        address = {"MAIL": "smtp://u:p@mail.example", "BASE": "postgres://u:p@base.example/calypso"}[name]
        (tmp_path / "address").write_text(address + "\n")
        monkeypatch.setenv(f"CALYPSO_{name}_FILE", str(tmp_path / "address"))
        arguments = ("MAIL", "A server.") if name == "MAIL" else ("BASE", "sqlite:////x", "x", "A database.")
        found = getattr(Environment(), reader)(*arguments)
        assert (found.get("password") or found.get("PASSWORD")) == "p"

    @pytest.mark.parametrize(
        "site",
        ["https://x.example/calypso", "https://x.example?a=1", "ftp://x.example", "x.example", "https://u@x.example"],
    )
    def test_a_site_whose_address_would_be_cut_is_refused_by_name(self, monkeypatch, site: str) -> None:
        monkeypatch.setenv("CALYPSO_SITE", site)
        with pytest.raises(ValueError, match="CALYPSO_SITE"):
            Environment().site("SITE", "", "A site.")

    @pytest.mark.parametrize("host", ["https://x.example", "x.example:8443", "x.example/a"])
    def test_a_host_that_no_browser_sends_is_refused_by_name(self, monkeypatch, host: str) -> None:
        monkeypatch.setenv("CALYPSO_HOSTS", host)
        with pytest.raises(ValueError, match="CALYPSO_HOSTS"):
            Environment().hosts("HOSTS", [], "Hosts.")

    def test_r41_a_proxy_is_an_address_or_a_network_never_a_name(self, monkeypatch) -> None:
        monkeypatch.setenv("CALYPSO_PROXIES", "127.0.0.1,10.0.0.0/8,::1")
        networks = Environment().networks("PROXIES", [], "Proxies.")
        assert is_within("10.9.8.7", networks)
        assert is_within("::1", networks)
        assert not is_within("192.168.0.1", networks)
        assert not is_within("", networks)
        monkeypatch.setenv("CALYPSO_PROXIES", "proxy.internal")
        with pytest.raises(ValueError, match="CALYPSO_PROXIES"):
            Environment().networks("PROXIES", [], "Proxies.")

    def test_a_variable_that_nothing_reads_is_named(self, monkeypatch) -> None:
        monkeypatch.setenv("CALYPSO_SIZE", "7")
        monkeypatch.setenv("CALYPSO_SIZE_FILE", "/x")
        monkeypatch.setenv("CALYPSO_KEY_FILE", "/x")
        monkeypatch.setenv("CALYPSO_EMAILURL", "smtp://x")
        env = Environment()
        env.number("SIZE", 5, "A size.")
        monkeypatch.delenv("CALYPSO_KEY_FILE")
        env.secret("KEY", "A key.")
        monkeypatch.setenv("CALYPSO_KEY_FILE", "/x")
        ours = {"CALYPSO_SIZE_FILE", "CALYPSO_EMAILURL"}
        assert ours <= set(env.unknown())
        assert not {"CALYPSO_SIZE", "CALYPSO_KEY_FILE"} & set(env.unknown())


class TestDatabase:
    """Each option of an address is used, or refused by its name (R80, R138)."""

    def read(self, monkeypatch, address: str) -> dict[str, object]:
        monkeypatch.setenv("CALYPSO_BASE", address)
        return Environment().database("BASE", "sqlite:////x", "x", "A database.")

    def test_the_options_of_libpq_are_used(self, monkeypatch) -> None:
        address = (
            "postgres://u:p%40@h1:5432,h2:5433/base?sslmode=verify-full&target_session_attrs=read-write&sslrootcert=/ca"
        )
        read = self.read(monkeypatch, address)
        assert {name: read[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
            "NAME": "base",
            "USER": "u",
            "PASSWORD": "p@",
            "HOST": "h1,h2",
            "PORT": "5432,5433",
        }
        assert read["OPTIONS"] == {
            "sslmode": "verify-full",
            "target_session_attrs": "read-write",
            "sslrootcert": "/ca",
        }

    @pytest.mark.parametrize(
        "address, named",
        [
            ("postgres://u@h/base?sslmod=require", "sslmod"),
            ("mysql://u@h/base", "CALYPSO_BASE"),
            ("sqlite:////x/base.sqlite3?timeout=5", "timeout"),
            ("sqlite://host/x", "host"),
        ],
    )
    def test_what_cannot_be_used_is_refused_by_name(self, monkeypatch, address: str, named: str) -> None:
        with pytest.raises(ValueError, match=named) as refusal:
            self.read(monkeypatch, address)
        assert "CALYPSO_BASE" in str(refusal.value)

    def test_the_settings_keep_them_beside_their_own(self, tmp_path) -> None:
        code = "from calypso.config import settings; print(settings.DATABASES['default']['OPTIONS'])"
        env = {"PATH": "/usr/bin", "CALYPSO_VAR": str(tmp_path)}
        env["CALYPSO_DATABASE_URL"] = "postgres://u@h1,h2/base?sslmode=verify-full&connect_timeout=3"
        ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        for option in ("'sslmode': 'verify-full'", "'connect_timeout': '3'", "'server_side_binding': True"):
            assert option in ran.stdout

    def test_no_mail_server_is_a_state(self) -> None:
        assert Environment().mail_server("NOMAIL", "A server.") is None


def _line(capsys, write) -> dict[str, object]:
    from calypso.base.logs import configure

    configure({"level": "INFO"})
    try:
        write()
        return json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    finally:
        configure({"level": "ERROR"})


def test_r126_a_log_line_cannot_be_forged(capsys) -> None:
    forged = 'x\n{"event": "faux"}\x1b[31m'
    said = _line(capsys, lambda: logging.getLogger("essai").error("nom %s", forged))
    assert said["event"] == f"nom {forged}"


def test_r127_secrets_are_masked(capsys) -> None:
    said = _line(
        capsys,
        lambda: structlog.stdlib.get_logger("essai").error(
            "x", password="s3cret", csrf_token="t", path="/mot-de-passe/lien/reset/abc.def-123"
        ),
    )
    assert said["password"] == said["csrf_token"] == "***"
    assert said["path"] == "/mot-de-passe/lien/***"


def test_r128_a_journal_entry_says_who_and_what(capsys) -> None:
    said = _line(capsys, lambda: journal.record("login.failed", actor="abc", known=True))
    assert (said["event"], said["actor"], said["known"], said["logger"]) == (
        "login.failed",
        "abc",
        True,
        "calypso.journal",
    )


def test_the_check_runs_on_the_real_settings() -> None:
    assert checks.production_is_safe(None) == []
    found = checks.problems_of(SimpleNamespace(**{**SAFE, "DEBUG": True}))
    assert found
    assert [message for message in found if not isinstance(message, Error)] == []
