"""What a host sees of the demo while it runs, and can turn: a page, and figures for Prometheus.

`launch` adds its routes beside the page; it knows no widget. Its looks are its own, in `templates`.
"""
