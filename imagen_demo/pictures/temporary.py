"""Files that are shown or downloaded once and not kept: each in a folder of its own, for an hour.

`service/generate` sets pictures aside here, `ui/sheet_download` sheets, and `ui/outputs` finds them
again. In the demo the folder is Gradio's, which serves what lies there and deletes it.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp


@dataclass(frozen=True, slots=True)
class Temporary:
    """A folder of files that somebody else deletes about an hour after they are shown.

    Attributes:
        folder: It need not exist yet.
    """

    folder: Path

    def save(self, name: str, data: bytes, *, lies_at: Path | None = None) -> Path:
        """Write a file, whole or not at all.

        Args:
            name: What it is called when it is downloaded.
            data: Its bytes.
            lies_at: A file of these bytes that is on the disk already; it gets the name besides its
                own instead of being written again, where the disk can do that.

        Raises:
            OSError: The disk does not take it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = Path(mkdtemp(dir=self.folder)) / name
        if lies_at:
            with suppress(OSError):
                path.hardlink_to(lies_at)
                return path
        try:
            path.write_bytes(data)
        except OSError:
            rmtree(path.parent, ignore_errors=True)
            raise
        return path

    def holds(self, path: Path) -> bool:
        """Whether a path leads here, links followed.

        Raises:
            ValueError, OSError, RuntimeError: It is no path at all, or it leads in a circle.
        """
        return path.resolve().is_relative_to(self.folder.resolve())
