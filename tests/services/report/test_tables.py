"""Tables read from a page's HTML. Oracle: the HTML, read by hand."""

from __future__ import annotations

from services.report.records import Reference
from services.report.tables import explained, marks, of_csv, sources, tables

BY_ARM = """
<h2>By arm<button class="help" data-tip="Why?">?</button></h2>
<div role="region" aria-label="Estimates"><table class="numbers"><thead><tr><td></td>
<th scope="col">A<span class="n">N = 10</span></th><th scope="col">B</th></tr></thead><tbody>
<tr><th scope="row">Median<button class="help" data-tip="Half of them">?</button></th>
<td><span class="reason" data-tip="x">NR</span><span class="interval">(66.0 to NE)</span></td>
<td>41.5</td></tr></tbody></table></div>
<h2>Comparison</h2><p class="table-note">A versus B</p>
<table><tbody><tr><th scope="row">HR</th><td><strong>0.49</strong></td></tr></tbody></table>
<table><tbody><tr><th scope="row">p</th><td>&lt;0.001</td></tr></tbody></table>
<p class="table-note after">The effect may change.</p>"""


def test_what_a_reader_sees_is_read() -> None:
    first, second = tables({"numbers": BY_ARM})
    assert (first.title, first.columns) == ("By arm", ("", "A N = 10", "B"))
    assert first.rows == (("Median", "NR (66.0 to NE)", "41.5"),)
    assert second.title == "Comparison: A versus B"
    assert second.rows == (("HR", "0.49"), ("p", "<0.001")), "two tables under one heading are one"
    assert second.notes == ("The effect may change.",)
    assert explained({"numbers": BY_ARM}) == ("Half of them",)


def test_small_print_stands_below_and_choices_are_no_table() -> None:
    html = """<h2>Rests on</h2><p class="table-note">The interval includes 1.</p><table><thead><tr>
    <th>Months</th><th>A<span class="interval">N = 10</span></th></tr></thead><tbody>
    <tr><th>12<span class="glance-name">Month</span></th>
    <td>90%<span class="interval">9</span></td></tr></tbody></table>
    <dl class="facts what-if-ways"><div><dt>Usual ways</dt><dd>As published</dd></div></dl>"""
    (found,) = tables({"x": html})
    assert (found.title, found.notes) == ("Rests on", ("The interval includes 1.",))
    assert (found.columns, found.rows) == (("Months", "A\nN = 10"), (("12", "90%\n9"),))


def test_published_numbers_keep_the_marks_that_say_how_far_they_were_checked() -> None:
    html = """<table><tbody><tr><th><div><a>KRd</a><span class="trial-report">high risk</span></div>
    </th><td><details class="cite"><summary class="cite-number cite-secondary">0.08</summary>
    <div class="cite-card">Second-hand</div></details></td></tr></tbody></table>"""
    (found,) = tables({"x": html})
    assert found.rows == (("KRd\nhigh risk", "0.08°"),)
    assert marks({"x": html}) == {"°"}


def test_heads_over_several_columns_and_rows_name_each_of_them() -> None:
    html = """<h2>Published</h2><table><thead><tr><th rowspan="2">Term</th><th colspan="2">A</th>
    </tr><tr><th>Ours</th><th>Theirs</th></tr></thead><tbody>
    <tr><th colspan="3" scope="rowgroup">Infections</th></tr>
    <tr><th>Any</th><td>1</td><td>2</td></tr></tbody></table>"""
    (found,) = tables({"x": html})
    assert found.columns == ("Term", "A Ours", "A Theirs")
    assert found.rows == (("Infections", "", ""), ("Any", "1", "2"))
    assert found.groups == {0}


def test_what_stands_beside_the_name_of_a_group_of_rows_is_kept() -> None:
    html = """<table><thead><tr><th>Subgroup</th><th>HR</th><th>Interaction</th></tr></thead><tbody>
    <tr><th scope="rowgroup" colspan="2"><strong>Sex</strong> <span class="mark-words">calibrated
    </span></th><td data-label="Interaction: ">p = 0.324</td></tr>
    <tr><th>Female</th><td>0.30</td><td></td></tr>
    <tr><th scope="rowgroup" colspan="2">Age</th><td data-label="Interaction: "></td></tr>
    <tr><th>65</th><td>0.20</td><td></td></tr></tbody></table>"""
    (found,) = tables({"x": html})
    assert [found.rows[i] for i in sorted(found.groups)] == [
        ("Sex (calibrated); Interaction: p = 0.324", ""),
        ("Age", ""),
    ]
    assert found.columns == ("Subgroup", "HR")


def test_what_is_made_up_is_in_brackets_and_what_folds_away_has_headings_of_its_own() -> None:
    html = """<h2>Share at 36 months <span class="made-up-chip">Illustrative</span></h2>
    <table><tbody><tr><th>A</th><td>1</td></tr></tbody></table>
    <details><summary>At 12 months</summary><h3>Share at 12 months</h3>
    <table><tbody><tr><th>A</th><td>2</td></tr></tbody></table></details>
    <h2>Curves</h2><h3>At once</h3><table><tbody><tr><th>A</th><td>3</td></tr></tbody></table>"""
    assert [table.title for table in tables({"x": html})] == [
        "Share at 36 months (Illustrative)",
        "Share at 12 months",
        "Curves: At once",
    ]


def test_what_is_drawn_or_opened_is_left_out_and_lines_stay_apart() -> None:
    html = """<table><tbody><tr><th>T</th><td><div class="bar" aria-hidden="true">x</div></td>
    <td><div class="arm-numbers"><span class="arm-number"><details class="cite"><summary>63%
    </summary><div class="cite-card"><ul><li><a href="https://doi.org/10.1/a">Paper</a>
    <span>Read.</span></li><li><a href="javascript:1">Odd</a></li></ul></div></details><span>Dara
    </span></span><span class="arm-number">41%</span></div></td></tr></tbody></table>"""
    (found,) = tables({"x": html})
    assert found.rows == (("T", "63% Dara\n41%"),), "a column of bars alone goes"
    assert sources({"x": html}) == (
        Reference("Paper Read.", "https://doi.org/10.1/a"),
        Reference("Odd"),
    )


def test_a_list_of_facts_pairs_each_name_with_what_follows_it() -> None:
    flat = "<dl><dt>A</dt><dd>1</dd><dd>2</dd><dt>B</dt><dd>3</dd></dl>"
    boxed = "<dl><div><dt>A</dt><dd>1 2</dd></div><div><dt>B</dt><dd>3</dd></div></dl>"
    for html in (flat, boxed):
        (found,) = tables({"x": html})
        assert found.rows == (("A", "1 2"), ("B", "3"))


def test_a_page_without_tables_has_those_of_its_csv() -> None:
    first, second = of_csv('# One\nmodel,hr_lower\nMayo,0.5\n"a,b",\n# Two\nx,y\n1,2\n')
    assert (first.title, first.columns) == ("One", ("Model", "Hr lower"))
    assert first.rows == (("Mayo", "0.5"), ("a,b", ""))
    assert (second.title, second.rows) == ("Two", (("1", "2"),))
