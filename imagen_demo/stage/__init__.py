"""Pictures as large as a screen allows: a visitor's own, and those of everybody in the room.

`launch` adds its routes beside the page, which loads nothing of it before somebody calls. It knows
no widget; its looks and its scripts are its own, in `templates` and `static`.
"""
