"""The quick example of the vendor's documentation, in Python: one request, its reply printed."""

import json

import requests

response = requests.post(
    "https://api.aimlapi.com/v1/images/generations",
    headers={
        "Authorization": "Bearer <YOUR_AIMLAPI_KEY>",
        "Content-Type": "application/json",
    },
    json={
        "prompt": "Racoon eating ice-cream",
        "model": "google/imagen-4.0-generate-001",
        "aspect_ratio": "16:9",
    },
    timeout=60,
)
print(json.dumps(response.json(), indent=2, ensure_ascii=False))
