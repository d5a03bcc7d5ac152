"""The doors beside the page, for programs: `rest` and `mcp`.

Both hand on what `answer` gets from `service`, and say failures in the page's words.
"""
