"""How long an upload takes, and what others notice of it.

``.venv/bin/python -m benchmarks.upload`` starts the app on a free port with an empty store, sends

- 1,000,000 ADTTE records (250,000 patients, 4 endpoints, 16 columns) as Parquet,
- the same as 200 MB of CSV,

and prints a Markdown table: seconds from the last byte sent to the answer, and to the survival
chart of all patients (the page's own layout, figure included); the memory the server and reading
process took at most; and how long another reader waited for the survival page of a bundled study
meanwhile, with a filter that is new each time (so that it is computed).
"""

from __future__ import annotations

import http.client
import json
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import common
from benchmarks.common import App

PATIENTS = 250_000
ENDPOINTS = {
    "PFS": "Progression-Free Survival",
    "OS": "Overall Survival",
    "TTP": "Time to Progression",
    "DOR": "Duration of Response",
}
CSV_BYTES = 200_000_000
HEAD = (
    "upload",
    "size",
    "sending",
    "to the answer",
    "to the chart",
    "processor time",
    "server",
    "reading process",
    "another reader, before",
    "another reader, meanwhile",
)
NOTE = "a remark of some length, so that a row of this file is as long as rows of such files are"


def records() -> pd.DataFrame:
    """ADTTE with an arm in it; exponential times, a fixed seed."""
    rng = np.random.default_rng(8)
    subject = np.array([f"BIG-{i:07d}" for i in range(PATIENTS)], dtype=object)
    arm = np.where(rng.random(PATIENTS) < 0.5, "Drug", "Placebo").astype(object)
    start = np.datetime64("2015-01-01") + rng.integers(0, 1000, PATIENTS).astype("timedelta64[D]")
    age = rng.integers(40, 80, PATIENTS).astype(float)
    sex = rng.choice(np.array(["F", "M"], dtype=object), PATIENTS)
    parts = []
    for code, label in ENDPOINTS.items():
        days = rng.exponential(1000, PATIENTS).astype(np.int64) + 1
        event = rng.random(PATIENTS) < 0.6
        parts.append(
            pd.DataFrame(
                {
                    "STUDYID": "BIG",
                    "USUBJID": subject,
                    "SITEID": "701",
                    "TRT01P": arm,
                    "TRT01A": arm,
                    "AGE": age,
                    "SEX": sex,
                    "PARAMCD": code,
                    "PARAM": label,
                    "AVAL": days.astype(float),
                    "AVALU": "DAYS",
                    "CNSR": (~event).astype(float),
                    "STARTDT": start.astype("datetime64[us]"),
                    "ADT": (start + (days - 1).astype("timedelta64[D]")).astype("datetime64[us]"),
                    "EVNTDESC": np.where(event, "Progression", ""),
                    "CNSDTDSC": np.where(event, "", "Lost to follow-up"),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@dataclass
class Other:
    """Somebody else, who asks for the survival page of a bundled study all the time."""

    app: App
    oldest: int  # another one for each, so that nothing was asked before
    waited: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Ask until stopped, with ages that were not asked before."""
        number = 0
        while not self.stop.is_set():
            number += 1
            began = time.perf_counter()
            path = f"/study/e3a06/survival.json?f.AGE=40..{self.oldest + number / 1000}"
            status, _ = self.app.get(path)
            assert status == 200, status
            self.waited.append(time.perf_counter() - began)
            time.sleep(0.05)


def post(port: int, file: Path) -> tuple[dict[str, object], float]:
    """POST a file; the answer, and when its last byte was sent."""
    head = (
        b'--x\r\nContent-Disposition: form-data; name="adtte"; filename="'
        + file.name.encode()
        + b'"\r\n\r\n'
    )
    tail = b"\r\n--x--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.putrequest("POST", "/study")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", str(len(head) + file.stat().st_size + len(tail)))
    connection.endheaders()
    connection.send(head)
    with file.open("rb") as opened:
        while chunk := opened.read(1 << 20):
            connection.send(chunk)
    connection.send(tail)
    sent = time.perf_counter()
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    assert answer.status == 201, body
    return body, sent


def peak_mb(pid: int) -> float:
    """The most memory a process has had, in MB."""
    return common.memory(pid, "VmHWM") * 1.048576


def measure(file: Path, what: str, others: bool) -> str:
    """One row of the table, from a server of its own."""
    with common.running() as app:
        return _measured(app, file, what, others)


def _measured(app: App, file: Path, what: str, others: bool) -> str:
    app.get("/study/e3a06/survival.json")
    # Opening the upload page, as a person does, starts the reading process.
    app.get("/_dash-layout", Referer=f"{app.home}/upload")
    time.sleep(3)
    alone = Other(app, 60)
    for_alone = threading.Thread(target=alone.run)
    for_alone.start()
    time.sleep(3)
    alone.stop.set()
    for_alone.join()
    other = Other(app, 70)
    asking = threading.Thread(target=other.run)
    reading = [0.0]

    def watch() -> None:
        while not other.stop.is_set():
            reading[0] = max([reading[0], *map(peak_mb, common.children(app.pid))])
            time.sleep(0.05)

    watching = threading.Thread(target=watch)
    if others:
        asking.start()
    watching.start()
    began = time.perf_counter()
    before = common.cpu_seconds(app.pid)
    body, sent = post(app.port, file)
    answered = time.perf_counter()
    page = f"{app.home}{body['url']}"
    status, layout = app.get("/_dash-layout", Referer=page)
    charted = time.perf_counter()
    spent = common.cpu_seconds(app.pid) - before
    other.stop.set()
    if others:
        asking.join()
    watching.join()
    assert status == 200
    assert b"survival-graph" in layout
    if others:
        median, most = 1000 * np.median(other.waited), 1000 * max(other.waited)
        meanwhile = f"{median:.0f} ms, at most {most:.0f} ms"
    else:
        meanwhile = "nobody there"
    return (
        f"| {what} | {file.stat().st_size / 1e6:,.0f} MB | {sent - began:.1f} s"
        f" | {answered - sent:.1f} s | {charted - sent:.1f} s | {spent:.1f} s"
        f" | {peak_mb(app.pid):,.0f} MB"
        f" | {reading[0]:,.0f} MB | {1000 * np.median(alone.waited):.0f} ms"
        f" | {meanwhile} |"
    )


def main() -> None:
    """Print the table."""
    frame = records()
    with tempfile.TemporaryDirectory() as folder:
        parquet, csv = Path(folder, "adtte.parquet"), Path(folder, "adtte.csv")
        frame.to_parquet(parquet)
        frame.assign(NOTE=NOTE).to_csv(csv, index=False)
        assert csv.stat().st_size > CSV_BYTES, csv.stat().st_size
        print(f"| {' | '.join(HEAD)} |\n| --- |{' ---: |' * (len(HEAD) - 1)}")
        for others in (False, True):
            print(measure(parquet, "1,000,000 records, Parquet", others), flush=True)
            print(measure(csv, "the same, CSV", others), flush=True)


if __name__ == "__main__":
    main()
