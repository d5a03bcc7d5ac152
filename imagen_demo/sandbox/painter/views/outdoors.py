"""Puts a view outdoors together, from the sky to the foreground.

Its neighbours: `sky`, `land`, `water`, `city`, `cliff`, `foreground` and `weather` draw its parts,
`subjects` who is in it; `views` calls.
"""

from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import mix
from imagen_demo.sandbox.painter.subjects.placement import draw_birds, place_of, set_subject
from imagen_demo.sandbox.painter.views import city, cliff, foreground, land, sky, water, weather


def draw_outdoors(sheet: Sheet) -> None:
    """Draw the land or the water under its sky, and who is there."""
    height, scene, horizon = sheet.image.height, sheet.scene, 0.66
    by_place: dict[str, list[str]] = {}
    for name in scene.subjects:
        by_place.setdefault(place_of(name), []).append(name)
    sky.draw_sky(sheet)
    land.draw_ridges(sheet, horizon)
    if scene.city:
        city.draw_skyline(sheet, horizon, 0.4)
        city.draw_skyline(sheet, horizon, 1.0)
    line = round(height * (horizon - (0 if scene.city else 0.005)))
    if "trawler" in scene.subjects:
        city.draw_quay(sheet, line + 1)
    if scene.water:
        water.draw_water(sheet, line)
    if scene.weather == "fog":
        weather.draw_fog(sheet, 0.62)
    _set_afloat(sheet, [*by_place.get("water", []), *by_place.get("deep", [])], line)
    if "cliff" in by_place:
        cliff.draw_cliff(sheet, by_place["cliff"][0])
    foreground.draw_foreground(sheet, by_place)
    _set_aloft(sheet, by_place)
    if scene.weather == "fog":
        weather.draw_fog(sheet, 0.98)


def _set_aloft(sheet: Sheet, by_place: dict[str, list[str]]) -> None:
    """Let balloons, kites and birds fly on the side where the light is not."""
    (width, height), unit = sheet.image.size, sheet.unit
    # Not above the head of who stands there.
    away = 0.5 + (0.08 if "ground" in by_place else -0.2) * sheet.side
    for i, name in enumerate(by_place.get("sky", [])):
        if name == "balloon":
            set_subject(sheet, name, (width * (away + 0.22 * sheet.side), height * 0.2), zoom=0.36)
            set_subject(sheet, name, (width * (away - 0.17 * sheet.side), height * 0.44), zoom=0.24)
        set_subject(sheet, name, (width * (away + 0.3 * i), height * 0.3 + unit * 0.25))
    if "birds" in by_place:
        draw_birds(sheet, (width * away, height * 0.27), count=9, zoom=1.3)
    elif not sheet.scene.dark and sheet.scene.weather == "" and sheet.dice.random() < 0.4:
        draw_birds(sheet, (width * (0.5 + 0.06 * sheet.side), height * 0.17), count=5, zoom=0.6)


def _set_afloat(sheet: Sheet, names: list[str], line: int) -> None:
    """Set boats on the water, the first near and to the side, the others farther off."""
    if not names:
        return
    width, unit = sheet.image.width, sheet.unit
    if names[0] in ("sailboat", "trawler"):
        for x, zoom in ((0.52 + 0.3 * sheet.side, 0.36), (0.5 + 0.06 * sheet.side, 0.26)):
            foot = (width * x, line + unit * 0.1 * zoom)
            _float(sheet, names[0], foot, zoom)
    deep = sheet.image.height - line
    for i, name in enumerate(names[:2]):
        foot = (width * (0.5 - sheet.side * (0.17 - 0.4 * i)), line + deep * (0.5 - 0.22 * i))
        _float(sheet, name, foot, 1.0 - 0.4 * i)


def _float(sheet: Sheet, name: str, foot: tuple[float, float], zoom: float) -> None:
    """Set something on the water with a broken reflection below it."""
    reflection = Stencil(sheet)
    tall = sheet.unit * 0.3 * zoom
    for i, (aside, wide) in enumerate(sheet.dice.uniform((-0.1, 0.4), (0.1, 1), (11, 2))):
        y = foot[1] + tall * 0.07 * i
        half = tall * 0.34 * wide * (1 - i / 13)
        reflection.oval(foot[0] + aside * tall, y, (half, tall * 0.02), 120 - 9 * i)
    reflection.press(mix(sheet.palette.light, sheet.palette.near, 0.45))
    set_subject(sheet, name, foot, zoom=zoom)
