"""A request as a program in three languages, run as it is pasted: only host and key are changed."""

import ast
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import playwright
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from imagen_demo.domain import code_snippets
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.sandbox.server import Sandbox
from tests.conftest import Answer, Service

HOST = "https://api.aimlapi.com"
NODE = str(Path(playwright.__file__).parent / "driver" / "node")  # as in tests/vendor


@dataclass(frozen=True)
class Language:
    """How a request is written in a language, and how that is run."""

    write: Callable[[GenerationRequest], str]
    command: tuple[str, ...]
    file: str

    def run(
        self, program: str, folder: Path, host: str, key: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a program with another host and the key filled in."""
        assert program.count(HOST) == program.count(code_snippets.KEY) == 1
        file = folder / self.file
        program = program.replace(HOST, host).replace(code_snippets.KEY, key)
        file.write_text(program, encoding="utf-8", newline="\n")
        return subprocess.run(  # noqa: S603 - the programs that are tested
            [*self.command, file], capture_output=True, encoding="utf-8", timeout=60, check=False
        )


LANGUAGES = {
    "python": Language(code_snippets.python, (sys.executable,), "snippet.py"),
    "javascript": Language(code_snippets.javascript, (NODE,), "snippet.mjs"),
    "curl": Language(code_snippets.curl, ("sh", "-eu"), "snippet.sh"),
}
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)

DOCUMENTED = GenerationRequest(prompt="Racoon eating ice-cream")
REQUESTS = {
    "documented": DOCUMENTED,
    "every option": GenerationRequest(
        prompt="A fox",
        model="google/imagen-4.0-ultra-generate-001",
        aspect_ratio="16:9",
        num_images=4,
        seed=2**32 - 1,
        enhance_prompt=False,
        person_generation="dont_allow",
        safety_setting="block_only_high",
        convert_base64_to_url=False,
    ),
    "watermark": GenerationRequest(prompt="A fox", add_watermark=True, num_images=2),
    "successor": GenerationRequest(
        prompt="A fox",
        model="google/gemini-nano-banana-2.1",
        resolution="2K",
        enable_web_search=True,
    ),
    "quotes": GenerationRequest(
        prompt="""'A' "fox's" den '"'"' ''' \""" \\ \\\\ \\' \\" \\n \\u0041 \\x41 \\"""
    ),
    "shell": GenerationRequest(
        prompt="$HOME $(id) `id` ${x} ${HOME:-x} !! !x % %s %HOME% & ; | > ~ * ? # @fox \\$HOME"
    ),
    "templates": GenerationRequest(
        prompt="{x} {{x}} {0} %(x)s </script> <!-- ]]> */ // # \N{LEFT DOUBLE QUOTATION MARK} EOF"
    ),
    "lines": GenerationRequest(prompt="A fox\nin\r\nsnow\u2028and\u2029ice\ttoo\x00\x1b[31m\x7f"),
    "scripts": GenerationRequest(
        prompt="👩\u200d🚀🇺🇦1️⃣ 狐狸在雪中 눈 속의 여우 हिन्दी แมว \u200f\ufeff𠮷"
    ),
}
REPLY = {"data": [{"url": "https://pictures.example/1.png", "prompt": "A red fox in snow"}]}


@EVERY_LANGUAGE
@pytest.mark.parametrize("asked", REQUESTS.values(), ids=REQUESTS)
def test_a_program_sends_the_very_request(
    tmp_path: Path, service: Service, language: Language, asked: GenerationRequest
) -> None:
    service.script = lambda _: Answer(200, json.dumps(REPLY).encode())

    run = language.run(language.write(asked), tmp_path, service.url, "a-key")

    assert run.returncode == 0, run.stderr
    (received,) = service.received
    assert json.loads(received.body) == asked.to_json()
    assert (received.method, received.path) == ("POST", "/v1/images/generations")
    assert received.headers["authorization"] == "Bearer a-key"
    assert received.headers["content-type"] == "application/json"
    assert "https://pictures.example/1.png" in run.stdout
    assert "A red fox in snow" in run.stdout


@EVERY_LANGUAGE
def test_a_program_prints_the_pictures_link_and_the_rewritten_prompt(
    tmp_path: Path, sandbox: Sandbox, language: Language
) -> None:
    run = language.run(language.write(DOCUMENTED), tmp_path, sandbox.url, "any-key")
    assert run.returncode == 0, run.stderr
    assert re.search(rf"{sandbox.url}/generations/sandbox/\w+\.png", run.stdout)
    assert "Racoon eating ice-cream, imagined by the sandbox" in run.stdout


@EVERY_LANGUAGE
def test_a_program_prints_a_picture_that_comes_without_a_link(
    tmp_path: Path, service: Service, language: Language
) -> None:
    service.script = lambda _: Answer(200, b'{"data": [{"b64_json": "aVZCT1J3MEtHZ28="}]}')
    run = language.run(language.write(DOCUMENTED), tmp_path, service.url, "a-key")
    assert run.returncode == 0, run.stderr
    assert "aVZCT1J3MEtHZ28=" in run.stdout


@EVERY_LANGUAGE
def test_a_program_fails_when_the_service_refuses(
    tmp_path: Path, sandbox: Sandbox, language: Language
) -> None:
    run = language.run(language.write(DOCUMENTED), tmp_path, sandbox.url, "sandbox-invalid")
    assert run.returncode != 0
    assert "401" in run.stderr
    assert "/generations/sandbox/" not in run.stdout


@EVERY_LANGUAGE
@pytest.mark.parametrize("asked", REQUESTS.values(), ids=REQUESTS)
def test_only_what_differs_from_the_defaults_is_in_a_program(
    language: Language, asked: GenerationRequest
) -> None:
    program = language.write(asked)
    named = {each.name for each in fields(GenerationRequest) if f'"{each.name}":' in program}
    assert named == set(asked.to_json())


@EVERY_LANGUAGE
def test_a_program_has_one_place_for_the_key_and_no_key(
    monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.setenv("AIMLAPI_API_KEY", "the-visitors-key")
    for asked in REQUESTS.values():
        program = language.write(asked)
        assert re.findall(r"Bearer ([^\"']*)", program) == [code_snippets.KEY]
        assert program.count(code_snippets.KEY) == 1
        assert "the-visitors-key" not in program
        assert not re.search(r"[A-Za-z0-9+/=_-]{32}", program)


PROMPTS = st.text(min_size=1, max_size=400) | st.text(
    alphabet="'\"\\`$!%{}()<>/#&;|*?~@ \nnuxUN01é狐🦊\u200d\u202e\ufeff\u2028\x85",
    min_size=1,
    max_size=60,
)


def request_for(prompt: str) -> GenerationRequest:
    try:
        return GenerationRequest(prompt=prompt, seed=7, enhance_prompt=False)
    except InvalidRequest:
        assume(condition=False)
        raise


@given(PROMPTS)
@settings(deadline=None, max_examples=300)
def test_any_prompt_is_the_same_prompt_to_python(prompt: str) -> None:
    request = request_for(prompt)
    (body,) = [
        node.value
        for node in ast.walk(ast.parse(code_snippets.python(request)))
        if isinstance(node, ast.keyword) and node.arg == "json"
    ]
    assert ast.literal_eval(body) == request.to_json()


@given(PROMPTS)
@settings(deadline=None, max_examples=300)
def test_any_prompt_is_the_same_prompt_to_javascript(prompt: str) -> None:
    request = request_for(prompt)
    _, _, program = code_snippets.javascript(request).partition("JSON.stringify(")
    body, _, _ = program.rpartition(",\n  }),\n});\n")  # JSON has no comma after the last field
    assert json.loads(body + "}") == request.to_json()


@given(PROMPTS)
@settings(deadline=None, max_examples=300)
def test_any_prompt_is_the_same_prompt_to_a_shell(prompt: str) -> None:
    request = request_for(prompt)
    words = shlex.split(code_snippets.curl(request))
    assert json.loads(words[words.index("--data-raw") + 1]) == request.to_json()
    assert words[-2] == "--data-raw"
    assert words[:2] == ["curl", code_snippets.ENDPOINT]
