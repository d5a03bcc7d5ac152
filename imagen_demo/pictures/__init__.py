"""Pictures as files: each is its own record, and the files are all there is.

`service` keeps what was drawn, `ui` and `endpoints` show and hand out what is kept.
"""
