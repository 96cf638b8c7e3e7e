"""One mechanism for every page of a study: an address or a control in, the whole page out.

A page declares what is its own in a ``StudyPage``; ``callbacks/pages.py`` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

import flask
from dash import Dash, Input, Output, State, ctx, no_update, set_props

from callbacks import addresses, population
from callbacks.context import explain, narrow, scheme
from callbacks.controls import Controls, follow, follow_options, mark
from callbacks.said import event as event_told
from callbacks.said import like, text
from components import page_notice
from components.chart import Figure, is_empty
from components.studio import figure as studio
from components.studio.layout import studio_form
from components.take_away import SECOND_OPINION
from services.errors import UserError
from services.pages import defaults
from services.pages.records import file_name
from services.replaced import replace
from services.studies import Catalogue
from services.study.model import Study
from services.views.link import Link, study_link
from services.views.study import View, checked, encode

Page = TypeVar("Page")
Changed = tuple[View, Mapping[str, str]]  # the view, and per field what is wrong with it
# File ending -> what its name adds to the page's.
_NAMED = {"data.csv": "-patients", "events.csv": "-events"}


@dataclass(frozen=True, kw_only=True)
class Event:
    """What a store or a button of a page does to its view.

    Attributes
    ----------
    act : (study, view, value, what ``state`` held) -> the view after it, and what is wrong
    prop : of the component, that asks; state : name -> (id, property) told beside it
    reset : the property is emptied when it was answered
    """

    act: Callable[[Study, View, Any, Mapping[str, Any]], Changed]
    prop: str = "data"
    state: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    reset: bool = False


@dataclass(frozen=True, kw_only=True)
class StudyPage(Generic[Page]):
    """A page of a study, declared.

    Attributes
    ----------
    name : of its address ``/study/<id>/<name>``; "" is the overview
    title : of its tab; "" has none and marks ``tab``'s
    make : (study, view) -> the page's record; raises ``UserError`` for what the study has not
    layout : (record, query as typed, scheme, narrow, endings of its files) -> the page's content,
        filled in
    words : (record, endings of its files, height of each figure in pixels) -> content of the
        page's island store
    minimal : (study, view) -> the view without what equals the study's defaults
    figures : part of the id of a ``dcc.Graph`` -> (record, scheme, narrow) -> its figure
    controls : parts of their ids; ``typed`` those of them that are text fields
    marked : further fields under which something can be said to be wrong
    values : record -> what each control holds
    view_from : (study, controls) -> the view that the controls ask for
    events : id of a store or button -> what it does
    options : (id, property) -> record -> what follows the view beside the controls' values
    files : ending -> record -> a JSON body, CSV text, or (for "py" and "R") a script of (record,
        this server's address)
    image : (record, what a file asks of it) -> the figure of an image file
    captions : record -> what each of its figures is of, where the page says it beside them
    pinned : record -> id -> HTML of what a report shows of it, if not the words alone
    unpinned : record -> why no report can hold this view, and what to do
    file_stem : (record, page and part) -> a file's name without ending
    islands : ids of further island stores
    rail : whether the patients can be chosen beside the page
    shown : study -> whether it has a tab: not where its data have nothing for the page
    second_opinion : whether other programs can be asked for its numbers
    """

    name: str
    title: str = ""
    tab: str | None = None
    make: Callable[[Study, View], Page]
    layout: Callable[[Page, str, str, bool, tuple[str, ...]], Any]
    words: Callable[..., dict[str, Any]] | None = None
    minimal: Callable[[Study, View], View] = defaults.minimal
    figures: Mapping[str, Callable[[Page, str, bool], Figure]] = field(default_factory=dict)
    controls: Sequence[str] = ()
    typed: Collection[str] = ()
    marked: Collection[str] = ()
    values: Callable[[Page], Mapping[str, Any]] = lambda _page: {}
    view_from: Callable[[Study, Controls], View] = lambda _study, controls: controls.before
    events: Mapping[str, Event] = field(default_factory=dict)
    options: Mapping[tuple[str, str], Callable[[Page], Any]] = field(default_factory=dict)
    files: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    image: Callable[[Page, studio.Canvas], Figure] | None = None
    captions: Callable[[Page], tuple[str, ...]] = lambda _page: ()
    pinned: Callable[[Page], Mapping[str, str]] | None = None
    unpinned: Callable[[Page], tuple[str, str] | None] = lambda _page: None
    file_stem: Callable[[Any, str], str] = file_name
    islands: Sequence[str] = ()
    rail: bool = True
    shown: Callable[[Study], bool] = lambda _study: True
    second_opinion: bool = False

    @property
    def id(self) -> str:
        """What the ids of the page's components start with."""
        return self.name or "overview"

    @property
    def offered(self) -> tuple[str, ...]:
        """Endings of the files that the page has for a reader."""
        more = [SECOND_OPINION] if self.second_opinion else []
        return (*self.files, *(["figure.json"] if self.image else []), *more)

    def parts(self, page: Page) -> Mapping[str, str]:
        """HTML of what a report shows of the page, by id."""
        if self.pinned is not None:
            return self.pinned(page)
        assert self.words is not None
        html: Mapping[str, str] = self.words(page, self.offered, *(0 for _ in self.figures))["html"]
        return html

    @property
    def compared(self) -> bool:
        """Whether two views of it can be set against each other: its numbers are of patients."""
        return "data.csv" in self.files

    @property
    def live(self) -> bool:
        """Whether a callback keeps the page up to date."""
        return self.words is not None

    def open(self, study: Study, query: str) -> tuple[Link[View], Any]:
        """The link as read, and the page's content, first values included."""
        link = study_link(query, partial(self.make, study))
        page = self.make(study, link.view)
        return link, self.layout(page, link.query, scheme(), narrow(), self.offered)

    def register(self, app: Dash, catalogue: Catalogue) -> None:
        """The page's files, and the one callback that computes all of it in one round trip."""
        addresses.register_page(app.server, catalogue, self.name, self.make, self._files())
        if self.image is not None:
            opener = partial(self._studio, catalogue)
            rule = f"/studio/<study_id>/{self.name}"
            app.server.add_url_rule(rule, f"studio_{self.name}", opener)
        if not self.live:
            return
        told: dict[str, Any] = {
            "search": Input(f"{self.id}-address", "search"),
            "controls": {name: Input(self._of(name), "value") for name in self.controls},
            "events": {i: Input(i, event.prop) for i, event in self.events.items()},
            "display": Input("display", "data"),
        }
        state = {
            "study_id": State(f"{self.id}-study", "data"),
            "rail": population.inputs(self.id) if self.rail else {},
            "errors": {n: State(self._of(n), "error") for n in (*self.typed, *self.marked)},
            "options": [State(*place) for place in self.options],
            "beside": {
                i: {name: State(*place) for name, place in event.state.items()}
                for i, event in self.events.items()
            },
        }

        @app.callback(output=self._outputs(), inputs=told, state=state, prevent_initial_call=True)
        def update(**said: Any) -> dict[str, Any]:
            try:
                return self._answer(catalogue.get(text(said["study_id"])), said)
            except Exception as problem:
                return self._sorry(problem)

    def _of(self, name: str) -> str:
        return f"{self.id}-{name}"

    def _outputs(self) -> dict[str, Any]:
        return {
            "figures": {name: Output(self._of(name), "figure") for name in self.figures},
            "island": Output(f"{self.id}-island", "data"),
            "search": Output(f"{self.id}-address", "search"),
            "rail": population.outputs(self.id) if self.rail else {},
        }

    def _answer(self, study: Study, said: Mapping[str, Any]) -> dict[str, Any]:
        assert self.words is not None
        page: Any
        search = text(said["search"])
        link = study_link(search, partial(self.make, study))
        shown = like(said["controls"], self.values(self.make(study, link.view)))
        told = {**said, "search": search, "controls": shown}
        refused: UserError | None = None
        try:
            view, wrong = self._asked(study, link.view, told)
            page = self.make(study, view)
        except UserError as problem:
            (view, wrong), page = self._rest(study, link.view, told, problem)
            refused = problem
        mark(self.id, wrong, said["errors"])
        follow(self.id, self.values(page), shown, self.typed, wrong)
        follow_options(self.options, page, said["options"])
        small = page.address if self.rail else view
        figures = {n: make(page, scheme(), narrow()) for n, make in self.figures.items()}
        island = self.words(page, self.offered, *(f["layout"]["height"] for f in figures.values()))
        if self.rail:
            rail = population.answers(self.id, page, small, link, said["rail"])
        else:
            rail = {}
            island = page_notice.above(island, link.problems if link.says(small) else ())
        if refused is not None and self.rail:
            rail["island"] = page_notice.partly(rail["island"], explain(refused))
        elif refused is not None:
            island = page_notice.partly(island, explain(refused))
        return {
            # One without anything to draw is hidden: not drawn in vain.
            "figures": {n: no_update if is_empty(f) else f for n, f in figures.items()},
            "island": island,
            # A link that says the same in other words stays as it was written.
            "search": no_update if link.says(small) else encode(small),
            "rail": rail,
        }

    def _asked(self, study: Study, linked: View, said: Mapping[str, Any]) -> Changed:
        """What is asked for: by the address or the controls, and by events after them."""
        if population.opened(self.id, said["search"], said["rail"]):
            return linked, {}
        asked, wrong = self._held(study, linked, said)
        for place, event in self.events.items():
            told = event_told(said["events"][place], event.prop)
            # One that is emptied when it was answered was not, while it holds something.
            waits = event.reset and told is not None
            if not waits and f"{place}.{event.prop}" not in ctx.triggered_prop_ids:
                continue
            asked, more = event.act(study, asked, told, like(said["beside"][place], {}))
            asked, wrong = checked(asked), {**wrong, **more}
            if waits:
                set_props(place, {event.prop: None})
        return asked, wrong

    def _held(self, study: Study, linked: View, said: Mapping[str, Any]) -> Changed:
        """What the address and the controls ask for."""
        # Controls that say what was answered last were set by us: the address is newer.
        last = population.answered_last(said["rail"]) if self.rail else linked
        name = str(ctx.triggered_id).removeprefix(f"{self.id}-")
        # Times left for another unit are typed in the one before: Dash says both in any order.
        if f"{self.id}-unit.value" in ctx.triggered_prop_ids:
            name = "unit"
        held, answered = said["controls"], self.values(self.make(study, last))
        controls = Controls(last, held, name, answered)
        asked = checked(self.view_from(study, controls))
        if self.minimal(study, asked) == self.minimal(study, last):
            return linked, controls.wrong
        # A changed selection starts at its first page.
        view = checked(self.view_from(study, Controls(linked, held, name, answered)))
        return replace(view, page=1), controls.wrong

    def _rest(
        self, study: Study, linked: View, said: Mapping[str, Any], problem: UserError
    ) -> tuple[Changed, Any]:
        """What is asked for without the choice that cannot be used, which goes back.

        Raises
        ------
        UserError : ``problem``, of a control where nothing else was chosen: it stays as it is
        """
        last = population.answered_last(said["rail"]) if self.rail else linked
        answered, controls = self.values(self.make(study, last)), said["controls"]
        changed = [n for n, value in answered.items() if controls.get(n, value) != value]
        newest = str(ctx.triggered_id).removeprefix(f"{self.id}-")
        filtered = f"{self.id}-address.search" in ctx.triggered_prop_ids
        if changed == [newest] and not filtered:
            raise problem
        changed.sort(key=lambda name: name != newest)
        # Without any one of them, the newest first; or without all the older ones.
        for back in (*([name] for name in changed), [n for n in changed if n != newest]):
            left = {**said, "controls": {**controls, **{name: answered[name] for name in back}}}
            try:
                asked = self._asked(study, linked, left)
                return asked, self.make(study, asked[0])
            except UserError:
                continue
        if not filtered:
            raise problem
        return (linked, {}), self.make(study, linked)

    def _sorry(self, problem: Exception) -> dict[str, Any]:
        """What was wrong, above the page; what was chosen and what was shown stay."""
        return {
            "figures": dict.fromkeys(self.figures, no_update),
            "island": page_notice.failure(explain(problem)),
            "search": no_update,
            "rail": population.UNCHANGED if self.rail else {},
        }

    # --- files ------------------------------------------------------------------------------------

    def _files(self) -> dict[str, Callable[[Page], flask.Response]]:
        made: dict[str, Callable[[Page], flask.Response]]
        made = {ending: partial(self._file, ending, make) for ending, make in self.files.items()}
        if self.image is not None:
            made["figure.json"] = partial(self._json, self.drawn)
        return made

    def drawn(self, page: Any) -> Figure:
        """The figure of an image; ``report=docx`` in the address: as it stands in such a file."""
        image: Any = self.image
        return studio.figure(page, image, flask.request.args.get("report", ""))

    def _studio(self, catalogue: Catalogue, study_id: str) -> flask.Response:
        """The settings of the figure's file, as a part of a page."""

        def answer() -> flask.Response:
            page: Any = self.make(catalogue.get(study_id), addresses.asked_view())
            base = f"/study/{study_id}/{self.name}"
            name = self.file_stem(page, self.id)
            drawn = getattr(page, "result", None) is not None
            curves = drawn and page.view.plot == "curves" and not page.view.facet
            return flask.Response(studio_form(page, base, name, curves), mimetype="text/html")

        return addresses.answered(answer)

    def _json(self, make: Callable[[Page], Any], page: Page) -> flask.Response:
        return addresses.json_response(make(page))

    def file_named(self, page: Page, ending: str) -> str:
        """What a file of the page is called."""
        stem = self.file_stem(page, f"{self.id}{_NAMED.get(ending, '')}")
        return f"{stem}.{ending.rpartition('.')[2]}"

    def text(self, page: Page, ending: str, site: str) -> str:
        """A file of the page that is no JSON; scripts name their data by the address ``site``."""
        make = self.files[ending]
        made: str = make(page, site) if ending in ("py", "R") else make(page)
        return made

    def _file(self, ending: str, make: Callable[..., Any], page: Page) -> flask.Response:
        if ending == "json":
            return self._json(make, page)
        text = self.text(page, ending, flask.request.url_root)
        kind = "text/plain" if ending in ("py", "R") else "text/csv"
        return addresses.download(text, self.file_named(page, ending), kind)
