/** The style sheet of the curves; colors are those of the page. Lines differ in their dashes, too. */
export const curvesStyle = `
.curves{margin:.6rem 0}.curves>summary{cursor:pointer;color:var(--accent);font-size:.9rem}
.charts{display:flex;flex-wrap:wrap;gap:1.2rem 1.6rem;margin:.8rem 0 .4rem}
.chart{margin:0;width:300px;max-width:100%}.chart figcaption{font-weight:600;font-size:.9rem;margin-bottom:.2rem}.chart>svg{display:block;max-width:100%;height:auto}
.chart text{font:11px system-ui,sans-serif;fill:var(--muted)}.chart .of-x{text-anchor:middle}.chart .of-y{text-anchor:end}
.chart .grid{stroke:var(--line)}.chart .whisker{stroke:var(--accent);stroke-width:1.5;opacity:.55}.chart .point{fill:var(--accent)}
.chart .line{fill:none;stroke-width:2;stroke-linejoin:round}.chart .line.first{stroke:var(--accent)}
.chart .line.second{stroke:var(--inconclusive);stroke-dasharray:7 4}.chart .line.third{stroke:var(--ink);stroke-dasharray:2 3}.chart .line.ground{stroke:var(--muted);stroke-width:1.5;stroke-dasharray:4 4}
.chart-legend{display:flex;flex-wrap:wrap;gap:.1rem .9rem;margin:.1rem 0 0;font-size:.8rem;color:var(--muted)}
@media print{.curves:not([open])>*{display:none}}
`
