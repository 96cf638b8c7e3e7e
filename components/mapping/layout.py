"""The page on which a reader says what the columns of an upload are, with a preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dash import dcc

from components import html
from components import page as frame
from components.controls import WORDS, Settings, choice, labeled, several, text_field
from components.parts import table
from components.shell import notice
from components.states.diagram import diagram
from components.theme import text_color
from components.upload.keys import for_the_uploader, key_place
from services import format as fmt
from services.names import isolated
from services.pages.mapping.records import MappingPage, Preview, Readings, TableChoices

# One control for each thing that can be said; a table that did not come has hidden ones.
ADTTE_TARGETS = ("USUBJID", "AVAL", "CNSR", "TRTP", "PARAMCD", "ENTRY")
ADSL_TARGETS = ("USUBJID", "TRT01P", "TRT01A")
_EVENTS = ("event", "events")


def control_id(role: str, target: str) -> str:
    """The id of the control for a target of a table."""
    return f"mapping-{role}-{target}"


def mapping_content(page: MappingPage, scheme: str = "light", compact: bool = False) -> Any:
    """Choices on the left of the words, what follows from them below."""
    by_role = {table.role: table for table in page.tables}
    return frame.site_page(
        "Identify the columns" if page.draft else "Correct the columns",
        [
            "Choose the column for each item. What follows from your choices is shown below.",
            f" Kept until {page.until}." if page.until else "",
        ],
        key_place(page.study_id, _called(page), needed=True) if page.keyed else None,
        _other_tables(page),
        dcc.Store(id="mapping-study", data=page.study_id),
        dcc.Store(id="mapping-table", data=page.table),
        dcc.Store(id="mapping-edition", data=page.edition),
        dcc.Location(id="mapping-address", refresh=True),
        _table_card("adtte", ADTTE_TARGETS, by_role.get("adtte"), page),
        _table_card("adsl", ADSL_TARGETS, by_role.get("adsl"), page),
        _states_card(page, scheme, compact),
        html.Section(
            html.H2("Preview"), html.Div(preview(page), id="mapping-preview"), className="card"
        ),
        html.Div(
            for_the_uploader(
                (
                    html.Button(
                        "Use this",
                        id="mapping-save",
                        className="main-button",
                        # The preview says what is still missing.
                        disabled=page.problem is not None,
                        aria_describedby="mapping-preview",
                    ),
                    html.Button(
                        "Delete this study",
                        className="plain-button danger",
                        data_delete_study=page.study_id,
                        data_name=_called(page),
                    ),
                ),
                page.study_id if page.keyed else "",
            ),
            html.Div(role="alert", data_delete_problem=""),
            className="upload-actions",
        ),
        html.Div(id="mapping-saved"),
        classes="mapping-page",
    )


def _other_tables(page: MappingPage) -> Any:
    """Where the times may be in several tables: which is shown, and links to the others."""
    links: list[Any] = []
    for name in page.among:
        if name != page.table:
            address = f"/upload/{page.study_id}?{urlencode({'table': name})}"
            links += [" · " if links else "", html.A(name, href=address)]
    if not links:
        return None
    return html.P(
        "This is ",
        html.Strong(page.table),
        ". If the times are in another table, choose it: ",
        *links,
    )


def _called(page: MappingPage) -> str:
    """What the upload is called before it is deleted."""
    return page.title or (page.tables[0].name if page.tables else "")


def _table_card(
    role: str, targets: Sequence[str], table: TableChoices | None, page: MappingPage
) -> Any:
    words = dict(table.targets) if table else {}
    controls = [
        labeled(
            words.get(target, target),
            _column(role, target, table),
            WORDS["mapping"]["explained"].get(target, "") if role == "adtte" else "",
        )
        for target in targets
    ]
    if role == "adtte":
        controls.insert(3, labeled("Values that indicate the event", _events(page)))
        controls += _texts(page)
    return html.Section(
        html.H2(table.name if table else role.upper()),
        html.Div(controls, className="mapping-grid"),
        className="card" if table else "card hidden",
    )


def _column(role: str, target: str, table: TableChoices | None) -> Any:
    columns = table.columns if table else ()
    said = (table.said if table else {}).get(target)
    options = list(columns)
    if target in ("TRTP", "TRT01P"):
        options.append(("*", "None: all patients are one group"))
    return choice(
        control_id(role, target),
        [(name, words[:80]) for name, words in options],
        said if said in {name for name, _ in options} else None,
        f"{words_of(table, target)}, column of {table.name if table else role}",
        empty="Not chosen",
        searchable=len(columns) > 12,
    )


def words_of(table: TableChoices | None, target: str) -> str:
    """What a target is called on the page."""
    return dict(table.targets).get(target, target) if table else target


def _events(page: MappingPage) -> Any:
    levels = [(v, v) for v in event_levels(page)]
    label = "Values that indicate the event"
    return several("mapping-events", levels, page.events, label, events_placeholder(page))


def events_placeholder(page: MappingPage) -> str:
    """What stands where no value is chosen."""
    if page.events:
        return ""
    return "0 is the event" if page.tables[0].said.get("CNSR") == "CNSR" else "Choose"


def event_levels(page: MappingPage) -> tuple[str, ...]:
    """The values of the column chosen for event or censoring."""
    adtte = page.tables[0]
    return adtte.levels.get(adtte.said.get("CNSR", ""), ())


def _texts(page: MappingPage) -> list[Any]:
    good = {True: "good", False: "bad", None: None}[page.good]
    values = {"unit": page.unit or None, "reference": page.reference or None, "good": good}
    setting = Settings("mapping", values | {"arms_alike": page.arms_alike or None})
    return [
        setting(choice, "unit", [(unit, unit) for unit in page.units]),
        setting(choice, "reference", [(arm, arm) for arm in arm_choices(page)]),
        setting(choice, "good", empty=good_placeholder(page)),
        setting(choice, "arms_alike", empty=alike_placeholder(page)),
        labeled("Name of the endpoint", _text("mapping-endpoint", page.endpoint, "Time to event")),
        labeled("Study title", _text("mapping-title", page.title, "As stated in the file")),
    ]


# --- where patients are over time -----------------------------------------------------------------

ROLES = ("progression", "treatment", "death")
NO_STATE = ("none", "None: there is no such state")


def _states_card(page: MappingPage, scheme: str, compact: bool) -> Any:
    """Which endpoints tell of states, and the diagram of what follows."""
    values = {role: page.states.get(role) for role in ROLES}
    setting = Settings("mapping", values)
    controls = [
        setting(choice, role, role_options(page, role), empty=role_placeholder(page, role))
        for role in ROLES
    ]
    return html.Section(
        html.H2("Where patients are over time"),
        html.Div(controls, className="mapping-grid"),
        html.Div(model(page, scheme, compact), id="mapping-model"),
        id="mapping-states",
        className=states_class(page),
    )


def states_class(page: MappingPage) -> str:
    """The card is there where there are endpoints to choose among."""
    return "card" if len(page.endpoints) > 1 or page.states else "card hidden"


def role_options(page: MappingPage, role: str) -> list[tuple[str, str]]:
    """The endpoints that may tell of a state; what was said stays among them."""
    found = [
        (code, f"{code}: {label}" if label != code else code) for code, label in page.endpoints
    ]
    found += [NO_STATE] if role == "treatment" else []
    said = page.states.get(role, "")
    return found if not said or said in dict(found) else [*found, (said, said)]


def role_placeholder(page: MappingPage, role: str) -> str:
    """What is taken where nothing is said."""
    code = page.by_name.get(role, "")
    return f"{code}, based on its name" if code else "None found"


def model(page: MappingPage, scheme: str, compact: bool) -> list[Any]:
    """The diagram of the states that the endpoints tell of, or why there is none."""
    found = page.model
    if found is None:
        text = "The states page needs an endpoint of progression and one of death."
        return [html.P(text, className="hint")]
    moves = {
        way: [
            (text_color(color, scheme), n) for (_, color), n in zip(found.arms, counts, strict=True)
        ]
        for way, counts in found.moves.items()
    }
    arms = " · ".join(isolated(name) for name, _ in found.arms)
    told = "; ".join(f"{state}: {isolated(label)}" for state, label in found.told)
    drawn = diagram(found.states, moves, scheme, compact)
    return [
        html.P(f"Patients who went each way, {arms}. {told}.", className="hint"),
        frame.chart("mapping", drawn),
        html.P(f"Left out: {found.left_out}.", className="hint") if found.left_out else None,
    ]


def alike_placeholder(page: MappingPage) -> str:
    """What is taken where nobody said whether arms written alike are one."""
    shown = ", ".join(page.alike[:4])
    return f"Separate: {shown}" if shown else "None found"


def good_placeholder(page: MappingPage) -> str:
    """What is taken where nobody said whether the event is good for the patient."""
    if page.good_by_name is None:
        return "Not specified"
    known = WORDS["mapping"]["good"]["options"]
    return f"{known['good' if page.good_by_name else 'bad']}, based on its name"


def arm_choices(page: MappingPage) -> tuple[str, ...]:
    """Arms to choose the reference among."""
    return tuple(dict.fromkeys([*page.arms, *([page.reference] if page.reference else [])]))


def _text(field_id: str, value: str, placeholder: str) -> Any:
    return text_field(field_id, value, placeholder, placeholder, debounce=500, maxLength=200)


def preview(page: MappingPage) -> list[Any]:
    """What the choices make of the table, or what is still missing; how many events each way."""
    both = html.P(readings(page.readings), className="readings") if page.readings else None
    if page.problem:
        text = page.problem.message
        children = [notice("Not complete yet", text, page.problem.hint, "warning")]
        if page.problem.details:
            children.append(html.Ul([html.Li(line) for line in page.problem.details]))
        return [*children, both]
    assert page.preview is not None
    return [both, *_preview(page.preview, page.status)]


def readings(record: Readings) -> list[Any]:
    """How many events each reading of a status column gives, the one chosen in bold."""
    parts = []
    for i, (value, n) in enumerate(record.rows):
        if len(record.rows) == 2:
            said = f"{'if' if i else 'If'} {value} is the event: {fmt.counted(n, *_EVENTS)}"
            is_it = record.chosen == (value,)
        else:
            said = f"{value}: {fmt.counted(n, 'row', 'rows')}"
            is_it = value in record.chosen
        parts.append(html.Span(said, className="chosen" if is_it else None))
    end = " No value has been chosen as the event yet."
    if record.chosen:
        rows = sum(n for value, n in record.rows if value in record.chosen)
        several = f", {rows:,} rows" if len(record.chosen) > 1 else ""
        end = f" Chosen: {', '.join(record.chosen)}{several}."
    between = [item for part in parts for item in ("; ", part)][1:]
    return [html.Strong(f"{record.column}. "), *between, ".", end]


def _preview(record: Preview, status: str) -> list[Any]:
    head = ("Patient", "Endpoint", "Arm", "Time", f"{status} in the file", "Interpreted as")
    # What is to be checked comes first, for phones; the one endpoint stands above the table.
    shown = [0, 3, 4, 5, 2, *([1] if len(record.counts) > 1 else [])]
    rows = [html.Tr([html.Td(row[i]) for i in shown]) for row in record.rows]
    return [
        html.P(
            html.Strong("; ".join(_endpoint_words(*c) for c in record.counts)),
            html.Br(),
            " · ".join(
                f"{isolated(name)}: {fmt.counted(n, 'patient', 'patients')}"
                for name, n in record.arms
            ),
        ),
        html.P(record.note, className="hint") if record.note else None,
        table([head[i] for i in shown], rows, label="First records as interpreted"),
    ]


def _endpoint_words(label: str, n: int, events: int, censored: int) -> str:
    patients = fmt.counted(n, "patient", "patients")
    happened = fmt.counted(events, *_EVENTS)
    return f"{isolated(label)}: {patients}, {happened}, {censored:,} censored"


_SAID_AS_TEXT = ("unit", "reference", "title", "endpoint", "arms_alike")


def said(controls: Mapping[str, Any]) -> dict[str, Any]:
    """What the controls say, in the form a mapping is sent in."""
    return {
        "adtte": {t: v for t, v in controls["adtte"].items() if v},
        "adsl": {t: v for t, v in controls["adsl"].items() if v},
        "events": list(controls["events"] or ()),
        **{key: controls[key] or "" for key in _SAID_AS_TEXT},
        "table": controls.get("table") or "",
        "states": {role: controls[role] for role in ROLES if controls.get(role)},
        "good": {"good": True, "bad": False}.get(controls["good"] or ""),
    }
