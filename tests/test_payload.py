"""The JSON of an answer carries neither the key nor half a character."""

import json

from imagen_demo.payload import read_payload, redacted

KEY = 'quo"ted\\key/with-marks'


def test_the_key_is_blacked_out_however_json_spells_it() -> None:
    said = {KEY: [f"no good: {KEY}", {"deep": KEY}], "n": 7, "null": None}
    escaped = json.dumps(said).replace("/", "\\/").replace("k", "\\u006b")
    assert json.loads(escaped) == said
    expected = {"[key]": ["no good: [key]", {"deep": "[key]"}], "n": 7, "null": None}
    assert read_payload(escaped.encode(), KEY) == expected


def test_half_a_surrogate_pair_is_replaced() -> None:
    said = b'{"prompt": "a fox \\ud83e\\udd8a \\ud800"}'
    assert read_payload(said, KEY) == {"prompt": "a fox 🦊 ?"}


def test_no_json_is_nothing() -> None:
    for body in (b"", b"<html>", b"\xff", b"[" * 100_000):
        assert read_payload(body, KEY) is None


def test_a_key_too_short_to_be_secret_stays() -> None:
    assert redacted("a lake", "a") == "a lake"
