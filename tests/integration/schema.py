"""Holds a JSON value against a schema of an OpenAPI document, as far as that document goes."""

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_type(value, name):
    if name in ("number", "integer"):
        return not isinstance(value, bool) and isinstance(value, int if name == "integer" else (int, float))
    return isinstance(value, TYPES[name])


def check(value, schema, document, place="$"):
    """Also refuses keys that the schema does not know: they would go undocumented."""
    while "$ref" in schema:
        found = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(is_type(value, kind) for kind in kinds), f"{place}: {value!r} is not {kinds}"
    if "enum" in schema:
        assert value in schema["enum"], f"{place}: {value!r} is not of {schema['enum']}"
    if isinstance(value, list):
        for i, item in enumerate(value):
            check(item, schema["items"], document, f"{place}[{i}]")
    if isinstance(value, dict):
        properties, others = schema.get("properties", {}), schema.get("additionalProperties")
        for key in schema.get("required", []):
            assert key in value, f"{place}: no {key}"
        for key, item in value.items():
            assert key in properties or others, f"{place}: {key} is not in the schema"
            check(item, properties.get(key, others), document, f"{place}.{key}")
