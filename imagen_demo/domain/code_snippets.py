"""A request as a program: Python, JavaScript or cURL, ready to paste, the key left to fill in.

`ui/create/view` shows them. Only what differs from the API's defaults is in them, as in the request
that was sent.
"""

import json
import shlex
from collections.abc import Callable

from imagen_demo.domain.request import GenerationRequest, JsonValue
from imagen_demo.domain.vendor import VENDOR

ENDPOINT = f"{VENDOR.base_url}/v1/images/generations"
KEY = "<YOUR_AIMLAPI_KEY>"
"""What stands where the key belongs."""


def python(request: GenerationRequest) -> str:
    """Return the request as a program for Python and requests."""
    return f"""import requests

answer = requests.post(
    "{ENDPOINT}",
    headers={{"Authorization": "Bearer {KEY}"}},
    json={{
{_fields(request, _python_value, indent=8)}
    }},
    timeout=180,
)
if not answer.ok:
    raise SystemExit(f"{{answer.status_code}} {{answer.text}}")
for picture in answer.json()["data"]:
    print(picture.get("url") or picture.get("b64_json"), picture.get("prompt"))
"""


def javascript(request: GenerationRequest) -> str:
    """Return the request as a module, whose `await` needs no function around it."""
    return f"""const answer = await fetch("{ENDPOINT}", {{
  method: "POST",
  headers: {{
    "Authorization": "Bearer {KEY}",
    "Content-Type": "application/json",
  }},
  body: JSON.stringify({{
{_fields(request, _json_value, indent=4)}
  }}),
}});
if (!answer.ok) throw new Error(`${{answer.status}} ${{await answer.text()}}`);
for (const picture of (await answer.json()).data) {{
  console.log(picture.url ?? picture.b64_json, picture.prompt);
}}
"""


def curl(request: GenerationRequest) -> str:
    """Return the request as a command for a POSIX shell."""
    body = json.dumps(request.to_json(), ensure_ascii=False, indent=2)
    return f"""curl {ENDPOINT} \\
  --fail-with-body \\
  --header "Authorization: Bearer {KEY}" \\
  --header "Content-Type: application/json" \\
  --data-raw {shlex.quote(body)}
"""


def _fields(request: GenerationRequest, write: Callable[[JsonValue], str], *, indent: int) -> str:
    fields = request.to_json().items()
    return "\n".join(f'{" " * indent}"{name}": {write(value)},' for name, value in fields)


def _python_value(value: JsonValue) -> str:
    # Any text of JSON is one of Python, too, and keeps to one kind of quotes.
    return _json_value(value) if isinstance(value, str) else repr(value)


def _json_value(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)
