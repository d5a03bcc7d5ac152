"""AI/ML API over HTTP: the only room that knows its routes, its headers and its replies.

`service` calls `client`; requests and generations are `domain`'s.
"""
