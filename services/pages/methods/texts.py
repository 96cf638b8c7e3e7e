"""What the methods page says, read from ``texts.toml`` once: sentences are data, not code."""

from __future__ import annotations

from pydantic import TypeAdapter

from services import lists
from services.pages.methods.records import Departure, Maker, Method

_TEXTS = lists.beside(__file__)

METHODS = TypeAdapter(tuple[Method, ...]).validate_python(_TEXTS["methods"])
DEPARTURES = TypeAdapter(tuple[Departure, ...]).validate_python(_TEXTS["departures"])
MAKERS = TypeAdapter(tuple[Maker, ...]).validate_python(_TEXTS["makers"])
