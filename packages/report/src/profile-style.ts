/** The style of the profile: drawings as wide as their place, tables that scroll by themselves. */
export const profileStyle = `
.histograms{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(15rem,100%),1fr));gap:1.4rem 1.8rem;margin:.8rem 0 1.6rem}
figure{margin:0;min-width:0}figcaption{display:flex;justify-content:space-between;align-items:baseline;gap:.5rem;margin-bottom:.25rem;font-size:.9rem}
.histogram{display:block;width:100%;height:4.2rem}.histogram .bar,svg.amount .bar{fill:var(--bar)}.histogram .hit{fill:transparent}.histogram g:hover .bar{fill:var(--accent)}
.histogram .base{stroke:var(--strong);vector-effect:non-scaling-stroke}.histogram .before{fill:none;stroke:var(--ink);stroke-width:1.5;vector-effect:non-scaling-stroke}
.ends{display:flex;justify-content:space-between;gap:1rem;margin:.15rem 0 0;color:var(--muted);font-size:.78rem}
.ends span{min-width:0;overflow-wrap:anywhere}.ends span:last-child{text-align:right}
.saying{margin:.1rem 0 0;color:var(--muted);font-size:.78rem}
.moved{color:var(--muted);font-size:.8rem;white-space:nowrap}.moved.much{color:var(--inconclusive);font-weight:600}
.legend{color:var(--muted);max-width:46rem}.key{display:inline-block;width:1.1em;height:.75em;margin:0 .35em 0 0;vertical-align:-.05em}.key.now{background:var(--bar)}.key.then{border-top:2px solid var(--ink);height:0;vertical-align:.25em;margin-left:.6em}
#profile h4{margin:1.2rem 0 .3rem;font-size:.95rem}
#profile table{width:auto;font-size:.8rem;border-collapse:collapse}
#profile th.turned{vertical-align:bottom;padding:.2rem;font-weight:500;white-space:nowrap}
#profile th.turned span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:8.3rem;overflow:hidden;text-overflow:ellipsis;display:inline-block}
#profile td.gap{text-align:center;padding:.1rem .3rem}td.number{white-space:nowrap;text-align:right}
td.amount{width:7rem;min-width:4rem}svg.amount{display:block;width:100%;height:.6rem}
#profile table.correlations td{width:2.6rem;min-width:2.6rem;padding:.25rem;text-align:center;font-variant-numeric:tabular-nums;border:1px solid var(--bg)}
#profile table.correlations th[scope=row]{text-align:right;font-weight:400;padding-right:.5rem;white-space:nowrap;max-width:12rem;overflow:hidden;text-overflow:ellipsis}
td.self{background:var(--soft)}
td.positive.s1{background:color-mix(in srgb,var(--accent) 12%,transparent)}td.positive.s2{background:color-mix(in srgb,var(--accent) 24%,transparent)}td.positive.s3{background:color-mix(in srgb,var(--accent) 36%,transparent)}td.positive.s4{background:color-mix(in srgb,var(--accent) 48%,transparent);font-weight:650}
td.negative.s1{background:color-mix(in srgb,var(--inconclusive) 14%,transparent)}td.negative.s2{background:color-mix(in srgb,var(--inconclusive) 26%,transparent)}td.negative.s3{background:color-mix(in srgb,var(--inconclusive) 38%,transparent)}td.negative.s4{background:color-mix(in srgb,var(--inconclusive) 50%,transparent);font-weight:650}
td.s0{color:var(--muted)}
@media print{.histograms{grid-template-columns:repeat(3,1fr)}}
`
