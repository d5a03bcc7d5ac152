"""The Gradio page: `layout` places the widgets of each panel, `wiring` says what calls what.

By panel: `create` draws, `compare` draws in several ways, `library` has the pictures that are there
already, `options` what can be asked for. Each has its widgets in `panel`, its behaviour in
`handlers`, its words in `view`. `outputs` puts a result into the widgets, `messages` has the
notices that all share, `private_blocks` sees to it that nothing a page sent is remembered.
"""
