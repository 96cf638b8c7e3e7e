"""JSON Schemas of the evidence files. Oracle: a validator of its own, and good files."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from services.evidence import load, schema

FILES = sorted(load.FOLDER.glob("*.yaml"))
TYPES: dict[str, Any] = {
    "string": (str, date), "number": (int, float), "integer": int, "boolean": bool,
    "null": type(None), "array": list, "object": dict,
}  # fmt: skip


def wrong(value: Any, rule: dict[str, Any], top: dict[str, Any], at: str = "") -> list[str]:
    """What of ``value`` a schema does not allow."""
    if "$ref" in rule:
        return wrong(value, top["$defs"][rule["$ref"].rsplit("/", 1)[1]], top, at)
    for choices in (rule.get("anyOf"), rule.get("oneOf")):
        if choices:
            found = [wrong(value, choice, top, at) for choice in choices]
            return (
                []
                if [] in found
                else max(found, key=lambda told: max(len(t.split(":")[0]) for t in told))
            )
    if "const" in rule or "enum" in rule:
        return [] if value in rule.get("enum", [rule.get("const")]) else [f"{at}: {value}"]
    kinds = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    if not any(
        isinstance(value, TYPES[kind]) and (kind == "boolean") == isinstance(value, bool)
        for kind in kinds
    ):
        return [f"{at}: no {kinds}"]
    if isinstance(value, list):
        rows = [wrong(item, rule["items"], top, f"{at}[{i}]") for i, item in enumerate(value)]
        few = [at] if len(value) < rule.get("minItems", 0) else []
        return [told for row in (*rows, few) for told in row]
    if isinstance(value, dict):
        keys, more = rule.get("properties", {}), rule["additionalProperties"]
        told = [f"{at}.{key} is missing" for key in rule.get("required", ()) if key not in value]
        for key, item in value.items():
            allowed = keys.get(key, more)
            told += wrong(item, allowed, top, f"{at}.{key}") if allowed else [f"{at}.{key}"]
        return told
    if isinstance(value, (int, float)):
        return [at] if not rule.get("minimum", value) <= value <= rule.get("maximum", value) else []
    return []


@pytest.mark.parametrize("kind", load.KINDS)
def test_the_schemas_are_those_of_the_records(kind: str) -> None:
    written = schema.path(kind).read_text("utf-8")
    assert written == schema.text(kind), "run `make schema` and commit"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_is_valid_by_the_schema_it_names(file: Any) -> None:
    text = file.read_text("utf-8")
    said, values = text.split("\n", 1)[0], yaml.safe_load(text)
    named = schema.path(values["kind"])
    assert said == f"# yaml-language-server: $schema={named.relative_to(load.FOLDER)}"
    rule = schema.of(load.KINDS[values.pop("kind")])
    assert wrong(values, rule, rule) == []


def test_a_schema_finds_mistakes() -> None:
    rule = schema.of(load.KINDS["trial"])
    values = yaml.safe_load((load.FOLDER / "aquila.yaml").read_text("utf-8"))
    del values["kind"], values["title"]
    values["arms"][0]["role"] = "control"
    values["endpoints"][0]["arms"][0]["landmarks"][0]["estimate"] = 630
    values["endpoints"][0]["kinds"] = values["sources"][0]["link"] = "x"
    told = "\n".join(wrong(values, rule, rule))
    for mistake in (".title", ".arms[0].role", "[0].estimate", ".kinds", ".sources[0].link"):
        assert mistake in told
    assert len(told.splitlines()) == 5
