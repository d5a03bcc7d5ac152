"""A Dockerfile without Docker: its steps, one after the other, in a folder that stands for `/`.

What needs a machine of its own is played: the image by a fresh venv, `useradd` by a program that
does nothing, and, for whoever is not root, `chown` as well.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PLAYED = ("useradd",) if os.geteuid() == 0 else ("useradd", "chown")

Step = tuple[str, str]


def steps_of(text: str) -> list[Step]:
    """Return each instruction with what follows it, comments and broken lines aside."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = "\n".join(lines).replace("\\\n", " ")
    found = (line.strip().partition(" ") for line in joined.splitlines() if line.strip())
    return [(name.upper(), rest.strip()) for name, _, rest in found]


@dataclass
class Container:
    """What a Dockerfile has made so far.

    Attributes:
        root: The folder that stands for `/`; others must be able to look into it.
        context: The folder that it is built from.
        environment: What ENV and ARG have set.
        user: Who runs the command; None for whoever runs the tests.
        command: What CMD says.
        healthcheck: What HEALTHCHECK says.
    """

    root: Path
    context: Path
    environment: dict[str, str] = field(default_factory=dict)
    user: int | None = None
    command: Sequence[str] = ()
    healthcheck: Sequence[str] = ()
    _here: Path = Path("/")

    def build(self, steps: Sequence[Step]) -> None:
        """Take every step; one that is not known is an error."""
        for name, rest in steps:
            getattr(self, f"_{name.lower()}")(rest)

    def within(self, path: str) -> Path:
        """Where a path of the container is on this machine."""
        return self.root / (self._here / path).relative_to("/")

    def start(self, command: Sequence[str], **more: str) -> "subprocess.Popen[bytes]":
        """Run a command as the container would."""
        who = self.user if _may_be_another() else None
        with (self.root / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - the Dockerfile's own commands
                command,
                cwd=self.within("."),
                env=self._variables() | more,
                user=who,
                group=who,
                extra_groups=None if who is None else [],
                stdout=log,
                stderr=log,
            )

    def _from(self, _image: str) -> None:
        venv.create(self.root / "python", with_pip=True, symlinks=True)
        (self.root / "tmp").mkdir()
        (self.root / "tmp").chmod(0o1777)
        (self.root / "played").mkdir()
        for program in _PLAYED:
            (self.root / "played" / program).write_text("#!/bin/sh\n")
            (self.root / "played" / program).chmod(0o755)

    def _env(self, rest: str) -> None:
        self.environment |= dict(each.split("=", 1) for each in shlex.split(rest))

    _arg = _env

    def _workdir(self, path: str) -> None:
        self._here = self._here / path
        self.within(".").mkdir(parents=True, exist_ok=True)

    def _copy(self, rest: str) -> None:
        *sources, place = shlex.split(rest)
        ignored = shutil.ignore_patterns("__pycache__")
        for source in (found for each in sources for found in self._found(each)):
            if source.is_dir():
                shutil.copytree(source, self.within(place), ignore=ignored)
            else:
                shutil.copy(source, self.within(place))

    def _found(self, pattern: str) -> list[Path]:
        """What a COPY finds in the context, as far as .dockerignore lets it."""
        rules = (self.context / ".dockerignore").read_text(encoding="utf-8").split("\n")
        found = [each for each in self.context.glob(pattern) if _is_sent(each.name, rules)]
        assert found, f"COPY {pattern} finds nothing"
        return found

    def _run(self, command: str) -> None:
        ours = re.sub(r"(?<=\s)/(?=(app|data)\b)", f"{self.root}/", command)
        shell = shutil.which("sh") or "sh"
        subprocess.run(  # noqa: S603 - the Dockerfile's own commands
            [shell, "-euc", ours], cwd=self.within("."), env=self._variables(), check=True
        )

    def _user(self, rest: str) -> None:
        self.user = int(rest.partition(":")[0])

    def _healthcheck(self, rest: str) -> None:
        self.healthcheck = json.loads(rest.partition("CMD ")[2])

    def _cmd(self, rest: str) -> None:
        self.command = json.loads(rest)  # a shell form is none, and would swallow SIGTERM

    def _volume(self, path: str) -> None:
        assert self.within(path).is_dir()

    def _expose(self, port: str) -> None:
        assert port == self.environment["GRADIO_SERVER_PORT"]

    def _variables(self) -> dict[str, str]:
        """The container's environment, with this machine's own way to the packages."""
        kept = os.environ.get("PIP_CACHE_DIR") or str(Path.home() / ".cache" / "pip")
        ways = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        # Downloaded once, and compiled as far as it is imported: it is the slowest step by far.
        quicker = {"PIP_CACHE_DIR": kept, "PIP_NO_CACHE_DIR": "0", "PIP_NO_COMPILE": "1"}
        places = {
            name: f"{self.root}{value}" if re.match(r"/(tmp|data)\b", value) else value
            for name, value in self.environment.items()
        }
        path = f"{self.root}/played:{self.root}/python/bin:{os.environ['PATH']}"
        return ways | places | quicker | {"PATH": path, "TMPDIR": str(self.within("/tmp"))}  # noqa: S108


def _may_be_another() -> bool:
    """Whether a command can be given to another user, and that user can run this Python."""
    python = Path(sys.executable).resolve()
    return os.geteuid() == 0 and all(
        each.stat().st_mode & 0o001 for each in (python, *python.parents)
    )


def _is_sent(name: str, rules: Sequence[str]) -> bool:
    """Whether .dockerignore, of which the last rule that fits counts, lets a name through."""
    sent = True
    for rule in rules:
        pattern = rule.removeprefix("!")
        if pattern and not pattern.startswith("#") and Path(name).match(pattern):
            sent = rule.startswith("!")
    return sent
