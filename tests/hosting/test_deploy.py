"""What is needed to host the demo: the container, the compose file, nginx and the Space."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml

from imagen_demo.environment import VARIABLES
from imagen_demo.server.body_limits import LARGEST_MCP_CALL, LARGEST_PICTURE
from tests.demos import ROOT, free_port, wait_for
from tests.hosting.dockerfile import Container, steps_of
from tools.scale_fleet import CONFIGURATION, nginx_command, program_of, shipped

pytestmark = pytest.mark.host

DOCKERFILE = steps_of((ROOT / "Dockerfile").read_text(encoding="utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
FRONT: dict[str, Any] = yaml.safe_load((ROOT / "README.md").read_text("utf-8").split("---\n", 2)[1])
REPLICAS = ("replica-1", "replica-2")

# Seen by Python itself: a name that is looked up and an address that is connected to. Neither
# happens, since a test that calls AI/ML API by accident would be one more caller a run.
WITNESS = """
import os, sys

def _witness(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name not in ("127.0.0.1", "localhost", "0.0.0.0", "::1", "None"):
        with open(os.environ["SEEN"], "a") as seen:
            seen.write(name + "\\n")
        raise OSError("out of reach")

sys.addaudithook(_witness)
"""


def engine_answers() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    asked = subprocess.run([docker, "info"], capture_output=True, timeout=30, check=False)  # noqa: S603
    return asked.returncode == 0


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that another user can look into, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="container-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(engine_answers(), reason="with an engine, `docker build .` is the test")
def test_the_dockerfiles_steps_make_a_demo_that_serves_and_stops() -> None:
    with open_folder() as root:
        container = Container(root, ROOT)
        container.build(DOCKERFILE)
        port, seen = str(free_port()), root / "tmp" / "seen"
        (root / "sitecustomize.py").write_text(WITNESS, encoding="utf-8")
        watched = {"PYTHONPATH": str(root), "SEEN": str(seen), "GRADIO_SERVER_PORT": port}
        running = container.start(container.command, **watched)
        try:
            wait_for(f"http://127.0.0.1:{port}/", running)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
                assert answer.read() == b"ok"
            assert container.start(container.healthcheck, GRADIO_SERVER_PORT=port).wait(30) == 0
            assert container.start(container.healthcheck, GRADIO_SERVER_PORT="9").wait(30) != 0
            assert set(seen.read_text().split()) == {"api.aimlapi.com"}, "docs/security.md, The key"
            began = time.monotonic()
            running.send_signal(signal.SIGTERM)
            running.wait(timeout=30)
            assert time.monotonic() - began < 10, "nothing was being drawn"
        finally:
            running.kill()
            running.wait()
        installed = {each.name.split("-")[0] for each in root.glob("python/lib/*/site-packages/*")}
        assert {"gradio", "limits", "redis"} <= installed
        assert not {"pytest", "mypy", "ruff", "playwright", "hypothesis"} & installed
        sent = {each.name for each in container.within(".").iterdir()}
        assert sent <= {
            "app.py",
            "gallery",
            "imagen_demo",
            "requirements.txt",
            "requirements-mcp.txt",
        }


def test_the_image_is_slim_and_its_user_is_nobody_special() -> None:
    named = dict(DOCKERFILE)
    assert named["FROM"] == f"python:{FRONT['python_version']}-slim"
    assert named["USER"] == "1000:1000"
    last = [name for name, _ in DOCKERFILE].index("USER")
    assert not [name for name, _ in DOCKERFILE[last:] if name in {"RUN", "COPY"}]
    assert not re.search(r"apt-get|gcc|build-essential", str(DOCKERFILE))
    assert "PIP_ONLY_BINARY=:all:" in named["ENV"]
    assert "GRADIO_ANALYTICS_ENABLED=False" in named["ENV"]
    assert "/healthz" in named["HEALTHCHECK"]


def test_only_nginx_can_be_reached_from_outside() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"nginx", "redis", *REPLICAS}
    assert [name for name, each in services.items() if "ports" in each] == ["nginx"]
    assert not [name for name, each in services.items() if "network_mode" in each]
    (port,) = services["nginx"]["ports"]
    assert port.endswith(":8080")
    assert ":-127.0.0.1:" in port, "unless the host says otherwise, this machine alone"


def test_the_replicas_share_pictures_and_one_budget() -> None:
    for name in REPLICAS:
        replica = COMPOSE["services"][name]
        assert replica["volumes"] == ["pictures:/data"]
        assert replica["environment"] == {
            "IMAGEN_DEMO_LIMITS_STORAGE": "redis://redis:6379",
            "IMAGEN_DEMO_TRUSTED_PROXIES": "1",
        }
        assert replica["depends_on"] == {"redis": {"condition": "service_healthy"}}
        assert "/readyz" in str(replica["healthcheck"]["test"]), "nginx begins with those that can"
        assert replica["init"], "the first process of a container ignores signals otherwise"
    addresses = [
        each["networks"]["inside"]["ipv4_address"] for each in COMPOSE["services"].values()
    ]
    assert len(set(addresses)) == len(addresses)


def test_the_days_count_outlives_a_restart_of_redis() -> None:
    command = " ".join(COMPOSE["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert COMPOSE["services"]["redis"]["volumes"] == ["counters:/data"]


def test_nginx_is_given_the_configuration_that_is_shipped() -> None:
    nginx = COMPOSE["services"]["nginx"]
    (mounted,) = nginx["volumes"]
    assert (ROOT / "deploy" / mounted.split(":")[0]).samefile(CONFIGURATION)
    assert mounted.split(":")[1] in nginx["command"]


@pytest.mark.skipif(program_of("nginx") is None, reason="nginx is not installed")
def test_nginx_understands_its_configuration(tmp_path: Path) -> None:
    command = nginx_command(
        tmp_path / "nginx", listen="127.0.0.1:8080", replicas=["127.0.0.1:1"] * 2
    )
    tried = subprocess.run(  # noqa: S603 - a server that is installed
        [*command, "-t"], capture_output=True, text=True, check=False
    )
    assert tried.returncode == 0, tried.stderr


def test_nginx_lets_no_forged_address_and_no_large_body_through() -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    assert re.search(r"proxy_set_header\s+X-Forwarded-For\s+\$remote_addr;", text)
    assert "proxy_add_x_forwarded_for" not in text
    assert "non_idempotent;" not in text
    assert re.search(r"proxy_buffering\s+off;", text)
    sizes = [int(each) * 2**20 for each in re.findall(r"client_max_body_size (\d+)m;", text)]
    assert sizes == sorted(sizes)
    call, upload = sizes
    assert call == LARGEST_MCP_CALL
    assert LARGEST_PICTURE < upload < LARGEST_PICTURE + 2 * 2**20


def test_nginx_asks_no_connection_on_which_a_replica_may_be_hanging_up() -> None:
    (upstream,) = re.findall(r"upstream \w+ \{(.*?)\}", CONFIGURATION.read_text("utf-8"), re.DOTALL)
    (seconds,) = re.findall(r"keepalive_timeout (\d+)s;", upstream)
    assert int(seconds) <= uvicorn.Config("").timeout_keep_alive - 2


def test_another_configuration_than_expected_is_not_taken_for_ours() -> None:
    with pytest.raises(ValueError, match=r"listen 8080;"):
        shipped("http {}", listen="1", replicas=["a", "b"])


def test_the_space_gets_every_key_that_it_needs() -> None:
    needed = {"title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version"}
    shown = {"short_description", "license", "tags", "models", "suggested_hardware"}
    assert needed | shown | {"app_file"} <= set(FRONT)
    colors = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
    assert {FRONT["colorFrom"], FRONT["colorTo"]} <= colors
    assert FRONT["suggested_hardware"] == "cpu-basic"
    assert isinstance(FRONT["python_version"], str), "3.10 would be 3.1 without its quotes"
    assert isinstance(FRONT["sdk_version"], str)


def test_the_spaces_gradio_is_one_that_the_requirements_allow() -> None:
    pinned = re.search(
        r"^gradio>=([\d.]+),<([\d.]+)$",
        (ROOT / "requirements.txt").read_text("utf-8"),
        re.MULTILINE,
    )
    assert pinned is not None
    lowest, highest = pinned.groups()

    def numbers(version: str) -> list[int]:
        return [int(each) for each in version.split(".")]

    assert numbers(lowest) <= numbers(FRONT["sdk_version"]) < numbers(highest)


def test_every_setting_that_is_named_for_hosts_is_one() -> None:
    files = ("CHANGELOG.md", "Dockerfile", "deploy/compose.yaml", "deploy/nginx.conf")
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in files)
    assert set(re.findall(r"IMAGEN_DEMO_[A-Z_]+", text)) <= {each.name for each in VARIABLES}
