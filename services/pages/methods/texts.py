"""What the methods page says, read from ``texts.toml`` once: sentences are data, not code."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import TypeAdapter

from services.pages.methods.records import Departure, Maker, Method

_TEXTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

METHODS = TypeAdapter(tuple[Method, ...]).validate_python(_TEXTS["methods"])
DEPARTURES = TypeAdapter(tuple[Departure, ...]).validate_python(_TEXTS["departures"])
MAKERS = TypeAdapter(tuple[Maker, ...]).validate_python(_TEXTS["makers"])
