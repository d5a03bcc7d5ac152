"""What a prompt asks for, and the dice that decide what it leaves open.

Its neighbours: `reading`, which makes a scene of a prompt; `canvas`, `subjects` and `views`, which
draw it.
"""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from imagen_demo.sandbox.painter.scene.palettes import Palette, Rgb, mix

Dice: TypeAlias = np.random.Generator

_WEATHER_LIGHT: dict[str, Rgb] = {
    "fog": (232, 236, 234),
    "rain": (190, 200, 208),
    "storm": (172, 184, 196),
}
_HOUR_LIGHT: dict[str, Rgb] = {
    "night": (158, 170, 212),
    "neon": (176, 154, 206),
    "sunset": (255, 222, 198),
    "dawn": (250, 236, 236),
}

DARK_HOURS = ("night", "neon")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a prompt asks for.

    Attributes:
        is_read: Whether any word of it was known; else it is all the dice's.
    """

    palette: Palette
    setting: str
    land: str
    hour: str = ""
    weather: str = ""
    season: str = ""
    growth: str = ""
    city: bool = False
    water: bool = False
    subjects: tuple[str, ...] = ()
    held: str = ""
    style: str = ""
    text: str = ""
    tint: Rgb | None = None
    cloth: Rgb | None = None
    is_read: bool = True

    @property
    def dark(self) -> bool:
        """Tell whether a moon stands in the sky."""
        return self.hour in DARK_HOURS

    @property
    def view(self) -> str:
        """What kind of view it is: the setting, or what an open landscape has most of."""
        city, water = "city" if self.city else "", "water" if self.water else ""
        return self.setting or city or water or self.land.replace("hills", "")

    @property
    def ambient(self) -> Rgb:
        """The colour of the light that falls on every figure."""
        light = _HOUR_LIGHT.get(self.hour, (255, 250, 242))
        return mix(light, _WEATHER_LIGHT.get(self.weather, light), 0.6)


def dice_for(text: str) -> Dice:
    """Return a random generator that is the same for the same text, in every process."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
