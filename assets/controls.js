/* The controls of the pages (components/controls.py) as Dash components: each is drawn by React from
   its properties and tells Dash a new `value`. They are the browser's own wherever it has one, which
   every keyboard, finger and screen reader knows. */
(function () {
  "use strict";
  const MOST = 100;  // options listed of a long list; typing finds the others
  const make = (...parts) => window.React.createElement(...parts);
  const NONE = "";

  const named = (props) => ({
    "aria-label": props["aria-label"],
    "aria-labelledby": props["aria-labelledby"]
  });
  const textOf = (value) => (value === null || value === undefined ? "" : String(value));
  const listed = (props) => props.options || [];

  /* Dash is told a new value; it takes a while until it asks for what the page says then. */
  function choose(props, value) {
    window.questions.change(props.id, value);
    props.setProps({ value: value });
  }

  /* A control's properties, with the value that was chosen before Dash has it, and how to choose one
     that Dash is told of when the page says what comes of it. */
  function useChoice(props) {
    const { useEffect, useState } = window.React;
    const [ahead, setAhead] = useState(null);
    useEffect(() => setAhead(null), [props.value]);
    function chooseFirst(value) {
      const later = window.questions.change(props.id, value, () => props.setProps({ value: value }));
      setAhead(later ? { value: value } : null);
    }
    return [ahead ? Object.assign({}, props, ahead) : props, chooseFirst];
  }

  let resting = null;

  /* What a choice does to be answered sooner: what it would ask is asked while a pointer rests on it
     or a finger goes down. */
  function comes(props, value) {
    const { asksAhead, DWELL } = window.common;
    const leave = () => clearTimeout(resting);
    function ask(after) {
      leave();
      if (asksAhead()) resting = setTimeout(window.questions.aheadOf, after, props.id, value);
    }
    return { onPointerEnter: () => ask(DWELL), onPointerDown: () => ask(0), onPointerLeave: leave };
  }

  /* --- one of a few --------------------------------------------------------------------------- */

  /* A row or column of choices that exclude each other. */
  function Segments(given) {
    const [props, chooseFirst] = useChoice(given);
    const around = { id: props.id, className: props.className, role: "radiogroup" };
    return make("div", Object.assign(around, named(props)), listed(props).map((option) =>
      make("label", Object.assign({ key: option.value, className: "segment" },
        option.value === props.value ? {} : comes(props, option.value)),
        make("input", {
          type: "radio",
          name: props.id,
          value: option.value,
          checked: option.value === props.value,
          onChange: () => chooseFirst(option.value)
        }),
        make("span", null, option.label))));
  }

  /* A drop-down. Where nothing can be chosen (`clearable`), `placeholder` is the choice of it. */
  function Select(given) {
    const [props, chooseFirst] = useChoice(given);
    const options = listed(props);
    const chosen = options.some((option) => option.value === props.value);
    const nothing = props.clearable || !chosen
      ? make("option", { value: NONE, hidden: !props.clearable }, props.placeholder)
      : null;
    return make("select", Object.assign({
      id: props.id,
      className: "field-box select",
      value: chosen ? props.value : NONE,
      onChange: (event) => chooseFirst(
        nothing && event.target.value === NONE ? null : event.target.value
      )
    }, named(props)), nothing, options.map((option) =>
      make("option", { key: option.value, value: option.value }, option.label)));
  }

  /* --- one of many ---------------------------------------------------------------------------- */

  /* A field that finds its options by any part of their words: the combobox of the ARIA Authoring
     Practices. */
  function Find(props) {
    const { useEffect, useRef, useState } = window.React;
    const [open, setOpen] = useState(false);
    const [typed, setTyped] = useState(null);  // null: nothing since it was entered
    const [at, setAt] = useState(0);
    const list = useRef(null);
    const options = listed(props);
    const current = options.find((option) => option.value === props.value);
    const sought = (typed || "").trim().toLowerCase();
    const found = options.filter((option) => option.label.toLowerCase().includes(sought));
    const nothing = props.clearable && !sought ? [{ value: null, label: props.placeholder }] : [];
    const rows = nothing.concat(found.slice(0, MOST));
    const idOf = (i) => `${props.id}-option-${i}`;

    useEffect(function () {
      if (!open || !list.current) return;
      list.current.scrollIntoView({ block: "nearest" });
      const row = list.current.children[at];
      if (row) row.scrollIntoView({ block: "nearest" });
    }, [open, at]);

    function show() {
      setAt(typed ? 0 : Math.max(0, rows.findIndex((row) => row.value === props.value)));
      setOpen(true);
    }
    function leave() {
      setOpen(false);
      setTyped(null);
    }
    function take(row) {
      leave();
      if (row.value !== props.value) choose(props, row.value);
    }
    function onKeyDown(event) {
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) {
        event.preventDefault();
        if (!open) show();
        else setAt((at + steps[event.key] + rows.length) % Math.max(1, rows.length));
      } else if (event.key === "Enter" && open && rows[at]) {
        event.preventDefault();
        take(rows[at]);
      } else if (event.key === "Escape" && open) {
        event.preventDefault();
        leave();
      }
    }

    const shown = typed === null ? (current ? current.label : "") : typed;
    const field = make("input", Object.assign({
      id: props.id,
      type: "text",
      className: "field-box select",
      role: "combobox",
      autoComplete: "off",
      spellCheck: false,
      "aria-autocomplete": "list",
      "aria-expanded": open && rows.length > 0,
      "aria-controls": `${props.id}-options`,
      "aria-activedescendant": open && rows[at] ? idOf(at) : undefined,
      placeholder: props.placeholder,
      value: shown,
      onChange: function (event) {
        setTyped(event.target.value);
        setAt(0);
        setOpen(true);
      },
      onFocus: (event) => event.target.select(),
      onClick: () => { if (!open) show(); },
      onBlur: leave,
      onKeyDown: onKeyDown
    }, named(props)));
    return make("div", { className: "drops" }, field, !open ? null : !rows.length
      ? make("p", { className: "dropped hint", role: "status" }, "Nothing has these words.")
      : make("ul", {
        ref: list,
        id: `${props.id}-options`,
        role: "listbox",
        className: "dropped",
        "aria-label": props["aria-label"]
      }, rows.map((row, i) =>
        make("li", {
          key: String(row.value),
          id: idOf(i),
          role: "option",
          className: i === at ? "drop-row at" : "drop-row",
          "aria-selected": row.value === (current ? current.value : null),
          onMouseDown: (event) => event.preventDefault(),  // the field keeps the focus
          onClick: () => take(row)
        }, row.label))));
  }

  /* --- any number ----------------------------------------------------------------------------- */

  function boxes(props, tell) {
    const chosen = props.value || [];
    // In the order of the boxes, whichever is checked first: the same choice has one address.
    const places = new Map(listed(props).map((option, i) => [option.value, i]));
    function placed(values, value) {
      const after = values.findIndex((one) => places.get(one) > places.get(value));
      const at = after < 0 ? values.length : after;
      return values.slice(0, at).concat(value, values.slice(at));
    }
    return listed(props).map(function (option) {
      const checked = chosen.includes(option.value);
      const turned = checked ? chosen.filter((one) => one !== option.value)
        : placed(chosen, option.value);
      return make("label", Object.assign({ key: option.value, className: "option-row" },
        comes(props, turned)),
      make("input", {
        type: "checkbox",
        value: option.value,
        checked: checked,
        onChange: () => tell(turned)
      }),
      make("span", { className: "level" }, option.label));
    });
  }

  /* Check boxes. */
  function Boxes(given) {
    const [props, chooseFirst] = useChoice(given);
    const around = { id: props.id, className: props.className, role: "group" };
    return make("div", Object.assign(around, named(props)), boxes(props, chooseFirst));
  }

  /* Check boxes that open under a button, which says what is chosen. */
  function Several(given) {
    const [props, chooseFirst] = useChoice(given);
    const { useEffect, useRef, useState } = window.React;
    const [open, setOpen] = useState(false);
    const place = useRef(null);
    const list = useRef(null);
    const chosen = listed(props).filter((option) => (props.value || []).includes(option.value));
    const words = chosen.map((option) => option.label).join(", ") || props.placeholder;

    useEffect(function () {
      if (!open) return undefined;
      list.current.scrollIntoView({ block: "nearest" });
      const beside = function (event) {
        if (!place.current.contains(event.target)) setOpen(false);
      };
      document.addEventListener("pointerdown", beside);
      document.addEventListener("focusin", beside);
      return function () {
        document.removeEventListener("pointerdown", beside);
        document.removeEventListener("focusin", beside);
      };
    }, [open]);

    const button = make("button", {
      id: props.id,
      type: "button",
      className: "field-box select",
      "aria-expanded": open,
      "aria-controls": `${props.id}-options`,
      "aria-label": `${props["aria-label"]}: ${words}`,
      onClick: () => setOpen(!open)
    }, make("span", { className: chosen.length ? "chosen-words" : "chosen-words unchosen" }, words));
    const clear = chosen.length > 0 && make("button", {
      type: "button",
      className: "text-button",
      onClick: function () {
        chooseFirst([]);
        document.getElementById(props.id).focus();  // this button goes
      }
    }, "Clear");
    return make("div", {
      ref: place,
      className: "drops",
      onKeyDown: function (event) {
        if (event.key !== "Escape" || !open) return;
        event.preventDefault();
        setOpen(false);
        document.getElementById(props.id).focus();
      }
    }, button, make("div", {
      ref: list,
      id: `${props.id}-options`,
      role: "group",
      "aria-label": props["aria-label"],
      className: "dropped",
      hidden: !open
    }, boxes(props, chooseFirst), clear || null));
  }

  /* --- typed ---------------------------------------------------------------------------------- */

  /* A field for a text, under it what is wrong with it (`error`), over it its `label` if it has
     one. Its value is told `debounce` milliseconds after the last key, at once (false), or when it
     is left (true); leaving it and Enter tell it in any case. */
  function Field(props) {
    const { useEffect, useRef, useState } = window.React;
    const [text, setText] = useState(textOf(props.value));
    const told = useRef(textOf(props.value));
    const typed = useRef(null);  // what is being typed and not told yet
    const timer = useRef(null);

    // What somebody else sets; what was told from here comes back unchanged, and what is being typed
    // stays.
    useEffect(function () {
      const value = textOf(props.value);
      if (value === told.current) return;
      told.current = value;
      if (typed.current === null) setText(value);
    }, [props.value]);
    useEffect(() => () => clearTimeout(timer.current), []);

    function say() {
      clearTimeout(timer.current);
      const value = typed.current;
      typed.current = null;
      if (value === null || value === told.current) return;
      told.current = value;
      choose(props, value);
    }

    const wrong = Boolean(props.error);
    const label = props.label &&
      make("label", { htmlFor: props.id, className: "control-label" }, props.label);
    const input = make("input", Object.assign({
      id: props.id,
      type: "text",
      className: "field-box",
      value: text,
      placeholder: props.placeholder,
      inputMode: props.inputMode,
      maxLength: props.maxLength,
      autoComplete: "off",
      "aria-invalid": wrong || undefined,
      "aria-describedby": wrong ? `${props.id}-error` : undefined,
      onChange: function (event) {
        const value = event.target.value;
        setText(value);
        typed.current = value;
        clearTimeout(timer.current);
        if (props.debounce === false) say();
        else if (props.debounce !== true) timer.current = setTimeout(say, props.debounce);
      },
      onBlur: say,
      onKeyDown: (event) => { if (event.key === "Enter") say(); }
    }, named(props)));
    const said = make("p", { id: `${props.id}-error`, className: "field-error", role: "alert" },
      props.error);
    return make("div", { className: props.className }, label || null, input, said);
  }

  // Where Dash looks for the components of this namespace (components/controls.py).
  window.smm_controls = { Boxes, Field, Find, Segments, Select, Several };
})();
