"""The reference compiled from the publications: beside this checkout, or nowhere."""

from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[3].parent / "shared" / "reference"
