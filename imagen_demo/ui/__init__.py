"""The page: `layout` places the widgets, `wiring` connects them, `handlers` do what they are for.

`options` and `choices` are the same for the accordion; `markup` has the words, `discreet` sees to
it that keys are forgotten, `launch` serves it all.

Gradio is imported here and in `app.py` only.
"""
