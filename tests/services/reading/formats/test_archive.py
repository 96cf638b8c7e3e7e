"""Archives. Oracle: what was packed."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import UserError
from services.reading.formats.archive import unpack
from tests.bad_files import packed
from tests.services.reading.formats.small import in_words


@given(st.data())
def test_a_damaged_archive_is_unpacked_or_refused_in_words(data: st.DataObject) -> None:
    content = bytearray(packed({"adtte.csv": b"A,B\n1,2\n" * 20, "adsl.csv": b"C\n1\n"}))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.zip").write_bytes(content)
        (folder / "into").mkdir()
        try:
            members = unpack(folder / "a.zip", "a.zip", folder / "into", 10_000)
        except UserError as problem:
            in_words(problem, "a.zip")
        else:
            assert all(member.path.parent == folder / "into" for member in members)
        assert {p.name for p in folder.iterdir()} == {"a.zip", "into"}


@pytest.mark.parametrize("claimed", [1, 10_000])
def test_what_is_unpacked_is_counted_whatever_the_archive_claims(
    claimed: int, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("adtte.csv", b"0" * 1_000_000)
    content = buffer.getvalue().replace((1_000_000).to_bytes(4, "little"),
                                        claimed.to_bytes(4, "little"))  # fmt: skip
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(UserError):
        unpack(path, "a.zip", tmp_path, 5_000)
    assert sum(f.stat().st_size for f in tmp_path.glob("member-*")) <= 5_000
