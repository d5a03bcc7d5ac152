"""The page: `layout` has the widgets, `handlers` what they do, `markup` the words between them.

Gradio is imported here and in `app.py` only.
"""
