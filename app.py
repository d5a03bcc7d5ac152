"""The entry: `python app.py`, `gradio app.py`, or a Hugging Face Space."""

import logging
import sys
from pathlib import Path

from gradio.utils import get_upload_folder

from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.launch import build_demo, launch
from imagen_demo.logs import speak_json
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.retention import Retention
from imagen_demo.pictures.thumbnails import Tiles
from imagen_demo.server.shutdown import Stopping
from imagen_demo.service.provider import Provider
from imagen_demo.settings import LogStyle, Settings

try:
    settings = Settings.from_env()
    provider = Provider(settings)
    album = Album(Path(__file__).parent / settings.pictures)
except ConfigurationError as error:
    sys.exit(str(error))

tiles = Tiles(Path(get_upload_folder()) / "imagen-demo-tiles")
stopping = Stopping()
demo, answering = build_demo(
    provider,
    album,
    tiles,
    without_key=provider.without_key,
    access=settings.access,
    stopping=stopping,
)

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    if as_json := settings.log is LogStyle.JSON:
        speak_json(prompts=settings.log_prompts)
    logging.getLogger("imagen_demo").setLevel(logging.INFO)
    provider.watch()
    Retention(album, settings.limits, tiles.forget).watch()
    stopping.at_sigterm()
    launch(
        demo,
        settings.access,
        mcp=answering if settings.mcp else None,
        stopping=stopping,
        quiet=as_json,
    )
