"""Images as a browser would send them."""

from __future__ import annotations

import io

from PIL import Image

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PLOT = (
    f'{HEAD} class="main-svg" width="300" height="200" viewBox="0 0 300 200" onload="x()">'
    '<defs><clipPath id="clip1"><rect width="10" height="10"/></clipPath></defs>'
    '<g clip-path="url(#clip1)"><path d="M0,0L5,5" style="stroke: rgb(0, 1, 2); fill: none;"/></g>'
    '<text font-size="14" style="font-size: 12px; white-space: pre;">At <tspan dy="1">risk</tspan>'
    " now</text></svg>"
)


def png(width: int = 300, height: int = 200) -> bytes:
    """A white PNG."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()
