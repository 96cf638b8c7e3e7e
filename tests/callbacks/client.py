"""A reader without a browser: opens a page, changes controls, and gets what Dash would send.

It knows of Dash's protocol what the renderer knows: the layout, the list of callbacks, and one
POST per callback whose input changed. Callbacks that run in the browser are not run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.testing import FlaskClient


def id_text(component_id: str | dict[str, Any]) -> str:
    """An id as Dash writes it in text."""
    if isinstance(component_id, str):
        return component_id
    return json.dumps(component_id, sort_keys=True, separators=(",", ":"))


def _components(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        for item in tree:
            yield from _components(item)
    elif isinstance(tree, dict):
        if "props" in tree and "namespace" in tree:
            yield tree
        for item in tree.values():
            yield from _components(item)


def _matches(pattern: Any, component_id: Any) -> bool:
    if isinstance(pattern, str) or isinstance(component_id, str):
        return bool(pattern == component_id)
    return set(pattern) == set(component_id) and all(
        value == ["ALL"] or value == component_id[key] for key, value in pattern.items()
    )


def _several(pattern: Any) -> bool:
    """Whether an id stands for all components it matches."""
    return isinstance(pattern, dict) and any(value == ["ALL"] for value in pattern.values())


def _parsed(component_id: str) -> Any:
    return json.loads(component_id) if component_id.startswith("{") else component_id


class Reader:
    """One open page.

    ``props`` holds what each component on it shows: id (as text) -> property -> value.
    """

    def __init__(
        self,
        server: Flask,
        path: str,
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.client: FlaskClient = server.test_client()
        for name, value in (cookies or {}).items():
            self.client.set_cookie(name, value)
        self.headers = {"Referer": f"http://localhost{path}", **(headers or {})}
        layout = self.client.get("/_dash-layout", headers=self.headers)
        assert layout.status_code == 200
        self.layout = layout.get_json()
        self.ids: list[Any] = []
        self.props: dict[str, dict[str, Any]] = {}
        for component in _components(self.layout):
            component_id = component["props"].get("id")
            if component_id is not None:
                self.ids.append(component_id)
                self.props[id_text(component_id)] = dict(component["props"])
        self.callbacks = self.client.get("/_dash-dependencies").get_json()
        self.posts = 0

    def text(self) -> str:
        """Everything the page was made with, as text."""
        return json.dumps(self.layout, ensure_ascii=False)

    def change(self, component_id: str | dict[str, Any], prop: str, value: Any) -> dict[str, Any]:
        """Change one property as a reader does; what every callback answers, by component."""
        key = id_text(component_id)
        assert key in self.props, f"{key} is not on the page"
        self.props[key][prop] = value
        answers: dict[str, Any] = {}
        for callback in self.callbacks:
            if callback.get("clientside_function"):
                continue
            if any(
                _matches(_parsed(i["id"]), component_id) and i["property"] == prop
                for i in callback["inputs"]
            ):
                answers |= self._post(callback, f"{key}.{prop}")
        return answers

    def question(self, callback: dict[str, Any], *changed: str) -> dict[str, Any]:
        """What Dash asks a callback after properties changed, "id.property"."""
        names = callback["output"].strip(".").split("...")
        outputs = [name.rpartition(".") for name in names]
        body = {
            "output": callback["output"],
            "outputs": [self._outputs(_parsed(i), p) for i, _, p in outputs],
            "inputs": [self._values(i) for i in callback["inputs"]],
            "state": [self._values(i) for i in callback["state"]],
            "changedPropIds": list(changed),
        }
        if not callback["output"].startswith(".."):
            body["outputs"] = body["outputs"][0]
        return body

    def _post(self, callback: dict[str, Any], changed: str) -> dict[str, Any]:
        body = self.question(callback, changed)
        self.posts += 1
        answer = self.client.post("/_dash-update-component", json=body, headers=self.headers)
        if answer.status_code == 204:
            return {}
        assert answer.status_code == 200, answer.get_data(as_text=True)[:2000]
        body = answer.get_json()
        response: dict[str, Any] = body["response"]
        # What the callback sets beside its outputs (set_props) is on the page as well.
        for component_id, props in (response | body.get("sideUpdate", {})).items():
            self.props[id_text(_parsed(component_id))].update(props)
        return response

    def _outputs(self, component_id: Any, prop: str) -> Any:
        if not _several(component_id):
            return {"id": component_id, "property": prop}
        found = [i for i in self.ids if _matches(component_id, i)]
        return [{"id": i, "property": prop} for i in found]

    def _values(self, asked: dict[str, Any]) -> Any:
        component_id, prop = _parsed(asked["id"]), asked["property"]
        found = [i for i in self.ids if _matches(component_id, i)]
        rows = [
            {"id": i, "property": prop, "value": self.props[id_text(i)].get(prop)} for i in found
        ]
        if not _several(component_id):
            assert rows, f"{component_id} is not on the page"
            return rows[0]
        return rows
