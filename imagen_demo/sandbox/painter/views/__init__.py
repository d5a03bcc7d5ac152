"""Where it is: the seven settings that a prompt can ask for, and the view outdoors.

    outdoors  of `sky`, `land`, `water`, `city`, `cliff`, `weather`, and a `foreground` with its
              `vegetation`
    street    with its `street_bar`
    space, underwater, aerial, isometric, macro, table
              each whole in one module

Its neighbours: `canvas` and `subjects`, which all of them draw with; `painter`, which calls.
"""

from imagen_demo.sandbox.painter.canvas.sheet import Sheet
from imagen_demo.sandbox.painter.views import (
    aerial,
    isometric,
    macro,
    outdoors,
    space,
    street,
    table,
    underwater,
    weather,
)


def draw_view(sheet: Sheet) -> None:
    """Draw what the scene asks for."""
    other = {
        "space": space.draw_space,
        "street": street.draw_street,
        "table": table.draw_table,
        "macro": macro.draw_macro,
        "aerial": aerial.draw_aerial,
        "underwater": underwater.draw_underwater,
        "isometric": isometric.draw_isometric,
    }.get(sheet.scene.setting, outdoors.draw_outdoors)
    other(sheet)
    if sheet.scene.setting in ("", "street", "isometric"):
        weather.draw_falling(sheet)
