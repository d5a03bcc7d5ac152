"""The page: `layout` places the widgets, `wiring` connects them, `handlers` do what they are for.

By panel: `create` and `showing` with `insight` for one picture, `compare` with `columns` for
several ways to draw it, `record` with `strips` for those that are there already, `options` with
`choices` for the accordion, `pricing` for what stands under the button. `markup` has the words,
`discreet` sees to it that keys are forgotten. `launch` serves it all, behind the `wall`.

Gradio is imported here and in `app.py` only.
"""
