"""A browser demo of Google's Imagen 4, reached through AI/ML API.

The one way through, whichever door a visitor takes (the page, the `/generate` endpoint, MCP):

    widgets -> GenerationRequest -> ImagenClient -> Generation -> widgets

    catalog      the models, as data
    request      what is asked for, checked before anything is sent
    provider     who answers: AI/ML API for a visitor's or the host's key, else the sandbox
    client       a request and a key in, a generation out
    transport    HTTP: pooled, bounded, retried only where that is safe
    payload      an answer's JSON, with the key blacked out
    refusals     an answer that is no success, as the error it means
    download     a picture's link as bytes, fetched with suspicion
    guard        whom such a link may reach
    retries      when a request is sent again
    generation   what came back: pictures, rewritten prompts, usage
    lifecycle    which models are on their way out
    prices       what a picture may cost, and what it was last charged
    budget       what visitors may spend of the host's key, and how much the sandbox draws them
    addresses    who a visitor is to a host that pays
    recipe       what a picture was made with and what came of it
    inscription  the recipe inside the picture's file
    receipt      what a generation came to, and a whole visit
    rewrite      what the rewrite did: the words that both prompts share
    snippets     a request as Python, JavaScript and cURL
    comparison   one prompt, several ways to draw it
    file_names   what files about a picture are called
    album        pictures on disk, for each visitor, under names nobody can guess
    room         whether there is room for another, and what makes way
    retention    how long they are kept
    tiles        small versions of them
    sheet        a picture's or a comparison's page for a stakeholder
    errors       every failure a visitor can meet, each with what to do next
    examples     the pictures of the gallery
    journal      one line for each request, for people or programs
    access       who may come in, from which pages, and who may frame the page
    settings     the environment, read once
    key          what was pasted as a key, fit for a header
    ui           the page
    sandbox      a stand-in of AI/ML API that runs on this machine
"""
