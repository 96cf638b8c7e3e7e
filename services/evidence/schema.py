"""JSON Schemas of the evidence files, made of their records, for editors to complete and check.

``make schema`` writes them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from services.checked import MADE, adapter, inlined
from services.evidence.load import FOLDER, KINDS


class FileSchema(GenerateJsonSchema):
    """What a record's file may hold: its keys, null for what was not found, numbers as texts."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never: a key says as much."""
        return False

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A number without quotes is read as its text."""
        return {"type": ["string", "number"]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """What is left out is not found, whatever the record then has."""
        return {k: v for k, v in super().default_schema(schema).items() if k != "default"}

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """A record's keys, those of inline records among them."""
        made = super().dataclass_schema(schema)
        cls: Any = schema["cls"]
        left_out = [n for n, f in cls.__pydantic_fields__.items() if MADE in f.metadata]
        properties = {k: v for k, v in made["properties"].items() if k not in left_out}
        for name, mark in inlined(cls).items():
            del properties[name]
            properties |= of(mark.record)["properties"]
        required = [key for key in made.get("required", ()) if key in properties]
        for key in properties.keys() - set(required):
            choices = properties[key].get("anyOf", [properties[key]])
            if {"type": "null"} not in choices:
                properties[key] = {"anyOf": [*choices, {"type": "null"}]}
        return made | {"properties": properties, "required": required}


def of(record: Any) -> dict[str, Any]:
    """The JSON Schema of a record's file."""
    return adapter(record).json_schema(schema_generator=FileSchema)


def text(kind: str) -> str:
    """The schema file of a kind of evidence file."""
    made = of(KINDS[kind])
    made["properties"] = {"kind": {"const": kind}, **made["properties"]}
    made["required"] = ["kind", *made["required"]]
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | made, indent=1, ensure_ascii=False) + "\n"


def path(kind: str) -> Path:
    """Where the schema of a kind lies."""
    return FOLDER / "schema" / f"{kind.replace(' ', '_').replace('-', '_')}.json"


if __name__ == "__main__":
    for each in KINDS:
        path(each).parent.mkdir(exist_ok=True)
        path(each).write_text(text(each), "utf-8")
