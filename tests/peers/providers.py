#!/usr/bin/env python3
"""Programs that we did not write: the charm's `check` asks their providers, and their
relying parties log in at minimal-op.

Usage: providers.py CHARM MINIMAL_OP NODE_MODULES PYTHON_BIN OPENIDCONNECT OAUTH2_PROXY

The first two are ours, built. `make` installs the others where they are named, and
does so here, so that one that cannot be had stops nothing but its own cases: they are
skipped if its registry cannot be reached, and fail if it can.

Everything listens on loopback, on a port that was free.

A relying party gets the variables ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI,
AUTH_METHOD and PKCE (S256 or empty). It prints the URL to which it sends its user,
reads the one with which they come back, and prints the claims of the ID token and of
userinfo as JSON. If it finds anything wrong it fails, and its last words say what.
"""

import concurrent.futures
import contextlib
import functools
import html
import html.parser
import http.cookiejar
import http.server
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import typing
import urllib.parse
import urllib.request

from common import PATIENCE, Skipped, Tally, Tool, Unexpected, expect, install, last_words

HERE = pathlib.Path(__file__).resolve().parent
PROVIDERS = HERE / "providers"

#: Proxies are for other machines.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
}

PUBLIC_URL = "https://iam.example.com"
REGISTERED = f"{PUBLIC_URL}/self-service/methods/oidc/callback/corp"


# What is started.


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def end(process):
    """Ends a process and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def started(*command, **options):
    """A process of its own group, with a file of what it says to stderr."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, stderr=said, text=True, env=ENVIRONMENT | options.pop("variables", {}),
            start_new_session=True, **options,
        )  # fmt: skip

        def words():
            said.seek(0)
            return last_words(said.read())

        process.words = words
        try:
            yield process
        finally:
            end(process)


@contextlib.contextmanager
def listening(port, *command):
    """A process, once it listens on a port of loopback."""
    with started(*command, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise Unexpected(f"{command[0]} ended: {process.words()}") from None
                if time.monotonic() > deadline:
                    raise Unexpected(f"{command[0]} does not listen on {port}") from None
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"


def line_of(process):
    """The next line that a process prints, or what it said before it ended."""
    timer = threading.Timer(PATIENCE, end, [process])
    timer.start()
    line = process.stdout.readline()
    timer.cancel()
    if not line:
        process.wait()
        raise Unexpected(process.words())
    return line.strip()


# Our doctor, and providers of others.


class Check(typing.NamedTuple):
    """What `check` is asked, and what it says that differs from "good"."""

    name: str
    client: str = "right"
    secret: str = "right"
    #: Where the redirect URI ends.
    provider_id: str = "corp"
    slash: bool = False
    control: bool = False
    says: dict = {}


CHECKS = ("discovery", "keys", "credentials", "redirect-uri", "scopes", "pkce", "clock")

#: A provider that looks at what it is sent. It shows a page of its own where it does not
#: trust the client or the redirect URI, and that says nothing.
STRICT = [
    Check("right"),
    Check("right, with --control", control=True),
    Check("wrong secret", secret="wrong", says={"credentials": "bad"}),
    Check("wrong secret, with --control", secret="wrong", control=True,
          says={"credentials": "bad"}),
    Check("unknown client", client="nobody",
          says={"credentials": "bad", "redirect-uri": "unknown"}),
    Check("unknown client, with --control", client="nobody", control=True,
          says={"credentials": "bad", "redirect-uri": "unknown"}),
    Check("unregistered redirect URI", provider_id="other", says={"redirect-uri": "unknown"}),
    Check("issuer with a slash too many", slash=True, says={"discovery": "bad"}),
    Check("issuer with a slash too many and wrong secret", slash=True, secret="wrong",
          says={"discovery": "bad", "credentials": "bad"}),
]  # fmt: skip

#: A provider that lets everybody in: only --control finds out.
LAX = [
    Check("right"),
    Check("any secret", secret="wrong"),
    Check("any secret, with --control", secret="wrong", control=True,
          says={"credentials": "unknown"}),
    Check("any client", client="nobody"),
    Check("any redirect URI", provider_id="other"),
]  # fmt: skip


class Provider(typing.NamedTuple):
    """A running provider, and a client of it."""

    issuer: str
    client_id: str
    client_secret: str


def ask(charm, provider, case):
    """Runs `check`, and holds all its verdicts against the case."""
    file = {
        "provider": "generic",
        "provider_id": case.provider_id,
        "issuer_url": provider.issuer + "/" * case.slash,
        "client_id": provider.client_id if case.client == "right" else case.client,
        "client_secret": provider.client_secret if case.secret == "right" else case.secret,
        "scope": "openid profile email",
    }
    flags = ["--control"] if case.control else []
    ran = subprocess.run(
        [charm, "check", "-", "--public-url", PUBLIC_URL, "--format", "json", *flags],
        input=json.dumps({"idp": file}), capture_output=True, text=True, check=False,
        env=ENVIRONMENT, timeout=PATIENCE,
    )  # fmt: skip
    if not ran.stdout:
        raise Unexpected(last_words(ran.stderr))
    report = json.loads(ran.stdout)
    verdicts = {one["name"]: one["verdict"] for one in report["checks"]}
    expected = dict.fromkeys(CHECKS, "good") | case.says
    if verdicts != expected:
        seen = [f"{one['name']}: {one['seen']}" for one in report["checks"]]
        raise Unexpected(f"expected {expected}, saw {verdicts}: {'; '.join(seen)}")
    worst = next(word for word in ("bad", "unknown", "good") if word in verdicts.values())
    expect("worst verdict", worst, report["verdict"])
    expect("exit code", int(worst == "bad"), ran.returncode)


@contextlib.contextmanager
def panva(node_modules, method, *pkce):
    port = free_port()
    command = ["node", PROVIDERS / "panva.mjs", node_modules, str(port), REGISTERED, *pkce]
    with listening(port, *command) as issuer:
        yield Provider(issuer, method, f"the secret of {method}: 100 %41+&")


@contextlib.contextmanager
def mock(python_bin, method=None):
    """With a method, clients are registered; without one there are none to speak of."""
    port = free_port()
    command = [python_bin / "oidc-provider-mock", "--port", str(port)]
    registration = ["--require-registration", "true"] if method else []
    with listening(port, *command, *registration) as issuer:
        if not method:
            yield Provider(issuer, "anybody", "any secret")
            return
        body = {"redirect_uris": [REGISTERED], "token_endpoint_auth_method": method}
        request = urllib.request.Request(
            f"{issuer}/oauth2/clients", json.dumps(body).encode(),
            {"content-type": "application/json"},
        )  # fmt: skip
        with Person().opener.open(request, timeout=PATIENCE) as answer:
            client = json.load(answer)
        yield Provider(issuer, client["client_id"], client["client_secret"])


# minimal-op, and relying parties of others.


class Forms(html.parser.HTMLParser):
    """The first form of a page."""

    def __init__(self, page):
        super().__init__()
        self.form, self.fields, self.inside = None, {}, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form" and self.form is None:
            self.form, self.inside = attributes, True
        elif tag == "input" and self.inside and attributes.get("name"):
            self.fields[attributes["name"]] = attributes.get("value") or ""

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"


class EveryAnswer(urllib.request.HTTPErrorProcessor):
    """Redirects and errors are answers like others."""

    def http_response(self, request, response):
        return response


class Arrival(typing.NamedTuple):
    """Where somebody is, and what they see there."""

    url: str
    status: int = 0
    page: str = ""


class Person:
    """Somebody with a browser, less the browser."""

    def __init__(self):
        self.opener = urllib.request.build_opener(
            EveryAnswer,
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )

    def go(self, url, user, until=None):
        """Follows redirects and sends forms, up to a URL that starts like that, to a page
        without a form, or to an error after the login. Before it, oauth2-proxy's own form
        is one."""
        data, has_logged_in = None, False
        for _ in range(20):
            if until and url.startswith(until):
                return Arrival(url)
            with self.opener.open(url, data, timeout=PATIENCE) as answer:
                status, location = answer.status, answer.headers["location"]
                page = answer.read().decode()
            data = None
            if location:
                url = urllib.parse.urljoin(url, location)
                continue
            found = Forms(page)
            if found.form is None or (has_logged_in and status >= 400):
                return Arrival(url, status, page)
            if "username" in found.fields:
                found.fields["username"] = user
                has_logged_in = True
            url = urllib.parse.urljoin(url, found.form.get("action", ""))
            fields = urllib.parse.urlencode(found.fields)
            if found.form.get("method", "get").lower() == "post":
                data = fields.encode()
            else:
                url = f"{url}?{fields}"
        raise Unexpected(f"going round in circles at {url}")


#: What minimal-op knows of its users. Of carol it says nothing about the email.
USERS = [
    {"username": "alice", "name": "Alice Example", "email": "alice@example.com",
     "email_verified": True},
    {"username": "bob", "email": "bob@example.com", "email_verified": False},
    {"username": "carol", "email": "carol@example.com"},
]  # fmt: skip

SECRET = "s3cret-of-corp"
#: RFC 6749, 2.3.1, has this encoded in HTTP Basic. Gafaelfawr does not decode it.
ODD_SECRET = "s3cret of corp: 100 %41+&"


@contextlib.contextmanager
def minimal_op(program, return_uri, dialect, secret, method="client_secret_basic"):
    client = {
        "id": "corp",
        "secret": secret,
        "return_uri": return_uri,
        "token_endpoint_auth_method": method,
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"clients": [client], "users": USERS}, file)
        file.flush()
        command = [program, "serve", "--config", file.name, "--dialect", dialect]
        with started(*command, stdout=subprocess.PIPE) as process:
            yield line_of(process)


class Login(typing.NamedTuple):
    """How a relying party logs somebody in, and what comes of it."""

    name: str
    dialect: str = "gafaelfawr"
    pkce: str = "S256"
    method: str = "client_secret_basic"
    #: What minimal-op has, and what the relying party has where that is another.
    secret: str = SECRET
    other_secret: str = ""
    #: How the issuer is configured at the relying party, from what minimal-op says.
    issuer: typing.Callable = str
    #: The claims of the ID token that are looked at.
    id_token: dict = {"sub": "alice", "email": "alice@example.com", "email_verified": True}
    #: A word of what is wrong, if something is.
    wrong: str = ""


RETURN_URI = "http://127.0.0.1:9/callback"


def log_in(program, command, case):
    """Logs alice in at a relying party, and holds what that knows of her against the case."""
    with minimal_op(program, RETURN_URI, case.dialect, case.secret, case.method) as issuer:
        variables = {
            "ISSUER": case.issuer(issuer),
            "CLIENT_ID": "corp",
            "CLIENT_SECRET": case.other_secret or case.secret,
            "REDIRECT_URI": RETURN_URI,
            "AUTH_METHOD": case.method,
            "PKCE": case.pkce,
        }
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with started(*command, variables=variables, **pipes) as party:
            try:
                url = line_of(party)
                back = Person().go(url, "alice", until=RETURN_URI).url
                if not back.startswith(RETURN_URI):
                    raise Unexpected(f"minimal-op does not lead back: {back}")
                party.stdin.write(back + "\n")
                party.stdin.flush()
                known = json.loads(line_of(party))
            except Unexpected as error:
                if case.wrong and case.wrong in str(error):
                    return
                expected = f"a refusal with {case.wrong!r}" if case.wrong else "a login"
                raise Unexpected(f"expected {expected}, saw {error}") from None
    if case.wrong:
        raise Unexpected(f"expected a refusal with {case.wrong!r}, saw a login: {known}")
    seen = {name: known["id_token"].get(name) for name in case.id_token}
    expect("ID token", case.id_token, seen)
    everything = USERS[0] | {"sub": "alice"}
    everything.pop("username")
    seen = {name: known["userinfo"].get(name) for name in everything}
    expect("userinfo", everything, seen)


def logins(another_issuer, encoded):
    """The cases of a relying party, which has a word of its own for an issuer that is not the
    one configured. `encoded` tells whether it encodes a secret in HTTP Basic."""
    others = "auth0 okta entra google issuer-without-slash answers-by-method prompt-none anyone"
    return [
        Login("as it is"),
        Login("without PKCE", pkce=""),
        Login("secret in the body", method="client_secret_post"),
        Login("wrong secret", other_secret="wrong", wrong="invalid_client"),
        Login("odd secret", secret=ODD_SECRET, wrong="invalid_client" if encoded else ""),
        Login("odd secret in the body", secret=ODD_SECRET, method="client_secret_post"),
        *(Login("as it is", dialect) for dialect in [*others.split(), "code-first"]),
        Login("secret in the body", "answers-by-method", method="client_secret_post"),
        Login("with PKCE", "pkce-required"),
        Login("without PKCE", "pkce-required", pkce="", wrong="code_challenge"),
        Login("email from userinfo", "thin-tokens", id_token={"sub": "alice", "email": None}),
        Login("with the slash", "issuer-with-slash"),
        Login("with the slash left out", "issuer-with-slash",
              issuer=lambda issuer: issuer.rstrip("/"), wrong=another_issuer),
    ]  # fmt: skip


class Proxied(typing.NamedTuple):
    """Who wants to see a page behind oauth2-proxy, and what they get."""

    name: str
    user: str = "alice"
    dialect: str = "gafaelfawr"
    flags: list = []
    secret: str = SECRET
    #: The email that the page is told of, or else the status.
    email: str = "alice@example.com"
    status: int = 200


PKCE = ["--code-challenge-method=S256"]

PROXIED = [
    Proxied("as it is"),
    Proxied("with PKCE", flags=PKCE),
    # It sends it in the body where Basic has not worked.
    Proxied("odd secret", secret=ODD_SECRET),
    Proxied("pkce-required: with PKCE", dialect="pkce-required", flags=PKCE),
    Proxied("thin-tokens: email from userinfo", dialect="thin-tokens"),
    Proxied("issuer-with-slash", dialect="issuer-with-slash"),
    Proxied("auth0", dialect="auth0"),
    Proxied("an email of which nothing is said", user="carol", email="carol@example.com"),
    Proxied("an email that is not verified", user="bob", email="", status=403),
    Proxied("the same, but allowed", user="bob", email="bob@example.com",
            flags=["--insecure-oidc-allow-unverified-email"]),
]  # fmt: skip


class Page(http.server.BaseHTTPRequestHandler):
    """Says who is there, as the proxy has it."""

    def do_GET(self):
        email = self.headers.get("x-forwarded-email", "nobody")
        page = f"<!doctype html><title>Upstream</title><p>Here is {html.escape(email)}.".encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def upstream():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()


@contextlib.contextmanager
def proxy(program, oauth2_proxy, case):
    """oauth2-proxy in front of a page, with logins at minimal-op."""
    port = free_port()
    return_uri = f"http://127.0.0.1:{port}/oauth2/callback"
    with (
        upstream() as page,
        minimal_op(program, return_uri, case.dialect, case.secret) as issuer,
    ):
        with listening(
            port, oauth2_proxy, "--provider=oidc", f"--oidc-issuer-url={issuer}",
            "--client-id=corp", f"--client-secret={case.secret}", f"--redirect-url={return_uri}",
            f"--http-address=127.0.0.1:{port}", f"--upstream={page}", "--email-domain=*",
            f"--cookie-secret={'c' * 32}", "--cookie-secure=false", *case.flags,
        ) as url:  # fmt: skip
            yield f"{url}/"


def browse(node_modules, url, user):
    """What the page says to somebody who clicks through to it in Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if not chromium:
        raise Skipped("NO BROWSER: there is no Chromium here, so nobody has clicked")
    command = ["node", PROVIDERS / "browser.mjs", node_modules, chromium, url, user]
    with started(*command, stdout=subprocess.PIPE) as process:
        return line_of(process)


def main():
    charm, minimal, node_modules, python_bin, openidconnect, oauth2_proxy = (
        pathlib.Path(word).absolute() for word in sys.argv[1:]
    )
    # However this is told to end, what it started ends first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tools = {
        "node": Tool(f"{node_modules}/.package-lock.json", ["node", "--version"], (20,),
                     ["npm", "view", "oidc-provider", "version"]),
        "python": Tool(f"{python_bin}/oidc-provider-mock", ["python3", "--version"], (3, 10),
                       ["python3", "-m", "pip", "download", "--no-deps", "oidc-provider-mock"]),
        "rust": Tool(str(openidconnect), ["cargo", "--version"], (1, 85),
                     ["cargo", "info", "openidconnect"]),
        "go": Tool(str(oauth2_proxy), ["go", "version"], (1, 26),
                   ["go", "list", "-m", "-versions", "github.com/oauth2-proxy/oauth2-proxy/v7"]),
    }  # fmt: skip
    tally = Tally()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        # What waits for the network does not keep what waits for the processor.
        installed = {name: pool.submit(install, tool) for name, tool in tools.items()}

        providers = [
            ("oidc-provider, basic", "node", STRICT,
             functools.partial(panva, node_modules, "client_secret_basic")),
            ("oidc-provider, post", "node", STRICT,
             functools.partial(panva, node_modules, "client_secret_post")),
            ("oidc-provider, PKCE required", "node", STRICT,
             functools.partial(panva, node_modules, "client_secret_basic", "pkce")),
            ("oidc-provider-mock, basic", "python", STRICT,
             functools.partial(mock, python_bin, "client_secret_basic")),
            ("oidc-provider-mock, post", "python", STRICT,
             functools.partial(mock, python_bin, "client_secret_post")),
            ("oidc-provider-mock, everybody", "python", LAX, functools.partial(mock, python_bin)),
        ]  # fmt: skip
        for name, tool, cases, start in providers:
            with contextlib.ExitStack() as stack:
                provider = None
                for case in cases:
                    with tally.case(f"check: {name}: {case.name}"):
                        installed[tool].result()
                        provider = provider or stack.enter_context(start())
                        ask(charm, provider, case)

        parties = [
            ("authlib", "python", [python_bin / "python", PROVIDERS / "relying_party.py"],
             logins("'iss'", encoded=False)),
            ("openidconnect", "rust", [openidconnect], logins("unexpected issuer", encoded=True)),
        ]  # fmt: skip
        for name, tool, command, cases in parties:
            for case in cases:
                with tally.case(f"login: {name}: {case.dialect}: {case.name}"):
                    installed[tool].result()
                    log_in(minimal, command, case)

        for case in PROXIED:
            with tally.case(f"login: oauth2-proxy: {case.name}"):
                installed["go"].result()
                with proxy(minimal, oauth2_proxy, case) as url:
                    there = Person().go(url, case.user)
                expect("status", case.status, there.status)
                if case.email and f"Here is {case.email}." not in there.page:
                    raise Unexpected(f"expected {case.email} on the page, saw {there.page}")
        with tally.case("login: oauth2-proxy: in Chromium"):
            installed["go"].result()
            installed["node"].result()
            with proxy(minimal, oauth2_proxy, Proxied("")) as url:
                expect("page", "Here is alice@example.com.", browse(node_modules, url, "alice"))

    print(f"peers: {tally.held} as expected, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
