"""One request from the click to pictures on disk: who answers, who pays, what is kept.

The page and the other doors call it; it calls `aimlapi`, or the sandbox, and `pictures`.
"""
