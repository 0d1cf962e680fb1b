/** The style sheet of the loop and of everything over time; colors of verdicts are those of the page. */
export const timelineStyle = `
:root{--v0:#6b7280;--v1:#2456c4;--v2:#9a4a06;--v3:#0b6e6e;--v4:#7a2e8f;--v5:#a0235d;--v6:#55600a;--on-version:#fff;--guide:#eceff3}
@media (prefers-color-scheme:dark){:root{--v0:#8b95a3;--v1:#8ab0ff;--v2:#f0a860;--v3:#5fd0c8;--v4:#d3a4ea;--v5:#f59ac0;--v6:#c4d163;--on-version:#14171b;--guide:#232830}}
.loop ol{list-style:none;margin:1.6rem 0 0;padding:0;display:grid;grid-template-columns:repeat(10,minmax(0,1fr));gap:.5rem .95rem}
.loop li{position:relative;border-top:3px solid var(--strong);background:var(--soft);border-radius:0 0 5px 5px;min-width:0}
.loop li.good{border-top-color:var(--satisfied)}.loop li.bad{border-top-color:var(--violated)}.loop li.open{border-top-color:var(--inconclusive)}
.loop a,.loop .box{display:block;padding:.35rem .3rem .3rem .4rem;color:inherit;text-decoration:none;line-height:1.3;height:100%}
.loop a:hover .step{text-decoration:underline}
.loop .step{display:block;font-weight:640;font-size:.8rem;overflow-wrap:normal}.loop li:not(:last-child)::after{content:"→";position:absolute;right:-.88rem;top:.32rem;color:var(--muted);font-size:.8rem}
.loop .state{display:block;font-size:.78rem;overflow-wrap:anywhere;hyphens:auto}.loop .good .sign{color:var(--satisfied)}.loop .bad .sign{color:var(--violated)}.loop .open .sign{color:var(--inconclusive)}
.loop .bad .state{color:var(--violated);font-weight:600}.loop .when{display:block;font-size:.72rem;color:var(--muted)}
.simulated{margin:.6rem 0;padding:.5rem .8rem;border:1px solid var(--inconclusive);border-radius:6px;background:var(--inconclusive-bg);font-size:.92rem}
.now{margin:.6rem 0;font-size:1.05rem}
.version-tag{display:inline-block;padding:0 .5em;border-radius:4px;color:var(--on-version);background:var(--v0);font-weight:640;font-size:.9em;white-space:nowrap}
.version-tag.v1{background:var(--v1)}.version-tag.v2{background:var(--v2)}.version-tag.v3{background:var(--v3)}.version-tag.v4{background:var(--v4)}.version-tag.v5{background:var(--v5)}.version-tag.v6{background:var(--v6)}
.story{list-style:none;margin:.8rem 0 0;padding:0}
.story li{display:grid;grid-template-columns:6.2rem minmax(0,1fr);gap:.2rem .8rem;padding:.28rem 0 .28rem .8rem;border-left:3px solid var(--strong)}
.story li.violated,.story li.mismatch,.story li.refused{border-left-color:var(--violated)}.story li.promoted{border-left-color:var(--satisfied)}.story li.rolled-back,.story li.running{border-left-color:var(--inconclusive)}
.story .at{color:var(--muted);font-size:.88rem;font-variant-numeric:tabular-nums;padding-top:.08em}.story .skipped-entries{display:block;color:var(--muted);font-size:.9rem}
.story a{color:inherit}.steps{color:var(--muted)}
.quiet-link{text-decoration:none}.inline-mark{vertical-align:-2px}
.defs{position:absolute}.timeline{margin:.4rem 0}
.lane{display:grid;grid-template-columns:12.5rem minmax(0,1fr) 4.4rem;gap:0 .7rem;align-items:start;padding:.28rem 0}
.lane-label{font-size:.85rem;line-height:1.25;overflow-wrap:anywhere;padding-top:.08rem;min-width:0}.lane-label a{color:var(--ink);text-decoration:none}.lane-label a:hover{text-decoration:underline}
.lane-label .asked{color:var(--muted);font-size:.72rem;overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2}
.lane-label .tag{margin-left:.1rem}
.lane-drawing{line-height:0;min-width:0}.lane-drawing svg{overflow:hidden}.lane-drawing>svg{overflow:visible}
.lane-end{position:relative;font-size:.8rem;line-height:1.35;color:var(--muted);font-variant-numeric:tabular-nums;white-space:nowrap}.lane-end .mark{margin-right:.35em}
.lane-end .series-labels{position:absolute;left:-.4rem;top:0}.lane-end .counts{display:block}
.lane.sub .bound{opacity:.45}.lane.sub{padding:.05rem 0}.lane.sub .lane-label{text-align:right;color:var(--muted);font-size:.8rem}.lane.sub .lane-end{font-size:.75rem}
.lane-note{margin:.1rem 0 .3rem 13.2rem;font-size:.78rem;color:var(--muted)}
.lane.axis-row{padding:0}.lane.axis-row .lane-label{font-size:.75rem}
.time-axis text{font:11px system-ui,sans-serif;fill:var(--muted)}text.middle{text-anchor:middle}text.end{text-anchor:end}
line.guide{stroke:var(--guide)}line.change{stroke:var(--strong);stroke-dasharray:2 3;stroke-width:1.2}
.cell rect{stroke:var(--bg);stroke-width:1.6}.cell text{font:600 11px system-ui,sans-serif;text-anchor:middle}
.cell.satisfied rect{fill:var(--satisfied-bg)}.cell.satisfied text{fill:var(--satisfied)}
.cell.instant.satisfied rect{fill:var(--satisfied)}.cell.violated rect{fill:var(--violated)}.cell.violated text{fill:var(--bg)}
.cell.inconclusive rect{fill:var(--inconclusive-bg)}.cell.inconclusive text{fill:var(--inconclusive)}
.cell.waiting rect{fill:var(--skipped-bg)}.cell.waiting text{fill:var(--skipped)}.cell.error rect{fill:var(--error)}.cell.error text{fill:var(--bg)}
.cell.skipped rect{fill:var(--skipped-bg)}.cell.skipped text{fill:var(--skipped)}
.m-late{fill:var(--ink)}
.series .allowed{fill:var(--allowed);opacity:.55}.series line.path{stroke:var(--strong);stroke-width:1.2}.series line.span{stroke:var(--muted);stroke-width:1.4;opacity:.75}
.series circle{fill:var(--muted);stroke:var(--bg);stroke-width:1}.series circle.satisfied{fill:var(--satisfied)}.series circle.violated{fill:var(--violated)}.series circle.inconclusive{fill:var(--bg);stroke:var(--inconclusive);stroke-width:1.8}
.series-labels text{font:10.5px system-ui,sans-serif;fill:var(--muted)}.series-labels .bound-label{fill:var(--ink);font-weight:640}
.moved .beyond{fill:var(--violated)}.moved .within{fill:var(--strong)}.moved rect{stroke:var(--bg);stroke-width:1.6}
svg.version rect{fill:var(--v0);stroke:var(--bg);stroke-width:1}svg.version text{font:11px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--on-version)}svg.version .name{font:650 12px system-ui,sans-serif}
svg.version.v1 rect,rect.answered.v1{fill:var(--v1)}svg.version.v2 rect,rect.answered.v2{fill:var(--v2)}svg.version.v3 rect,rect.answered.v3{fill:var(--v3)}svg.version.v4 rect,rect.answered.v4{fill:var(--v4)}svg.version.v5 rect,rect.answered.v5{fill:var(--v5)}svg.version.v6 rect,rect.answered.v6{fill:var(--v6)}rect.answered.v0{fill:var(--v0)}
.no-guard{fill:var(--bg);opacity:.72}
.attempt line{stroke:var(--muted);stroke-width:11;stroke-linecap:round}.attempt text{font:11.5px system-ui,sans-serif;fill:var(--ink)}
.attempt.promoted line{stroke:var(--satisfied)}.attempt.refused line{stroke:var(--violated)}.attempt.running line{stroke:var(--inconclusive)}
.attempt-refused{color:var(--violated)}.attempt-promoted{color:var(--satisfied)}.attempt-running{color:var(--inconclusive)}
.marks text{font:600 10.5px system-ui,sans-serif;fill:var(--ink)}.lane-drawing svg.over{overflow:visible}
.m-promoted{fill:var(--satisfied)}.m-rolled-back,.m-deployed,.m-mismatch,.m-failed,.m-resolved,.m-labels{fill:none;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.m-rolled-back{stroke:var(--inconclusive)}.m-deployed,.m-resolved{stroke:var(--satisfied)}.m-mismatch,.m-failed{stroke:var(--violated)}.m-sent{fill:var(--violated)}.m-labels{stroke:var(--muted);stroke-width:1.3}
.legend{margin:.7rem 0 0;font-size:.8rem;color:var(--muted);line-height:2}.legend>span{white-space:nowrap;margin-right:.9rem}
.swatch{display:inline-block;width:1.5em;text-align:center;border-radius:3px;font-weight:600;line-height:1.5}
.swatch.satisfied{color:var(--satisfied);background:var(--satisfied-bg)}.swatch.violated{color:var(--bg);background:var(--violated)}.swatch.inconclusive{color:var(--inconclusive);background:var(--inconclusive-bg)}.swatch.error{color:var(--bg);background:var(--error)}
.swatch.skipped{color:var(--skipped);background:var(--skipped-bg)}.swatch.bound{height:1.1em;background:linear-gradient(var(--allowed) 50%,transparent 50%);border:0;position:relative;vertical-align:-.2em;border-top:0;box-shadow:inset 0 -1px 0 transparent}.swatch.bound::after{content:"";position:absolute;left:0;right:0;top:50%;border-top:1.5px dashed var(--ink)}
table.windows td,table.windows th{padding-top:.18rem;padding-bottom:.18rem;white-space:nowrap}table.windows .note{display:inline-block;white-space:normal;max-width:17rem;line-height:1.3}table.windows tr.replaced td{white-space:normal;color:var(--muted);font-size:.85rem;padding-left:1rem}
.steps-list{margin:0}.steps-list li{display:inline-block;margin:0 .9rem 0 0}
.life{margin:1rem 0;padding:.2rem 1.1rem .7rem;border:1px solid var(--line);border-radius:6px}.life h3{margin:.6rem 0 .2rem}.life h3 .digest{font-weight:400;color:var(--muted)}.life .facts>div{grid-template-columns:11rem minmax(0,1fr)}
@media (max-width:62rem){.loop ol{grid-template-columns:repeat(5,minmax(0,1fr))}}
@media (max-width:40rem){.loop ol{grid-template-columns:repeat(2,minmax(0,1fr))}
.lane{grid-template-columns:minmax(0,1fr) 3.6rem;gap:0 .5rem}.lane-label{grid-column:1/-1;padding-bottom:.15rem}.lane-label .asked{-webkit-line-clamp:1}.lane.sub .lane-label{text-align:left;padding:0}.lane-note{margin-left:0}
.time-axis .odd text{display:none}.cell text{font-size:9px}.attempt text,svg.version .digest{display:none}.story li{grid-template-columns:1fr}.life .facts>div{grid-template-columns:1fr}}
@media print{.lane,.story li,.life{break-inside:avoid}.loop ol{grid-template-columns:repeat(5,minmax(0,1fr))}}
`
