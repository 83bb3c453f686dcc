"""How the page looks: in a light and a dark theme, on a wide and a narrow screen, on paper.

The colours of text have a contrast of at least 4.5 to their background (WCAG 2.2, 1.4.3). No text
is in it that comes from a report.
"""

_LIGHT = """\
  --page: #f4f6f8; --card: #ffffff; --text: #1a2129; --muted: #545d68; --line: #d8dee4;
  --soft: #f0f3f6; --link: #0b57b7;
  --breach: #b42318; --breach-soft: #fdeeec; --warn: #8a5300; --warn-soft: #fdf3df;
  --unknown: #0a6375; --unknown-soft: #e3f5f8; --ok: #1a6b33; --ok-soft: #e6f5ea;
  --figure: #2f5fb3; --days: #8b98a9;
"""
_DARK = """\
  --page: #0e1318; --card: #171d24; --text: #e4e9ef; --muted: #a3adb9; --line: #323b46;
  --soft: #202831; --link: #8ab8ff;
  --breach: #ff9087; --breach-soft: #3a1b19; --warn: #f0bd5c; --warn-soft: #35280f;
  --unknown: #6fd3e3; --unknown-soft: #10313a; --ok: #76d08b; --ok-soft: #15311d;
  --figure: #8ab4ff; --days: #7b8794;
"""

STYLESHEET = (
    f":root {{ color-scheme: light dark;\n{_LIGHT}}}\n"
    f"@media screen and (prefers-color-scheme: dark) {{ :root {{\n{_DARK}}} }}\n"
    """\
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 2rem; max-width: 62rem; background: var(--page);
  color: var(--text); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
  "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", Meiryo, sans-serif;
  overflow-wrap: anywhere; }
h1, h2, h3, h4, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
h1 { font-size: 2.1rem; line-height: 1.25; letter-spacing: -0.01em; }
h2 { font-size: 1.05rem; margin: 2rem 0 0.75rem; }
h3 { font-size: 1.05rem; }
ul { list-style: none; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code { font: 0.875em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
  background: var(--soft); border-radius: 4px; padding: 0.1em 0.35em; }
.breach { --level: var(--breach); --level-soft: var(--breach-soft); }
.warn { --level: var(--warn); --level-soft: var(--warn-soft); }
.unknown { --level: var(--unknown); --level-soft: var(--unknown-soft); }
.ok { --level: var(--ok); --level-soft: var(--ok-soft); }

.verdict { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  border-top: 6px solid var(--level); padding: 1.25rem 1.5rem 1.4rem; }
.verdict .heading { color: var(--muted); font-size: 0.9rem; margin-bottom: 0.5rem; }
.verdict h1 { color: var(--level); }
.tally { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.9rem; }
.tally li { border-radius: 999px; padding: 0.2rem 0.8rem; font-size: 0.9rem; font-weight: 600;
  background: var(--level-soft, var(--soft)); color: var(--level, var(--text)); }

.tally .failed { --level: var(--breach); --level-soft: var(--breach-soft); }
.tally .partial { --level: var(--warn); --level-soft: var(--warn-soft); }
.tally .ignored { --level: var(--muted); --level-soft: var(--soft); }

.badge { display: inline-block; border-radius: 6px; padding: 0.05rem 0.5rem; font-size: 0.8rem;
  font-weight: 700; white-space: nowrap; vertical-align: 0.1em;
  background: var(--level-soft); color: var(--level); }
table { width: 100%; border-collapse: collapse; background: var(--card); font-size: 0.95rem;
  border: 1px solid var(--line); border-radius: 12px; border-spacing: 0; overflow: hidden;
  border-collapse: separate; }
th, td { text-align: left; vertical-align: top; padding: 0.55rem 0.75rem; font-weight: inherit;
  border-bottom: 1px solid var(--line); }
tr:last-child > * { border-bottom: 0; }
thead tr:last-child > * { border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-size: 0.8rem; }
.summary td:first-child, thead th:first-child { white-space: nowrap; }
.summary td:first-child { width: 1%; }
td.value { font-weight: 600; font-variant-numeric: tabular-nums; }
th .about { display: block; color: var(--muted); font-size: 0.85rem; }
td.failed { color: var(--breach); font-weight: 600; }
td.partial { color: var(--warn); font-weight: 600; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  border-left: 6px solid var(--level); padding: 1.1rem 1.25rem 0.9rem; margin-bottom: 1rem;
  scroll-margin-top: 1rem; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.9rem; }
.head .badge { margin-right: 0.35rem; }
.head .value { font-size: 1.5rem; line-height: 1.2; font-weight: 700; color: var(--level);
  font-variant-numeric: tabular-nums; }
.unknown .head .value { font-size: 1.05rem; }
.head .about { flex-basis: 100%; color: var(--muted); font-size: 0.9rem; }
.body { margin-top: 0.7rem; }
.facts { display: grid; gap: 0.25rem 1rem; }
.facts > div { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0.75rem; }
dt { color: var(--muted); font-size: 0.9rem; }
dd { font-variant-numeric: tabular-nums; }
.fact + .fact { margin-top: 0.25rem; }
.fact:empty { display: none; }
.figures { margin-top: 0.5rem; border-top: 1px solid var(--line); }
.figures li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.1rem 0.9rem;
  padding: 0.35rem 0; border-bottom: 1px solid var(--line); }
.figures li:last-child { border-bottom: 0; padding-bottom: 0; }
.figures .name { flex: 0 1 15rem; }
.figures .value { flex: 0 0 auto; min-width: 4.5rem; font-weight: 700; color: var(--level);
  font-variant-numeric: tabular-nums; }
.figures .rest { flex: 2 1 14rem; color: var(--muted); font-size: 0.9rem; }
.more { color: var(--muted); font-size: 0.9rem; }
.seen { margin-top: 0.7rem; }
h4 { font-size: 0.9rem; font-weight: normal; color: var(--muted); }
.seen li { margin-top: 0.2rem; }
.folds { display: grid; gap: 0.4rem 1.5rem; margin-top: 0.8rem;
  border-top: 1px solid var(--line); padding-top: 0.55rem; }
.folds:empty { display: none; }
summary { cursor: pointer; font-weight: 600; width: fit-content; padding: 0.1rem 0; }
details ol { padding-left: 1.6rem; }
details ul { list-style: disc; padding-left: 1.6rem; }
details li, details .more { margin: 0.3rem 0; }

.pack { background: var(--card); border: 1px solid var(--line); padding: 0.7rem 1rem 0.8rem; }
.pack:first-of-type { border-radius: 12px 12px 0 0; }
.pack:last-of-type { border-radius: 0 0 12px 12px; }
.pack:first-of-type:last-of-type { border-radius: 12px; }
.pack + .pack { border-top: 0; }
.pack h3 { font-size: 0.95rem; }
.pack ul { display: flex; flex-wrap: wrap; gap: 0.35rem; margin-top: 0.4rem; }
.pack li { background: var(--soft); border-radius: 6px; padding: 0.1rem 0.55rem;
  font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.ignored li { color: var(--muted); padding: 0.15rem 0; }
.notes li { margin-top: 0.25rem; }
footer { margin-top: 2rem; color: var(--muted); font-size: 0.85rem; }

svg { display: block; max-width: 100%; height: auto; }
.chart { width: 100%; max-width: 30rem; }
.small { flex: 0 0 auto; width: 120px; height: 28px; }
svg text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Hiragino Sans",
  "Noto Sans CJK JP", sans-serif; fill: var(--muted); paint-order: stroke;
  stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
svg text.act { fill: var(--breach); }
svg text.forecast { fill: var(--warn); font-weight: 600; }
svg text.ideal { fill: var(--ok); }
svg path { fill: none; stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
svg .axis { stroke: var(--line); }
svg .limit { stroke-dasharray: 6 4; stroke-linecap: butt; }
svg .limit.act { stroke: var(--breach); }
svg .limit.ideal { stroke: var(--ok); }
svg path.days { stroke: var(--days); stroke-width: 1; }
svg circle.days { fill: var(--days); }
svg path.pooled { stroke: var(--figure); stroke-width: 2.5; }
svg circle.pooled { fill: var(--figure); }
svg .judged { fill: var(--level); stroke: var(--card); stroke-width: 1.5; }
svg .interval { fill: var(--warn); fill-opacity: 0.18; }
svg .projection { stroke: var(--warn); stroke-width: 2; stroke-dasharray: 2 4; }
figcaption { display: flex; flex-wrap: wrap; gap: 0.1rem 1rem; color: var(--muted);
  font-size: 0.85rem; margin-top: 0.3rem; }
.key::before { content: ""; display: inline-block; width: 1.2rem; margin-right: 0.4rem;
  vertical-align: 0.25em; border-top: 2px solid var(--days); }
.key.pooled::before { border-top: 3px solid var(--figure); }
.key.judged::before { width: 0.6rem; height: 0.6rem; border: 0; border-radius: 50%;
  background: var(--level); vertical-align: 0; }
.key.projection::before { border-top: 3px dotted var(--warn); }

@media (min-width: 48rem) {
  .folds { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start; }
  .with-chart { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 27rem);
    gap: 1.5rem; }
}
@media (max-width: 30rem) {
  body { padding: 0.75rem 0.6rem 1.5rem; }
  h1 { font-size: 1.75rem; }
  .verdict { padding: 1rem; }
  .card { padding: 0.9rem 0.9rem 0.7rem; }
  th, td { padding: 0.5rem; }
  .summary .word { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  .facts > div { grid-template-columns: 5rem 1fr; gap: 0.6rem; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; background: none; font-size: 10pt; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  summary { list-style: none; }
  .card, .pack, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
  .verdict, .card, .badge, .tally li, svg { print-color-adjust: exact; }
}
"""
)
