"""A stand-in of AI/ML API that runs on this machine, over real HTTP.

    contract    the documented fields, limits, prices and test keys, as data
    validation  what is wrong with a request
    replies     a request and a key in, a reply out
    painter     draws the picture, a package of its own
    server      all of it behind a socket on loopback

It imports nothing else of the package: a misreading of the API must not pass on both sides.
"""
