"""Real web servers on loopback that serve a built site as their configuration by ssg says."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import require

PATIENCE = 30  # seconds
NGINX_MODULES = Path("/usr/lib/nginx/modules")
APACHE_MODULES = Path("/usr/lib/apache2/modules")
_SBIN = "/usr/sbin:/usr/local/sbin"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


class Host:
    """A running server."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port = name, port

    def ask(self, path: str, **headers: str) -> Answer:
        """Ask for a URL; a header that comes twice is joined, as RFC 9110 has it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            found: dict[str, str] = {}
            for name, value in response.getheaders():
                key = name.lower()
                found[key] = f"{found[key]}, {value}" if key in found else value
            return Answer(response.status, found, response.read())
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def program(name: str) -> str:
    """Give the path of a server, which may be a program of the system's, or lie beside Python."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), _SBIN, beside)))
    return found or require(name)


@contextmanager
def running(
    name: str,
    command: list[str],
    port: int,
    log: Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Host]:
    """Run a server until it is left; it has a group of processes of its own, which is ended by its number."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    try:
        _wait(process, port, log)
        yield Host(name, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(errors="replace")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError(f"the server does not listen: {log.read_text(errors='replace')}")


@contextmanager
def nginx(site: Path, folder: Path, root: Path | None = None) -> Iterator[Host]:
    """Run nginx, as Debian has it, with the configuration that ssg wrote beside the output."""
    binary, port = program("nginx"), free_port()
    module = NGINX_MODULES / "ngx_http_brotli_static_module.so"
    if not module.is_file():
        require("the brotli module of nginx")
    folder.mkdir()
    temporary = "\n".join(
        f"{one}_temp_path {folder / one};" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"""daemon off; pid {folder}/pid; error_log {folder}/error.log; load_module {module};
user {_user()};
events {{ }}
http {{
access_log off;
{temporary}
include {site}/delivery/nginx/http.conf;
server {{
listen 127.0.0.1:{port};
root {root or site / "public"};
include {site}/delivery/nginx/server.conf;
include {site}/delivery/nginx/brotli.conf;
}}
}}
"""
    )
    command = [binary, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "error.log")]
    with running("nginx", command, port, folder / "log") as host:
        yield host


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


@contextmanager
def caddy(site: Path, folder: Path, root: Path | None = None) -> Iterator[Host]:
    """Run Caddy with the file that ssg wrote beside the output."""
    binary, port = program("caddy"), free_port()
    folder.mkdir()
    (folder / "Caddyfile").write_text(
        f"""{{
	admin off
	auto_https off
	persist_config off
	storage file_system {folder}/storage
}}
http://127.0.0.1:{port} {{
	root * {root or site / "public"}
	import {site}/delivery/caddy/site.caddy
}}
"""
    )
    command = [binary, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with running("caddy", command, port, folder / "log") as host:
        yield host


def _readable(folder: Path) -> None:
    """Let every user of this machine reach a folder of the tests."""
    for one in (folder, *folder.parents):
        if one.stat().st_uid == os.getuid() and one != Path("/") and not one.stat().st_mode & 0o005:
            one.chmod(one.stat().st_mode | 0o055)


_APACHE = ("authz_core", "dir", "headers", "mime", "mpm_event", "rewrite", "setenvif")


@contextmanager
def apache(site: Path, folder: Path, root: Path | None = None) -> Iterator[Host]:
    """Run Apache, as Debian has it; the `.htaccess` lies in the output folder."""
    binary, port = program("apache2"), free_port()
    folder.mkdir()
    loaded = "\n".join(f"LoadModule {one}_module {APACHE_MODULES}/mod_{one}.so" for one in _APACHE)
    public = root or site / "public"
    user = _user()
    if user == "root":  # Apache does not serve as root
        user = "nobody"
        _readable(public)
    (folder / "httpd.conf").write_text(
        f"""{loaded}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {folder}/pid
ErrorLog {folder}/error.log
DefaultRuntimeDir {folder}
User {user}
TypesConfig {"/etc/mime.types" if Path("/etc/mime.types").is_file() else "/dev/null"}
DocumentRoot {public}
<Directory {public}>
  AllowOverride All
  Require all granted
</Directory>
"""
    )
    command = [binary, "-DFOREGROUND", "-f", str(folder / "httpd.conf")]
    with running("apache", command, port, folder / "log") as host:
        yield host


NODE = Path(__file__).parent / "node_modules"


def node_program(name: str) -> str:
    """Give the path of a program that npm installs beside these tests."""
    require("node")
    found = NODE / ".bin" / name
    if not found.exists():
        if os.environ.get("SSG_REQUIRE_ALL"):
            pytest.fail("the packages of tests/delivery are not installed, and SSG_REQUIRE_ALL is set")
        pytest.skip("the packages of tests/delivery are not installed (npm install there)")
    return str(found)


_QUIET = {"WRANGLER_SEND_METRICS": "false", "CI": "1", "NO_COLOR": "1"}


@contextmanager
def pages(site: Path, folder: Path) -> Iterator[Host]:
    """Run Cloudflare Pages on this machine."""
    folder.mkdir()
    command = [node_program("wrangler"), "pages", "dev", str(site / "public"), "--ip", "127.0.0.1"]
    with _wrangler("pages", command, folder) as host:
        yield host


@contextmanager
def workers(site: Path, folder: Path) -> Iterator[Host]:
    """Run a Worker with static assets on this machine, as the guide has it configured."""
    folder.mkdir()
    assets = {"directory": str(site / "public"), "not_found_handling": "404-page"}
    configured = {"name": "site", "compatibility_date": "2026-04-01", "assets": assets}
    (folder / "wrangler.json").write_text(json.dumps(configured))
    command = [node_program("wrangler"), "dev", "--config", str(folder / "wrangler.json"), "--ip", "127.0.0.1"]
    with _wrangler("workers", command, folder) as host:
        yield host


@contextmanager
def _wrangler(name: str, command: list[str], folder: Path) -> Iterator[Host]:
    port, inspector = free_port(), free_port()
    ports = ["--port", str(port), "--inspector-port", str(inspector)]
    date = ["--compatibility-date", "2026-04-01"]
    own = {**_QUIET, "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    with running(name, [*command, *ports, *date], port, folder / "log", folder, own) as host:
        _until_answered(host)
        yield host


def _until_answered(host: Host) -> None:
    """Wait until a server that listens already answers too."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            host.ask("/")
        except (OSError, http.client.HTTPException):
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)
        else:
            return


@contextmanager
def superstatic(site: Path, folder: Path) -> Iterator[Host]:
    """Run the server that the tools of Firebase test sites with."""
    folder.mkdir()
    public = site / "public"
    hosting = json.loads((public / "firebase.json").read_text())["hosting"]
    (folder / "superstatic.json").write_text(json.dumps(hosting))
    port = free_port()
    command = [node_program("superstatic"), ".", "--port", str(port), "--host", "127.0.0.1"]
    command += ["-c", str(folder / "superstatic.json")]
    with running("firebase", command, port, folder / "log", public) as host:
        yield host


@contextmanager
def ssg(site: Path, folder: Path, root: Path | None = None) -> Iterator[Host]:
    """Run `ssg serve`."""
    folder.mkdir()
    port = free_port()
    command = [sys.executable, "-m", "ssg", "serve", "--site", str(site), "--port", str(port)]
    if root is not None:
        [below] = root.iterdir()
        command.append(str(below))
    with running("ssg", command, port, folder / "log") as host:
        yield host
