"""Draws the landscape that the sandbox hands out in place of an Imagen picture.

Its neighbours: `replies.py` asks for pictures, `server.py` serves them; `scene.py` reads the
prompt, `figures.py` draws what has a shape of its own.
"""

import io
from itertools import pairwise

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from imagen_demo.sandbox.figures import (
    Curve,
    Sheet,
    draw_drops,
    draw_flowers,
    draw_glitter,
    draw_lighthouse,
    draw_sails,
    draw_skyline,
    draw_sun,
    draw_trees,
)
from imagen_demo.sandbox.scene import Dice, Rgb, dice_for, mix, read_scene


def paint(prompt: str, *, seed: int, width: int, height: int) -> bytes:
    """Draw the landscape a prompt suggests; return it as PNG bytes."""
    scene = read_scene(prompt)
    dice = dice_for(f"{seed}:{prompt}")
    high = 0.34 if scene.hour in ("sunset", "dawn") else 0.2
    x, y = dice.uniform(0.2, 0.8) * width, dice.uniform(high, high + 0.1) * height
    image = Image.new("RGB", (width, height))
    sheet = Sheet(image, scene, dice, x, y)
    for draw in (_draw_sky, draw_sun, _draw_ridges, _draw_middle, _draw_foreground, draw_drops):
        draw(sheet)
    finished = _add_grain(image)
    _stamp(finished)
    out = io.BytesIO()
    # Higher levels take longer and save little: the grain does not compress.
    finished.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _draw_sky(sheet: Sheet) -> None:
    """Draw the gradient, the glow of the light and the clouds, small, and enlarge them."""
    (width, height), scene, palette = sheet.image.size, sheet.scene, sheet.scene.palette
    ys, xs = np.mgrid[0 : height : max(1, height / 144), 0 : width : max(1, width / 264)]
    stops = np.array([palette.top, palette.middle, palette.horizon], dtype=float)
    down = ys[:, 0] / height
    ramp = np.stack([np.interp(down, (0, 0.32, 0.62), stops[:, i]) for i in range(3)], axis=1)
    away = np.hypot(xs - sheet.x, ys - sheet.y) / sheet.unit
    glow = 0.5 * np.exp(-((away / 0.16) ** 2)) + 0.42 * np.exp(-away / 0.3)
    glow *= {"rain": 0.35, "fog": 0.6}.get(scene.weather, 0.6 if scene.dark else 1.0)
    cloud = _clouds(sheet.dice, ys / height, xs / sheet.unit)
    cloud *= 0.85 if scene.weather == "rain" else 0.55
    white = mix(palette.horizon, palette.middle if scene.dark else palette.light, 0.4)
    colours = ramp[:, None] + (np.array(palette.light) - ramp[:, None]) * glow[..., None]
    colours += (np.array(white) - colours) * cloud[..., None]
    small = Image.fromarray(colours.clip(0, 255).astype(np.uint8))
    sheet.image.paste(small.resize((width, height), Image.Resampling.BILINEAR))


def _clouds(dice: Dice, down: Curve, along: Curve) -> Curve:
    """Return how much cloud covers each place: a few long soft streaks."""
    rows, cols = down.shape
    total = np.zeros((rows, cols))
    for size, weight in ((6, 0.42), (13, 0.28), (27, 0.19), (55, 0.11)):
        patch = dice.random((size, round(size * 0.32 * along[0, -1]) + 2), dtype=np.float32)
        full = Image.fromarray(patch).resize((cols, rows), Image.Resampling.BICUBIC)
        total += weight * np.asarray(full)
    body = ((total - 0.48) / 0.22).clip(0, 1)
    fade = ((0.6 - down) / 0.2).clip(0, 1) * (down / 0.12).clip(0, 1)
    return np.asarray(body * body * (3 - 2 * body) * fade, dtype=np.float64)


def _draw_ridges(sheet: Sheet) -> None:
    """Draw the ridges from far to near."""
    (width, height), scene, palette = sheet.image.size, sheet.scene, sheet.scene.palette
    count = int(sheet.dice.integers(3, 5))
    haze = 0.95 if scene.weather in ("fog", "rain") else 0.65
    for depth in np.arange(count) / count:
        land = scene.land if depth < 0.4 or scene.land == "dunes" else "hills"
        tall = (height + sheet.unit) * {"peaks": 0.17, "dunes": 0.08}.get(land, 0.09)
        peak = width - sheet.x if depth == 0 else sheet.dice.uniform(0, width)
        edge = height * (0.61 + (0 if scene.water else 0.22) * depth)
        edge = edge - _outline(sheet, land, peak) * tall * (1 - 0.65 * depth)
        colour = mix(palette.far, palette.near, depth**1.1)
        _fill(sheet, edge, colour, mix(colour, palette.horizon, haze * (1 - depth)))
        if land != "hills":
            _draw_facets(sheet, edge, land)


def _outline(sheet: Sheet, land: str, peak: float) -> Curve:
    """Return one ridge, as heights from about 0 to 1 for every column."""
    columns = np.arange(sheet.image.width)
    along = columns / sheet.unit + sheet.dice.uniform(0, 50)
    if land == "peaks":
        total = 0.45 * (1 - np.abs(columns - peak) / (0.6 * sheet.unit)).clip(0)
        for rate, weight in ((2.1, 0.42), (4.7, 0.2), (10.3, 0.1), (23.0, 0.045), (51.0, 0.018)):
            total += weight * np.interp(
                along * rate, np.arange(64), sheet.dice.random(64), period=64
            )
        return np.asarray(total, dtype=np.float64)
    waves = [
        np.sin(along * 2.3 * 1.83**i + sheet.dice.uniform(0, 6.28)) * 0.52**i for i in range(5)
    ]
    if land == "dunes":
        # A fold makes a crest; a wave in its own phase leans the crest to one side.
        return np.asarray(1 - np.abs(np.sin(along * 1.3 + 0.5 * waves[0]) + 0.3 * waves[1]))
    return np.asarray(0.5 + 0.28 * sum(waves), dtype=np.float64)


def _draw_facets(sheet: Sheet, edge: Curve, land: str) -> None:
    """Lay snow on high peaks, and shadow on the side of each crest that the light misses."""
    palette, unit = sheet.scene.palette, sheet.unit
    # Shadows fall to the right below; turn the ridge around where they should fall left.
    turn = slice(None, None, 1 if sheet.x < sheet.image.width / 2 else -1)
    line, columns = edge[turn], np.arange(len(edge))
    rough = np.interp(columns * 50 / unit, np.arange(99), sheet.dice.random(99), period=99)
    if land == "peaks":
        snow = np.quantile(edge, 0.3) - edge
        cap = edge + (snow * 0.45 + (rough - 0.4) * unit * 0.05).clip(0) * (snow > 0)
        _lay(sheet, edge, cap, palette.light, 170)
    reach = max(1, unit // 14)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(line, reach, "edge"), 2 * reach + 1)
    crests = np.flatnonzero(line <= around.min(axis=1))
    until = line.copy()
    for start, end in pairwise([*crests.tolist(), len(line)]):
        valley = start + int(line[start:end].argmax())
        part = slice(start, valley + 1)
        fall = line[start] + (columns[part] - start) * 2.6
        if land == "peaks":
            fall += rough[part] * unit * 0.06
        until[part] = np.minimum(fall, line[valley] + (valley - columns[part]) * 0.8)
    until = np.maximum(until, line)
    _lay(sheet, edge, until[turn], palette.ink, 46)


def _draw_middle(sheet: Sheet) -> None:
    """Draw what lies before the ridges: the city, the water and the fog."""
    (width, height), scene = sheet.image.size, sheet.scene
    line = round(height * 0.66)
    if scene.city:
        draw_skyline(sheet, 0.45)
        draw_skyline(sheet, 1.0)
    if scene.water:
        _draw_water(sheet, line)
        draw_glitter(sheet, line)
        if scene.mark == "sail":
            draw_sails(sheet, line)
    if scene.weather == "fog":
        veil = np.exp(-((np.arange(height) / height - 0.62) ** 2) / 0.012)
        sheet.image.paste(scene.palette.horizon, (0, 0), _stretch(190 * veil, width))


def _draw_water(sheet: Sheet, line: int) -> None:
    """Lay water below a line: what stands above it, mirrored, softened and rippled."""
    image, dice, palette = sheet.image, sheet.dice, sheet.scene.palette
    width, deep = image.width, image.height - line
    mirror = ImageOps.flip(image.crop((0, line - deep, width, line)))
    soft = mirror.resize((-(-width // 6), -(-deep // 2)), Image.Resampling.BOX)
    soft = soft.resize((width, deep), Image.Resampling.BILINEAR)
    down = np.arange(deep) / deep
    swing = np.sin(np.cumsum(dice.uniform(0.1, 0.9, deep))) * down * deep * 0.06
    rows = (np.arange(deep) + swing).clip(0, deep - 1).astype(int)
    water = Image.fromarray(np.asarray(soft)[rows])
    body = mix(palette.middle, palette.top if sheet.scene.land == "dunes" else palette.near, 0.5)
    depths = _ramp(palette.horizon, body, (down * 4).clip(0, 1) ** 0.5)
    water.paste(_stretch(depths, width), (0, 0), _stretch(90 + 90 * down, width))
    image.paste(water, (0, line))


def _draw_foreground(sheet: Sheet) -> None:
    """Draw the nearest ground and what stands on it."""
    (width, height), scene, palette = sheet.image.size, sheet.scene, sheet.scene.palette
    if scene.city and not scene.growth:
        return
    slope = np.linspace(-1, 1, width) * (1 if sheet.x > width / 2 else -1)
    level = 0.84 if scene.growth == "flowers" else 0.9
    ground = height * (level - 0.05 * slope) - _outline(sheet, "hills", 0) * sheet.unit * 0.07
    if scene.water:
        ground += (0.4 - slope).clip(0) ** 2 * height * 0.09
    winter = scene.season == "winter"
    soil = palette.near if winter else mix(palette.near, palette.ink, 0.55)
    if scene.land == "dunes" and scene.water:
        soil = mix(palette.far, palette.near, 0.25)
    if scene.growth == "trees" and not scene.water:
        draw_trees(sheet, ground - 0.03 * height, mix(palette.ink, palette.far, 0.5), 0.13)
    if scene.mark == "lighthouse":
        draw_lighthouse(sheet, ground, slope)
    _fill(sheet, ground, soil, mix(soil, palette.near if winter else palette.ink, 0.3))
    if scene.growth == "trees":
        draw_trees(sheet, ground, palette.ink, 0.24)
    if scene.growth == "flowers":
        draw_flowers(sheet, ground)


def _fill(sheet: Sheet, edge: Curve, colour: Rgb, foot: Rgb) -> None:
    """Fill the ground below an edge with a colour that fades into the one at its foot."""
    width, height = sheet.image.size
    top = int(edge.min()) - 1
    fade = (np.arange(height - top) / (0.3 * height)).clip(0, 1)
    cover = np.full((height - top, width), 255, dtype=np.uint8)
    # Below the lowest point of the edge nothing shines through; working it out takes time.
    rows = np.arange(top, min(height, int(edge.max()) + 2), dtype=np.float32)[:, None]
    cover[: len(rows)] = (rows - edge.astype(np.float32) + 1).clip(0, 1) * 255
    ground = _stretch(_ramp(colour, foot, fade), width)
    sheet.image.paste(ground, (0, top), Image.fromarray(cover))


def _lay(sheet: Sheet, edge: Curve, until: Curve, colour: Rgb, light: int) -> None:
    """Lay a thin colour between two edges."""
    top, bottom = int(edge.min()) - 1, min(sheet.image.height, int(until.max()) + 2)
    rows = np.arange(top, bottom, dtype=np.float32)[:, None]
    cover = (rows - edge.astype(np.float32) + 1).clip(0, 1) * light
    cover *= (until.astype(np.float32) - rows).clip(0, 1)
    sheet.image.paste(colour, (0, top), Image.fromarray(cover.astype(np.uint8)))


def _ramp(start: Rgb, end: Rgb, share: Curve) -> Curve:
    """Return rows of colour that lie each its share of the way from start to end."""
    return np.asarray(start + np.subtract(end, start) * share[:, None])


def _stretch(rows: Curve, width: int) -> Image.Image:
    """Return a picture with a level or a colour for each row."""
    column = Image.fromarray(rows.astype(np.uint8)[:, None])
    return column.resize((width, len(rows)), Image.Resampling.NEAREST)


def _add_grain(image: Image.Image) -> Image.Image:
    """Add a grain of a level or two, so that gradients do not band."""
    # One small tile over and over costs the PNG a fraction of what free noise would, and with
    # every level once in each square of four the tiles do not show.
    dice = dice_for("grain")
    squares = dice.permuted(np.tile(np.arange(4, dtype=np.uint8), (256, 1)), axis=1)
    tile = squares.reshape(16, 16, 2, 2).swapaxes(1, 2).reshape(32, 32)
    repeated = np.tile(tile, (-(-image.height // 32), -(-image.width // 32)))
    grain = Image.fromarray(repeated[: image.height, : image.width])
    return ImageChops.add(image, Image.merge("RGB", (grain, grain, grain)), offset=-2)


def _stamp(image: Image.Image) -> None:
    """Mark the picture as the sandbox's own, in the bottom right corner."""
    unit = min(image.size)
    font = ImageFont.load_default(max(6.0, unit * 0.026))
    left, top, right, bottom = font.getbbox("sandbox")
    wide, tall = int(right - left + (bottom - top) * 1.8), int((bottom - top) * 2.2)
    pill = Image.new("RGBA", (wide * 2, tall * 2), (18, 20, 26, 0))
    ImageDraw.Draw(pill).rounded_rectangle(
        (0, 0, wide * 2 - 1, tall * 2 - 1), tall, (18, 20, 26, 165)
    )
    pill = pill.reduce(2)
    ImageDraw.Draw(pill).text((wide / 2, tall / 2), "sandbox", (255, 255, 255, 235), font, "mm")
    gap = int(unit * 0.022)
    image.paste(pill, (image.width - gap - wide, image.height - gap - tall), pill)
