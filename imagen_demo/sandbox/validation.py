"""What is wrong with a request, in the words of the vendor's validator.

`contract` has the limits; `replies` refuses what is wrong.
"""

from collections.abc import Mapping

from imagen_demo.sandbox.contract import (
    IMAGEN_FIELDS,
    NANO_BANANA,
    NANO_BANANA_FIELDS,
    Field,
    Json,
)


def issues_of(body: object) -> list[Json]:
    """List what is wrong with a request, field by field, in the words of the vendor's validator."""
    if not isinstance(body, Mapping):
        return [_issue("invalid_type", "(root)", "Expected object", expected="object")]
    rules = fields_of(body)
    issues = (_field_issue(name, body.get(name), rule) for name, rule in rules.items())
    return [issue for issue in issues if issue]


def fields_of(body: Mapping[str, object]) -> dict[str, Field]:
    """Return the fields that the model of a request knows."""
    return NANO_BANANA_FIELDS if body.get("model") == NANO_BANANA else IMAGEN_FIELDS


def _field_issue(name: str, value: object, rule: Field) -> Json | None:
    if value is None:
        return _issue("invalid_type", name, "Required") if rule.required else None
    python_type = {"string": str, "integer": int, "boolean": bool}[rule.kind]
    if not isinstance(value, python_type) or (rule.kind == "integer" and isinstance(value, bool)):
        return _issue("invalid_type", name, f"Expected {rule.kind}", expected=rule.kind)
    if rule.options and value not in rule.options:
        expected = " | ".join(f"'{option}'" for option in rule.options)
        said = f"Invalid enum value. Expected {expected}, received '{value}'"
        return _issue("invalid_enum_value", name, said, options=list(rule.options))
    return _size_issue(name, value if isinstance(value, int) else len(str(value)), rule)


def _size_issue(name: str, size: int, rule: Field) -> Json | None:
    limits: Json = {"type": "string" if rule.kind == "string" else "number", "inclusive": True}
    if rule.maximum is not None and size > rule.maximum:
        text = f"String must contain at most {rule.maximum} character(s)"
        number = f"Number must be less than or equal to {rule.maximum}"
        said = text if rule.kind == "string" else number
        return _issue("too_big", name, said, maximum=rule.maximum, exact=False, **limits)
    if rule.minimum is not None and size < rule.minimum:
        said = f"Number must be greater than or equal to {rule.minimum}"
        return _issue("too_small", name, said, minimum=rule.minimum, exact=False, **limits)
    return None


def _issue(code: str, name: str, message: str, **more: object) -> Json:
    return {"code": code, "path": [name], "message": message, **more}
