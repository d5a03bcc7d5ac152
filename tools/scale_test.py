"""Two replicas behind nginx, one of them killed in the middle of work: `make scale-test`.

What is shown: a visitor stays with one replica and hears events as they happen; the other replica
goes on; and what the host's key pays for, counted where it would be paid, is never more than was
allowed.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from io import BytesIO
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.parse import urlsplit

from gradio_client import Client
from PIL import Image

from benchmarks.chromium import chromium, cold_open
from benchmarks.room import room
from imagen_demo.pictures.metadata import read
from tools.scale_fleet import LATENCY, Fleet, running_fleet
from tools.scale_visitors import Answer, Browser, Program, Visitor

PHONES, ROOMS = 40, 3
BROWSERS, PROGRAMS = 8, 4
VISITOR_LIMIT = 3
DAILY_PICTURES = 36
"""Fewer than all visitors could have by their own limit, so that both limits are met."""

_TOO_LARGE = 34 * 2**20


@dataclass(slots=True)
class Findings:
    """What was found, a line each; printed as a table."""

    lines: list[tuple[str, str, bool]] = field(default_factory=list)

    def note(self, what: str, found: str, *, holds: bool) -> None:
        """Add a line."""
        self.lines.append((what, found, holds))

    def table(self) -> str:
        """The lines, in columns."""
        first = max(len(what) for what, _, _ in self.lines)
        second = max(len(found) for _, found, _ in self.lines)
        return "\n".join(
            f"{what:<{first}}  {found:<{second}}  {'holds' if holds else 'DOES NOT HOLD'}"
            for what, found, holds in self.lines
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """The fleet, its visitors, and what was found."""

    fleet: Fleet
    visitors: Sequence[Visitor]
    findings: Findings

    def of_a_room(self) -> None:
        """A room of phones opens the page, through nginx and at one replica alone."""
        with chromium() as browser:
            if browser is None:
                self.findings.note("a room opens the page", "there is no Chromium", holds=True)
                return
            opening = cold_open(browser, self.fleet.url, "Generate", self.fleet.cpu)
        first = self.fleet.replicas[0]
        took: dict[str, list[float]] = {self.fleet.url: [], first: []}
        for _, (url, times) in product(range(ROOMS + 1), took.items()):
            times.append(asyncio.run(room(url, opening, PHONES)))
        both, one = (median(times[1:]) for times in took.values())
        self.findings.note(
            f"{PHONES} phones open the page faster than with one replica",
            f"{both:.2f} s until the last has all, else {one:.2f} s",
            holds=both < one,
        )

    def in_a_row(self) -> None:
        """What visitors count on while nothing happens."""
        found = [{each.replica() for _ in range(4)} for each in self.visitors]
        sizes = Counter(min(each) for each in found)
        self.findings.note(
            "both replicas have visitors",
            " and ".join(map(str, sizes.values())),
            holds=len(sizes) == len(self.fleet.replicas),
        )
        moved = sum(len(each) > 1 for each in found)
        self.findings.note("a visitor stays with one", f"{moved} moved", holds=not moved)
        status = _announce_upload(self.fleet.url)
        self.findings.note(
            "an upload of 34 MB is refused",
            f"{status}",
            holds=status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )

    def at_once(self) -> list[Answer]:
        """Everybody draws at once, and somebody tries to be many."""
        forger = Program(self.fleet.url, 99, forging=True)
        with ThreadPoolExecutor(len(self.visitors) + 2 * VISITOR_LIMIT) as pool:
            waiting = [pool.submit(each.draw, "a fox") for each in self.visitors]
            forged = [pool.submit(forger.draw, "an owl") for _ in range(2 * VISITOR_LIMIT)]
            answers = [each.result() for each in waiting]
            bought = sum(bool(each.result().files) for each in forged)
        self.findings.note(
            "everybody gets a picture", _told(answers), holds=all(each.files for each in answers)
        )
        # Held back on the way, the first event would come with the picture.
        ahead = min(each.seconds - each.first_event for each in answers[:BROWSERS])
        self.findings.note(
            "events come as they happen",
            f"the first {ahead:.2f} s before the picture, or more",
            holds=ahead > LATENCY / 2,
        )
        self.findings.note(
            "forged addresses buy nothing",
            f"{bought} pictures of {len(forged)}",
            holds=bought == VISITOR_LIMIT,
        )
        return answers

    def with_a_crash(self) -> list[Answer]:
        """Everybody draws again, and half way one replica is killed."""
        doomed = self._on_the_first()
        names = [
            each.name for each, is_there in zip(self.visitors, doomed, strict=True) if is_there
        ]
        before = self.fleet.paid_for()
        with ThreadPoolExecutor(len(self.visitors)) as pool:
            waiting = [pool.submit(each.draw, "a bear") for each in self.visitors]
            _until(lambda: self._begun(names, before) > len(names) // 2)
            in_work = self._begun(names, before)
            self.fleet.kill_the_first()
            answers = [each.result() for each in waiting]
        self.findings.note(
            "one was killed in the middle of work",
            f"{in_work} of its {len(names)} visitors' pictures begun",
            holds=in_work > 0,
        )
        unharmed = [each for each, was_there in zip(answers, doomed, strict=True) if not was_there]
        self.findings.note(
            "the other's visitors notice nothing",
            _told(unharmed),
            holds=all(each.files for each in unharmed),
        )
        torn = [
            visitor
            for visitor, answer in zip(self.visitors, answers, strict=True)
            if not answer.files
        ]
        again = self._all(torn, "a bear")
        self.findings.note(
            "who was torn away is answered at the second try",
            _told(again),
            holds=bool(torn) and all(each.files for each in again),
        )
        return [*answers, *again]

    def to_the_limit(self) -> list[Answer]:
        """Everybody draws as long as there is something to be had."""
        answers = self._all([*self.visitors, *self.visitors], "a mountain")
        refused = [each for each in answers if each.refusal]
        self.findings.note(
            "past the limit there is a sentence",
            _told(answers),
            holds=bool(refused) and not any(each.broken for each in answers),
        )
        return answers

    def of_the_budget(self) -> None:
        """What the service was asked for with the host's key."""
        spent = self.fleet.paid_for()
        self.findings.note(
            f"nobody has more than {VISITOR_LIMIT} pictures",
            f"{max(spent.values())} at most",
            holds=max(spent.values()) <= VISITOR_LIMIT,
        )
        self.findings.note(
            f"all together not more than {DAILY_PICTURES}",
            f"{spent.total()} asked for with the host's key",
            holds=spent.total() <= DAILY_PICTURES,
        )

    def of_the_files(self, answers: Sequence[Answer]) -> None:
        """Whether what was shown was kept, whole, and is served by the replica that is left."""
        shown = [file for each in answers for file in each.files]
        kept = list(self.fleet.pictures.rglob("*.png"))
        whole = sum(map(_is_whole, kept))
        self.findings.note(
            "pictures that were kept are whole",
            f"{whole} of {len(kept)}",
            holds=whole == len(kept) >= len(shown),
        )
        somebody = self.visitors[0]
        served = sum(somebody.file(address) == path.read_bytes() for path, address in shown)
        self.findings.note(
            "those that were shown can be opened",
            f"{served} of {len(shown)}",
            holds=served == len(shown) > 0,
        )

    def of_the_client(self) -> None:
        """Whether Gradio's own client finds its way; it has nothing left to spend."""
        said = ""
        try:
            Client(self.fleet.url, verbose=False).predict(prompt="A fox", api_name="/generate")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is shown
            said = str(error)
        self.findings.note("gradio_client is answered, too", said[:60], holds="host" in said)

    def _all(self, visitors: Sequence[Visitor], subject: str) -> list[Answer]:
        if not visitors:
            return []
        with ThreadPoolExecutor(len(visitors)) as pool:
            waiting: list[Future[Answer]] = [pool.submit(each.draw, subject) for each in visitors]
            return [each.result() for each in waiting]

    def _on_the_first(self) -> list[bool]:
        """Which visitors are with the replica that is going to be killed."""
        doomed = Program(self.fleet.replicas[0], 98).replica()
        return [each.replica() == doomed for each in self.visitors]

    def _begun(self, names: Sequence[str], before: Counter[str]) -> int:
        """Pictures that the service was asked for by some visitors since then."""
        since = self.fleet.paid_for() - before
        return sum(since[name] for name in names)


def _until(holds: Callable[[], bool], *, seconds: float = 30) -> None:
    until = monotonic() + seconds
    while not holds() and monotonic() < until:
        sleep(0.02)


def _announce_upload(url: str) -> int:
    """Begin an upload that is too large; its size alone must be enough to refuse it."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.putrequest("POST", "/gradio_api/upload")
        connection.putheader("Content-Type", "multipart/form-data; boundary=here")
        connection.putheader("Content-Length", str(_TOO_LARGE))
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def _is_whole(path: Path) -> bool:
    try:
        with Image.open(BytesIO(path.read_bytes())) as image:
            image.load()
        return read(path) is not None
    except (OSError, SyntaxError):
        return False


def _told(answers: Sequence[Answer]) -> str:
    pictures = sum(bool(each.files) for each in answers)
    refused = sum(bool(each.refusal) for each in answers)
    broken = len(answers) - pictures - refused
    return f"{pictures} pictures, {refused} refusals, {broken} broken"


def main() -> int:
    """Run it all; 0 if everything holds."""
    findings = Findings()
    with (
        TemporaryDirectory(prefix="scale-test-") as folder,
        running_fleet(
            Path(folder), visitor_limit=VISITOR_LIMIT, daily_pictures=DAILY_PICTURES
        ) as fleet,
    ):
        browsers = [Browser(fleet.url, 10 + number) for number in range(BROWSERS)]
        for each in browsers:
            each.open()
        programs = [Program(fleet.url, 50 + number) for number in range(PROGRAMS)]
        trial = Trial(fleet, [*browsers, *programs], findings)
        trial.of_a_room()
        trial.in_a_row()
        answers = [*trial.at_once(), *trial.with_a_crash(), *trial.to_the_limit()]
        trial.of_the_budget()
        trial.of_the_files(answers)
        trial.of_the_client()
    print(findings.table())
    return 0 if all(holds for *_, holds in findings.lines) else 1


if __name__ == "__main__":
    sys.exit(main())
