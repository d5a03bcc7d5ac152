"""The doors beside the page, for programs: REST and MCP.

Both call `service` as the page does, and say failures in the same words.
"""
