"""Draws the open front of a small bar: the cook, the counter, the curtains and lanterns.

Its neighbours: `canvas`, which it draws with; `street`, which calls.
"""

import numpy as np

from imagen_demo.sandbox.painter.canvas.outlines import outline
from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.canvas.stencil import Stencil
from imagen_demo.sandbox.painter.scene.palettes import mix, rgb

WARM = rgb("#ffc36b")
_BOWL = outline("-1,0! 1,0! .72,.6 .4,.72 -.4,.72 -.72,.6")


def draw_bar(sheet: Sheet, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Draw the open front: warm light, shelf and bowls, curtains, stools."""
    (left, top), (wide, tall), unit = corner, size, sheet.unit
    ink = mix(sheet.palette.ink, rgb("#2a1620"), 0.5)
    frame = Stencil(sheet)
    frame.box(left, top, (wide, tall))
    frame.press(ink)
    inside = Stencil(sheet)
    inside.box(left + wide * 0.04, top + tall * 0.1, (wide * 0.92, tall * 0.56))
    inside.press(rgb("#ffdf9a"), rgb("#f29a4b"))
    back = Stencil(sheet)
    for y in (0.3, 0.46):
        back.box(left + wide * 0.06, top + tall * y, (wide * 0.88, tall * 0.014))
    for i, (size_, high) in enumerate(sheet.dice.random((22, 2))):
        x, y = left + wide * (0.08 + 0.039 * i), top + tall * (0.3 if i % 2 else 0.46)
        back.box(
            x,
            y - tall * (0.05 + 0.06 * high),
            (wide * (0.012 + 0.014 * size_), tall * (0.05 + 0.06 * high)),
        )
    back.press(rgb("#b8642f"))
    _draw_cook(sheet, left + wide * 0.62, top + tall * 0.66, tall * 0.42)
    counter, edge = Stencil(sheet), Stencil(sheet)
    counter.box(left, top + tall * 0.65, (wide, tall * 0.3))
    counter.press(rgb("#6e3427"), rgb("#3a1c20"))
    edge.box(left - wide * 0.012, top + tall * 0.63, (wide * 1.024, tall * 0.035))
    edge.press(rgb("#d98a4e"))
    slats = Stencil(sheet)
    for i in range(1, 14):
        slats.box(left + wide * i / 14, top + tall * 0.67, (wide * 0.004, tall * 0.28), 120)
    slats.press(ink)
    for x in (0.2, 0.38):
        _draw_bowl(sheet, (left + wide * x, top + tall * 0.585), unit * 0.036)
    stools, legs = Stencil(sheet), Stencil(sheet)
    for x in (0.16, 0.36, 0.56, 0.76):
        spot = left + wide * (x + 0.04)
        stools.oval(spot, top + tall * 0.79, (wide * 0.052, tall * 0.022))
        legs.box(spot - wide * 0.006, top + tall * 0.79, (wide * 0.012, tall * 0.2))
        legs.oval(spot, top + tall * 0.985, (wide * 0.035, tall * 0.012))
    legs.press(mix(ink, WARM, 0.18))
    stools.press(rgb("#c4423c"))
    _draw_curtains(sheet, (left + wide * 0.03, top + tall * 0.09), (wide * 0.94, tall * 0.17))


def _draw_cook(sheet: Sheet, x: float, foot: float, tall: float) -> None:
    """Draw the cook behind the counter, as a dark shape in the light."""
    cook = Stencil(sheet)
    cook.shape(
        np.array([x, foot]) + outline("-.34,0! -.3,-.34 -.12,-.44 .12,-.44 .3,-.34 .34,0!") * tall
    )
    cook.dot(x, foot - tall * 0.56, tall * 0.125)
    cook.press(rgb("#8a4a2c"), rgb("#6e3427"))
    cap = Stencil(sheet)
    cap.shape(np.array([x, foot]) + outline("-.13,-.6 -.12,-.7 0,-.72 .12,-.7 .13,-.6") * tall)
    cap.press(rgb("#fff0d4"))


def _draw_bowl(sheet: Sheet, spot: tuple[float, float], size: float) -> None:
    bowl, soup, steam = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    bowl.shape(np.array(spot) + _BOWL * size)
    bowl.press(rgb("#f4ede1"), rgb("#d94b3d"))
    soup.oval(spot[0], spot[1], (size, size * 0.16))
    soup.press(rgb("#fff6e0"))
    for dx in (-0.4, 0.2, 0.6):
        rise = outline("0,0! .2,-.7 -.1,-1.4 .1,-2.2! 0,-1.4 .28,-.7") * size
        steam.shape(np.array([spot[0] + dx * size, spot[1] - size * 0.2]) + rise, 150)
    steam.press(rgb("#fffaf0"), soft=size / 9)


def _draw_curtains(sheet: Sheet, corner: tuple[float, float], size: tuple[float, float]) -> None:
    """Hang five short curtains, each with a white round in the middle."""
    (left, top), (wide, tall) = corner, size
    cloth, folds, marks = Stencil(sheet), Stencil(sheet), Stencil(sheet)
    share = wide / 5
    for i in range(5):
        x = left + i * share
        drop = tall * (0.96 + 0.06 * (i % 2))
        panel = np.array(
            [
                (0, 0),
                (share * 0.95, 0),
                (share * 0.98, drop),
                (share * 0.5, drop * 1.03),
                (-share * 0.02, drop),
            ]
        )
        cloth.shape(panel + np.array([x, top]))
        folds.box(x + share * 0.78, top, (share * 0.14, drop), 70)
        folds.box(x + share * 0.2, top, (share * 0.06, drop), 50)
        marks.dot(x + share * 0.48, top + drop * 0.52, min(share, tall) * 0.22)
    red = rgb("#b92f38")
    cloth.press(red, mix(red, WARM, 0.25))
    folds.press(mix(red, (20, 6, 16), 0.6))
    marks.press(rgb("#fdf0dc"))


def draw_lanterns(sheet: Sheet, middle: float, wide: float, top: float) -> None:
    """Hang a paper lantern at either end of the front."""
    unit = sheet.unit
    for side in (-1, 1):
        x, y = middle + side * wide * 0.455, top + unit * 0.2
        r = unit * 0.038
        halo, body, bands = Stencil(sheet), Stencil(sheet), Stencil(sheet)
        halo.oval(x, y, (r * 1.9, r * 2.2), 130)
        halo.press(rgb("#ff8a50"), soft=unit / 30)
        bands.box(x - unit * 0.001, y - r * 2.2, (unit * 0.002, r))
        body.oval(x, y, (r, r * 1.28))
        body.press(rgb("#ff9a5c"), rgb("#e2483c"))
        for k in (-1.3, 1.18):
            bands.box(x - r * 0.5, y + k * r, (r, r * 0.16))
        for k in (-0.7, -0.25, 0.2, 0.65):
            bands.box(
                x - r * np.sqrt(max(0.0, 1 - (k / 1.28) ** 2)),
                y + k * r,
                (2 * r * np.sqrt(1 - (k / 1.28) ** 2), r * 0.05),
                90,
            )
        bands.press(rgb("#3a1620"))
