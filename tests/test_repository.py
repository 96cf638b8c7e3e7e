"""What the repository itself promises: locks that pin, small files, links that lead somewhere."""

from __future__ import annotations

import dataclasses
import itertools
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from services.views.study import View

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-deploy.lock", "requirements-dev.lock")
LARGEST = 700 * 1024
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")

# Whoever installs chooses where from. In pieces, so that this file does not name them.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
)


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    names = done.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def pins(lock: str) -> dict[str, set[str]]:
    """Version(s) by package; a universal lock may pin one package twice, by marker."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return found


def required(*extras: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = list(project["dependencies"])
    for extra in extras:
        named += project["optional-dependencies"][extra]
    return [Requirement(text) for text in named]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_is_exact_versions_and_hashes(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not PIN.match(line) and not HASH.match(line)] == []
    hashed = [HASH.match(after) for line, after in itertools.pairwise(lines) if PIN.match(line)]
    assert hashed
    assert all(hashed)


@pytest.mark.parametrize(
    ("lock", "extras"), [(LOCKS[0], ()), (LOCKS[1], ("deploy",)), (LOCKS[2], ("dev", "deploy"))]
)
def test_lock_satisfies_pyproject(lock: str, extras: tuple[str, ...]) -> None:
    locked = pins(lock)
    wrong = [
        f"{need} but {sorted(locked.get(canonicalize_name(need.name), ()))}"
        for need in required(*extras)
        if not (versions := locked.get(canonicalize_name(need.name)))
        or not all(need.specifier.contains(version, prereleases=True) for version in versions)
    ]
    assert wrong == [], "run make lock"


@pytest.mark.parametrize(("smaller", "larger"), list(itertools.pairwise(LOCKS)))
def test_locks_agree(smaller: str, larger: str) -> None:
    app, dev = pins(smaller), pins(larger)
    assert {
        name: (versions, dev.get(name))
        for name, versions in app.items()
        if dev.get(name) != versions
    } == {}, "run make lock"


def test_no_large_file() -> None:
    large = {str(path): size for path in tracked() if (size := path.stat().st_size) > LARGEST}
    assert large == {}


def test_no_registry_is_named() -> None:
    naming = [
        (str(path.relative_to(ROOT)), host)
        for path in tracked()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]
    assert naming == []


def test_every_key_of_an_address_is_documented() -> None:
    keys = {field.name for field in dataclasses.fields(View)} - {"filters"}
    table = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert keys - set(re.findall(r"`(\w+)`", " ".join(rows))) == set()


def test_every_make_target_named_in_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    named = {
        target
        for path in tracked()
        if path.suffix == ".md"
        for target in re.findall(r"(?:`|^)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert named - targets == set()


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        (str(path.relative_to(ROOT)), target)
        for path in tracked()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith(("/", "mailto:"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


FOLDERS = "services|components|callbacks|tests|data|tools|assets|docs|benchmarks"
IN_TICKS = re.compile(r"(`{1,2})([^`\n]+)\1")
A_FILE = re.compile(r"(?:[\w-]+/)*[\w-]*\w\.(?:py|js|css|md|toml|yaml|lock|sh|txt)")


def there(name: str, known: set[str]) -> bool:
    """Whether a file, a folder or a module of that name is here, under any folder."""
    parts = f"/{name.strip('/')}"
    return any(f"/{path}".endswith((parts, f"{parts}.py")) or f"{parts}/" in path for path in known)


def test_what_documents_and_docstrings_name_is_there() -> None:
    files = tracked()
    made = {"store/entry.json", "assets/vendor/plotly.js"}  # at run time, and by the build
    known = {str(path.relative_to(ROOT)) for path in files} | made
    known = {f"/{path}" for path in known}
    lost = []
    for path in files:
        if path.suffix not in (".md", ".py", ".js", ".css") or path.name == "CHANGELOG.md":
            continue
        text = path.read_text(encoding="utf-8")
        named = [token for _, token in IN_TICKS.findall(text) if A_FILE.fullmatch(token)]
        named += re.findall(rf"(?<![\w/.<>-])(?:{FOLDERS})/[\w/.-]*\w(?![\w/]*[*<])", text)
        # But for the page that CONTRIBUTING adds to show how.
        named = [name for name in named if "enrolled" not in re.split(r"\W", name)]
        lost += [f"{path.relative_to(ROOT)}: {name}" for name in named if not there(name, known)]
    assert lost == []


def test_modules_named_in_docstrings_are_there() -> None:
    rooms = {p.stem for p in (ROOT / "services").iterdir()} - {"study", "survival"}
    lost = []
    for path in tracked():
        if path.suffix != ".py":
            continue
        for dotted in re.findall(r"``(?:services\.)?([a-z_]+(?:\.[a-z_]+)+)``", path.read_text()):
            room, *parts = dotted.split(".")
            if room not in rooms or parts[-1] in ("toml", "json", "py"):
                continue
            place = ROOT / "services" / room
            while parts and (place / parts[0]).is_dir():
                place /= parts.pop(0)
            if parts and (place / f"{parts[0]}.py").is_file():
                place /= f"{parts.pop(0)}.py"
            source = place.with_suffix(".py") if place.with_suffix(".py").is_file() else place
            text = source.read_text() if source.is_file() else ""
            if parts and not re.search(rf"\b(?:def|class) {parts[0]}\b|^{parts[0]}\b", text, re.M):
                lost.append(f"{path.relative_to(ROOT)}: {dotted}")
    assert lost == []
