"""What a page looks like, measured: texts that overlap or are cut, targets too small for a finger.

Each probe is JavaScript that returns one line for each thing that is wrong.
"""

from __future__ import annotations

from playwright.sync_api import Page

TARGET = 40  # px, the least side of what a finger is to hit

_VISIBLE = """
const visible = (e) => e.checkVisibility({
    contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true });
const clipped = (e) => {
  const r = e.getBoundingClientRect();
  return r.width <= 1 || r.height <= 1;
};
"""

# A line of text and another one on top of it, in the page's own ink and in its charts.
OVERLAPS = (
    "() => {"
    + _VISIBLE
    + """
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || !parent || !visible(parent) || clipped(parent)) continue;
    // What floats above the page covers it on purpose; what scrolls shows a part.
    if (parent.closest('script, style, noscript, .menu, .cite-card, .tip, .hoverlayer, .header,'
        + '.rail-bar, .visually-hidden, .skip, dialog, .picture, .table-scroll')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(parent);
    const size = parseFloat(style.fontSize);
    for (const r of range.getClientRects()) {
      if (r.width < 2 || r.height < 2) continue;
      const rail = parent.closest('.rail')?.getBoundingClientRect();
      if (rail && (r.bottom > rail.bottom || r.top < rail.top)) continue;  // scrolled away
      // The line's box is higher than its letters.
      const inset = Math.max(0, (r.height - size) / 2) + 0.14 * size;
      lines.push({ x0: r.left + 1, x1: r.right - 1, y0: r.top + inset, y1: r.bottom - inset,
                   node, text: node.textContent.trim().slice(0, 40) });
    }
  }
  lines.sort((a, b) => a.y0 - b.y0);
  const found = new Set();
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length && lines[j].y0 < lines[i].y1; j++) {
      const a = lines[i], b = lines[j];
      if (a.node === b.node) continue;
      const wide = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
      const high = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
      if (wide > 1 && high > 1) found.add(`“${a.text}” over “${b.text}”`);
    }
  }
  return Array.from(found);
}"""
)

# A text that its box cuts, and a page wider than its window.
CUT = (
    "() => {"
    + _VISIBLE
    + """
  const found = [];
  // Not innerWidth: a phone's window grows with the page.
  const root = document.documentElement, wide = root.scrollWidth - root.clientWidth;
  if (wide > 0) found.push(`the page is ${wide} px wider than the window`);
  for (const e of document.querySelectorAll('body *')) {
    const style = getComputedStyle(e);
    if (!['hidden', 'clip'].includes(style.overflowX) || !visible(e) || clipped(e)) continue;
    if (e.closest('svg, .visually-hidden, .js-plotly-plot, input')) continue;
    if (!e.textContent.trim() || style.textOverflow === 'ellipsis') continue;
    if (style.clipPath !== 'none') continue;  // for screen readers only
    if (e.scrollWidth > e.clientWidth + 1) {
      found.push(`“${e.textContent.trim().slice(0, 40)}” needs ${e.scrollWidth} of`
        + ` ${e.clientWidth} px (${e.className})`);
    }
  }
  for (const svg of document.querySelectorAll('.js-plotly-plot .main-svg')) {
    const box = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      if (!visible(text) || !text.textContent.trim()) continue;
      const r = text.getBoundingClientRect();
      if (r.width && (r.left < box.left - 2 || r.right > box.right + 2)) {
        found.push(`the chart cuts “${text.textContent.slice(0, 40)}”`);
      }
    }
  }
  return Array.from(new Set(found));
}"""
)

# What a finger is to hit; links inside sentences may be as high as their line.
SMALL = (
    "(least) => {"
    + _VISIBLE
    + """
  const found = new Set();
  const hit = 'button, summary, select, input, a[href], [role="radio"], [role="tab"], label';
  for (const e of document.querySelectorAll(hit)) {
    if (!visible(e) || clipped(e) || e.disabled) continue;
    if (e.closest('.skip, .tip, .visually-hidden, svg')) continue;
    if (e.matches('label') && !e.querySelector('input') && !e.htmlFor) continue;
    // The label around a box, or for one, is what is hit.
    if (e.matches('input[type="checkbox"], input[type="radio"], input[type="range"]')) continue;
    if (e.matches('a') && e.closest('p, li, dd, td, figcaption, .notice, .footer, .table-note')
        && !e.closest('nav, .menu, .take-away')) continue;
    if (e.matches('label') && !e.querySelector('input')
        && document.getElementById(e.htmlFor)?.type !== 'radio') continue;
    const r = e.getBoundingClientRect();
    if (Math.round(r.height) < least) {
      found.add(`${Math.round(r.width)}x${Math.round(r.height)} ${e.tagName.toLowerCase()}`
        + ` “${(e.textContent.trim() || e.getAttribute('aria-label') || e.id).slice(0, 30)}”`);
    }
  }
  return Array.from(found);
}"""
)

# Gathered from before the page's first script on; what a finger or key caused does not count.
WATCH_SHIFT = """
window.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.layoutShift += entry.value;
  }
}).observe({ type: 'layout-shift', buffered: true });
"""


def overlaps(page: Page) -> list[str]:
    """Texts that lie on top of each other."""
    return list(page.evaluate(OVERLAPS))


def cut(page: Page) -> list[str]:
    """Texts that are cut, and a page that is wider than its window."""
    return list(page.evaluate(CUT))


def small_targets(page: Page) -> list[str]:
    """What is lower than ``TARGET`` pixels though a finger is to hit it."""
    return list(page.evaluate(SMALL, TARGET))


def layout_shift(page: Page) -> float:
    """Chromium's layout shift score since the page began to load (``WATCH_SHIFT``)."""
    return float(page.evaluate("() => window.layoutShift"))
