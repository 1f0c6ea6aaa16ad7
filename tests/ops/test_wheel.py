"""What a vendor installs: the built wheel in an empty environment, behind the shipped proxies (R34, R49, R125, R137)."""

import http.cookiejar
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import on_postgresql
from tests.files import PDF
from tests.installation import Installation, free_port, wait_for
from tests.smtp import SmtpServer

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.skipif(not on_postgresql(), reason="what a vendor installs in public stands on PostgreSQL"),
    pytest.mark.xdist_group("wheel"),
]
PASSWORD = "Bateau-lavoir-7-sur-la-butte"


def uv(*arguments: str) -> None:
    program = shutil.which("uv") or str(ROOT / ".uv/bin/uv")
    ran = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def _built(folder: Path) -> Path:
    """A wheel of the sources as they stand, with nothing that only a checkout holds."""
    sources = folder / "sources"
    sources.mkdir()
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    skipped = shutil.ignore_patterns("*.mo", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT / "src", sources / "src", ignore=skipped)
    uv("build", "--quiet", "--wheel", "--out-dir", str(folder), str(sources))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and what it needs, and nothing of the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    made = folder / "environment"
    wheel = Path(os.environ["CALYPSO_WHEEL"]) if "CALYPSO_WHEEL" in os.environ else _built(folder)
    uv("venv", "--quiet", "--python", "3.13", str(made))
    python = made / "bin/python"
    pins = str(ROOT / "requirements/base.txt")
    uv("pip", "sync", "--quiet", "--python", str(python), "--require-hashes", pins)
    uv("pip", "install", "--quiet", "--python", str(python), "--no-deps", str(wheel))
    return python


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificate")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        + ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )
    return cert, key


def nginx(folder: Path, plain: int, secure: int, port: int, certificate: tuple[Path, Path]) -> list[str]:
    """The shipped file with this machine's ports and certificate, inside what Debian wraps around it."""
    site = (ROOT / "docs/exploitation/nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        (r"listen \[::\].*\n", "\n"),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ", f"listen 127.0.0.1:{secure} "),
        (r"extranet\.vendeur\.example;", "localhost;"),
        (r"ssl_certificate /.*;", f"ssl_certificate {certificate[0]};"),
        (r"ssl_certificate_key /.*;", f"ssl_certificate_key {certificate[1]};"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{port}"),
        (r"client_body_timeout 15s", "client_body_timeout 1s"),
    ):
        site, number = re.subn(old, new, site)
        assert number, old
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"include {folder}/site.conf; }}\n",
        encoding="utf-8",
    )
    folder.chmod(0o755)
    return ["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off; user root;"]


def caddy(folder: Path, plain: int, secure: int, port: int, certificate: tuple[Path, Path]) -> list[str]:
    site = (ROOT / "docs/exploitation/Caddyfile").read_text(encoding="utf-8")
    for old, new in (
        (r"^\{\n", f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {secure}\n\tdefault_bind 127.0.0.1\n"),
        (r"extranet\.vendeur\.example \{", f"localhost {{\n\ttls {certificate[0]} {certificate[1]}"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{port}"),
        (r"read_body 60s", "read_body 1s"),
    ):
        site, number = re.subn(old, new, site, count=1 if old.startswith("^") else 0, flags=re.M)
        assert number, old
    (folder / "Caddyfile").write_text(site, encoding="utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


class Browser:
    """Cookies, forms and their protection, over https, trusting the certificate of the test only."""

    def __init__(self, address: str, certificate: Path) -> None:
        self.address = address
        self.trust = ssl.create_default_context(cafile=str(certificate))
        handlers = (
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
            urllib.request.HTTPSHandler(context=self.trust),
        )
        self._opener = urllib.request.build_opener(*handlers)
        self.headers: dict[str, str] = {}
        self.page = ""

    def _open(self, request: urllib.request.Request) -> str:
        with self._opener.open(request, timeout=30) as answer:
            self.headers = {name.lower(): value for name, value in answer.headers.items()}
            self.page, self.url = answer.read().decode(), answer.url
        return self.page

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(path if path.startswith("http") else self.address + path))

    def post(self, path: str, files: list[tuple[str, bytes]] | None = None, **fields: str) -> str:
        """Posts what the last page's form would: its token and one-time key come along."""
        for name in ("csrfmiddlewaretoken", "cle", "compte", "version"):
            found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
            if found and name not in fields:
                fields[name] = found[1]
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()
        ]
        for name, content in files or []:
            head = f'--x\r\nContent-Disposition: form-data; name="attachments"; filename="{name}"\r\n\r\n'
            parts.append(head.encode() + content + b"\r\n")
        request = urllib.request.Request(self.address + path, data=b"".join(parts) + b"--x--\r\n")
        request.add_header("Content-Type", "multipart/form-data; boundary=x")
        request.add_header("Origin", self.address)
        request.add_header("Referer", self.address + path)
        return self._open(request)


@contextmanager
def served(interpreter: Path, folder: Path, smtp: SmtpServer, secure: int) -> Iterator[Installation]:
    """The wheel's commands, as the guide gives them."""
    made = Installation(
        folder,
        interpreter=interpreter,
        CALYPSO_SITE_URL=f"https://localhost:{secure}",
        CALYPSO_EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}",
        CALYPSO_MAIL_FROM="extranet@atelier.example",
        CALYPSO_CLIENT_PASSWORD_POLICY="cnil",
        CALYPSO_TRUSTED_PROXIES="127.0.0.1",
    )
    try:
        made.run("migrate", "-v0")
        yield made
    finally:
        made.close()


@contextmanager
def proxied(command: list[str], secure: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:

        def listens() -> bool:
            assert process.poll() is None, command
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", secure)) == 0

        wait_for(listens)
        yield
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_the_wheel_behind_the_shipped_proxy(proxy, interpreter: Path, certificate, tmp_path: Path) -> None:
    plain, secure = free_port(), free_port()
    (tmp_path / "proxy").mkdir()
    with SmtpServer() as smtp, served(interpreter, tmp_path / "state", smtp, secure) as made:
        nameless = made.start("init", "ada@atelier.example", "Ada", "MINISTRE")
        assert nameless.wait(60) != 0
        assert "donnez --vendor et --support" in made.said(nameless)
        names = ("--vendor=Atelier", "--support=support@atelier.example")
        link = re.search(r"https://\S+/lien/\S+", made.run("init", "ada@atelier.example", "Ada", "MINISTRE", *names))
        assert link is not None
        made.start("run", "--port", str(made.port), "--workers", "2", "--no-migrate")
        made.address = f"http://127.0.0.1:{made.port}"
        wait_for(made.answers)
        with proxied(proxy(tmp_path / "proxy", plain, secure, made.port, certificate), secure):
            browser = Browser(f"https://localhost:{secure}", certificate[0])

            # Both languages, and what a public page owes.
            assert "Bienvenue sur" in browser.get("/connexion/?langue=fr")
            assert browser.headers["strict-transport-security"] == "max-age=31536000"
            assert "Welcome to" in browser.get("/connexion/?langue=en")
            script = re.search(r'src="(/static/calypso/js/calypso\.\w+\.js)"', browser.page)
            assert script is not None
            imported = re.search(r'"(\./behaviours\.\w+\.js)"', browser.get(script[1]))
            assert imported is not None, "modules name each other by what they hold"
            assert "export function behave" in browser.get(urllib.parse.urljoin(script[1], imported[1]))

            # The first administrator gets in, a client is invited, and the mail arrives.
            browser.get("/connexion/?langue=fr")
            browser.get(link[0])
            browser.post("/mot-de-passe/choisir/", password=PASSWORD, confirmation=PASSWORD)
            browser.post("/connexion/", email="ada@atelier.example", password=PASSWORD)
            assert "Tous les tickets" in browser.get("/equipe/")
            browser.get("/equipe/societes/")
            browser.post("/equipe/societes/", name="SALONS")
            company = browser.url.split("?")[0].removeprefix(browser.address)
            browser.get(company)
            browser.post(
                f"{company}contacts/",
                first_name="Zoé",
                last_name="CLIENTE",
                email="zoe@salons.example",
                locale="en",
                civility="",
            )
            wait_for(lambda: smtp.to("zoe@salons.example"))
            invitation = smtp.to("zoe@salons.example")[0]
            text = invitation.get_body(("plain",)).get_content()  # type: ignore[union-attr]
            assert text.startswith("Hello"), "a mail speaks the language of its reader"
            assert invitation["From"] == "Atelier - Calypso <extranet@atelier.example>"
            browser.get(company)
            manager = re.search(r'<option value="(\w+)">Ada MINISTRE', browser.page)
            assert manager is not None
            browser.post(f"{company}projets/", name="Portail", vendor_manager=manager[1])

            # The client, in English, posts twelve megabytes.
            client = Browser(browser.address, certificate[0])
            chosen = re.search(r"https://\S+/lien/\S+", text)
            assert chosen is not None
            client.get(chosen[0])
            client.post("/mot-de-passe/choisir/", password=PASSWORD, confirmation=PASSWORD)
            client.post("/connexion/", email="zoe@salons.example", password=PASSWORD)
            opening = re.search(r"/projets/\w+/", client.get("/projets/"))
            assert opening is not None
            client.get(f"{opening[0]}tickets/nouveau/")
            heavy = PDF + b"0" * (6 * 2**20)
            client.post(
                f"{opening[0]}tickets/nouveau/", [("a.pdf", heavy), ("b.pdf", heavy)], title="Heavy", priority="1"
            )
            assert "a.pdf" in client.page
            assert "b.pdf" in client.page

            # A stream speaks at once, a body that stops is cut.
            opened = client._opener.open(f"{client.address}/direct/?sujet=moi", timeout=10)
            assert opened.readline() == b": bonjour\n"
            opened.close()
            assert cut_after(browser, secure) < 20

            # What the installation says of itself.
            made.run("backup", str(tmp_path / "copy"))
            said = made.run("doctor")
            assert "en panne" not in said
            assert "à faire" not in said
        with urllib.request.urlopen(f"{made.address}/healthz", timeout=5) as answer:
            assert answer.read() == b"ok"


def cut_after(browser: Browser, port: int) -> float:
    """Seconds until the proxy ends a request whose body stops half-way."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
        line = browser.trust.wrap_socket(plain, server_hostname="localhost")
        head = "POST /connexion/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        line.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=".encode())
        start = time.monotonic()
        while line.recv(1024):
            pass
        return time.monotonic() - start


def test_r41_what_the_proxies_say_is_believed_from_them_alone(tmp_path: Path) -> None:
    """The guide, the shipped files and the setting name the same headers."""
    shipped = (ROOT / "docs/exploitation/nginx.conf").read_text(encoding="utf-8")
    for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto"):
        assert f"proxy_set_header {header} " in shipped
    assert "$proxy_add_x_forwarded_for" not in shipped, "what a client says of its own address is not passed on"
