/**
 * The style sheet of the report. Colors are named once, for light and dark; every verdict has a color, a sign and a word.
 * All text colors keep a contrast of at least 4.5 : 1 on their background (WCAG 2.2, 1.4.3).
 */
export const style = `
:root{--bg:#fff;--soft:#f6f7f9;--ink:#1b1f24;--muted:#5a6370;--line:#dfe3e8;--strong:#b9c0ca;--accent:#2456c4;
--satisfied:#17723a;--satisfied-bg:#e3f4e8;--violated:#b3261e;--violated-bg:#fce8e6;--inconclusive:#855400;--inconclusive-bg:#fdf1d6;
--error:#7a2e8f;--error-bg:#f6e8fa;--skipped:#5a6370;--skipped-bg:#eceff2;--allowed:#dff1e4;--bar:#7b93c4}
@media (prefers-color-scheme:dark){:root{--bg:#14171b;--soft:#1c2026;--ink:#e6e9ee;--muted:#9aa5b3;--line:#2d333b;--strong:#48515d;--accent:#8ab0ff;
--satisfied:#6fd08f;--satisfied-bg:#15301f;--violated:#ff8f85;--violated-bg:#3d1a18;--inconclusive:#f0bd5e;--inconclusive-bg:#37290d;
--error:#dfa1ef;--error-bg:#331a3b;--skipped:#9aa5b3;--skipped-bg:#262b32;--allowed:#1a3324;--bar:#5f7bb5}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code,var,.digest{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em;font-style:normal}
code,h1,h2,h3,p,dd,li,.text,figcaption{overflow-wrap:anywhere}
td,th,td code,th code{overflow-wrap:break-word}td .text{display:inline-block;max-width:24rem}
a{color:var(--accent);text-underline-offset:2px}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--bg);padding:.5rem}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.page{display:grid;grid-template-columns:13rem minmax(0,60rem);gap:3rem;max-width:80rem;margin:0 auto;padding:2rem}
nav{position:sticky;top:2rem;align-self:start;font-size:.9rem;max-height:calc(100vh - 4rem);overflow:auto}
nav ul{list-style:none;margin:0;padding:0;border-left:1px solid var(--line)}
nav li a{display:block;padding:.2rem .9rem;color:var(--muted);text-decoration:none}
nav li a:hover{color:var(--ink)}nav li.sub a{padding-left:1.7rem;font-size:.85rem}
.brand{margin:0 0 .8rem;font-weight:650;letter-spacing:.01em}
.kind{margin:0;color:var(--muted);font-size:.8rem;letter-spacing:.06em;text-transform:uppercase}
h1{margin:.1rem 0 .4rem;font-size:2rem;line-height:1.2;font-weight:680;letter-spacing:-.015em}
.version{color:var(--muted);font-weight:400}
.purpose{margin:0 0 1.2rem;font-size:1.15rem;max-width:44rem}
.gate{display:inline-block;margin-left:.8rem;padding:.15rem .8rem;border-radius:99px;font-size:1rem;font-weight:600;letter-spacing:0;text-decoration:none;vertical-align:.25rem;border:1px solid}
.gate.open{color:var(--satisfied);background:var(--satisfied-bg)}.gate.closed{color:var(--violated);background:var(--violated-bg)}
section{margin:3rem 0 0;padding:1.6rem 0 0;border-top:1px solid var(--line)}
h2{margin:0 0 .3rem;font-size:1.35rem;font-weight:660;letter-spacing:-.01em}
h3{margin:1.8rem 0 .6rem;font-size:1.02rem;font-weight:640}
h5{margin:1rem 0 .2rem;font-size:.9rem;font-weight:500}
.lead{margin:0 0 1rem;color:var(--muted);max-width:48rem}
.muted,.needs{color:var(--muted);font-size:.9em}.none{color:var(--muted);font-style:italic}
.facts{margin:.6rem 0;display:grid;gap:.3rem}
.facts>div{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:1rem}
.facts dt{color:var(--muted)}.facts dd{margin:0}
.badge,.mark,.tag,.count{white-space:nowrap}
.badge{display:inline-flex;align-items:center;gap:.35em;padding:.05rem .55rem;border-radius:99px;font-size:.8rem;font-weight:600}
.sign{font-weight:700}
.badge.satisfied{color:var(--satisfied);background:var(--satisfied-bg)}.badge.violated{color:var(--violated);background:var(--violated-bg)}
.badge.inconclusive{color:var(--inconclusive);background:var(--inconclusive-bg)}.badge.error{color:var(--error);background:var(--error-bg)}
.badge.skipped{color:var(--skipped);background:var(--skipped-bg)}
.mark.satisfied,.count.satisfied{color:var(--satisfied)}.mark.violated,.count.violated{color:var(--violated);font-weight:600}
.mark.inconclusive,.count.inconclusive{color:var(--inconclusive)}.mark.error,.count.error{color:var(--error);font-weight:600}.mark.skipped,.count.skipped{color:var(--skipped)}
.tag{display:inline-block;margin-left:.4rem;padding:0 .45rem;border:1px solid var(--strong);border-radius:4px;color:var(--muted);font-size:.78rem}
.tag.warn{color:var(--inconclusive);border-color:currentColor}
.id{font-weight:600}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.38rem .9rem .38rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{color:var(--muted);font-weight:500;font-size:.82rem;vertical-align:bottom;border-bottom-color:var(--strong)}
tbody th{font-weight:500}tbody tr:last-child>*{border-bottom:0}
.num{text-align:right;white-space:nowrap}
table.rows,table.pair,table.answers{width:auto}table.rows td,table.rows th{padding-right:1.6rem;max-width:26rem}
table.forest td,table.forest th{vertical-align:middle}table.forest{width:auto;min-width:66%}table.forest td,table.forest th{padding-right:.7rem}
table.forest th:nth-last-child(5),table.forest th:nth-last-child(4),table.forest th:nth-last-child(3),table.forest tbody th+.num{text-align:right}
table.forest thead th:first-child:nth-last-child(6){text-align:left}
td.drawing{padding-top:0;padding-bottom:0;line-height:0}table.forest thead th{padding-bottom:0}table.forest tbody tr>*{border-bottom:0;padding-top:0;padding-bottom:0;height:30px}table.forest td:last-child{white-space:nowrap}
table.forest th svg{display:block}
table.coverage tbody th{width:32%}table.coverage td:nth-of-type(1){min-width:12rem}table.hazards td:last-child{min-width:20rem}table.versions .wide{min-width:15rem}
table.contracts td,table.contracts th{padding-top:.22rem;padding-bottom:.22rem}table.contracts .domain{max-width:20rem;color:var(--muted)}
svg{display:inline-block;vertical-align:middle;overflow:visible}
.allowed{fill:var(--allowed)}line.bound{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:3 2}
.whisker{stroke:currentColor;stroke-width:2}.plot.satisfied{color:var(--satisfied)}.plot.violated{color:var(--violated)}.plot.inconclusive{color:var(--inconclusive)}
.point{fill:currentColor}.point.hollow{fill:var(--bg);stroke:currentColor;stroke-width:2}
.axis text{font:11px system-ui,sans-serif;text-anchor:middle;fill:var(--muted)}.axis .bound-label{fill:var(--ink);font-weight:650}
line.tick{stroke:var(--strong)}
.single-plot{margin:.4rem 0;line-height:0}.single-plot svg{display:block}.single-plot p{line-height:1.4;margin:.3rem 0}
.clause{margin:.7rem 0;border:1px solid var(--line);border-left:4px solid var(--strong);border-radius:6px;background:var(--bg)}
.clause.satisfied{border-left-color:var(--satisfied)}.clause.violated{border-left-color:var(--violated)}
.clause.inconclusive{border-left-color:var(--inconclusive)}.clause.error{border-left-color:var(--error)}
.clause>summary{padding:.6rem 1rem;cursor:pointer;list-style:none}
.clause>summary::-webkit-details-marker{display:none}
.clause .title{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem}
.clause .title::after{content:"▸";margin-left:auto;color:var(--muted)}.clause[open] .title::after{content:"▾"}
.says{display:block;margin-top:.15rem}
.inside{padding:0 1rem .8rem}.facts.inline{display:flex;flex-wrap:wrap;gap:.1rem 1.6rem;margin:.8rem 0 0;padding-top:.55rem;border-top:1px solid var(--line);font-size:.84rem}.facts.inline>div{display:block}.facts.inline dt,.facts.inline dd{display:inline}.facts.inline dt{margin-right:.4em}
.condition{margin:.2rem 0 .6rem;padding:.45rem .7rem;background:var(--soft);border-radius:5px}
.condition code+.form{margin-left:.6rem}.condition .form{color:var(--muted);margin-right:.4rem;font-size:.85rem}
.answer p{margin:.4rem 0}.cause{display:block;margin:.3rem 0 0}
.notes{margin:.3rem 0;padding-left:1.2rem;color:var(--muted);font-size:.9rem}
.counterexample{display:flex;flex-wrap:wrap;gap:1rem 3rem;align-items:flex-start}
.shared{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:.5rem 0 0;font-size:.88rem}.shared dt{color:var(--muted)}.shared dd{margin:0;white-space:nowrap}
.counterexample .scroll{margin:.3rem 0}tr.differs>*{background:var(--violated-bg);font-weight:650}tr.differs th{padding-left:.4rem}
table.pair td,table.pair th{padding-top:.15rem;padding-bottom:.15rem}table.pair thead th{text-align:right}table.pair thead th:first-child{text-align:left}
.terms{margin-top:.5rem;font-size:.9rem}.terms summary{cursor:pointer;color:var(--muted)}
.reason{margin:.8rem 0;padding:.9rem 1.1rem;border:1px solid var(--line);border-left:4px solid var(--violated);border-radius:6px}
.reason .facts>div{grid-template-columns:11rem minmax(0,1fr)}.reason .facts{margin-bottom:0}.reason h3{margin:0 0 .3rem}.reason p{margin:.3rem 0}.reason.inconclusive{border-left-color:var(--inconclusive)}.reason.error{border-left-color:var(--error)}
.plain{list-style:none;margin:.3rem 0;padding:0}.plain li{margin:.25rem 0}
.verdict-bar{margin:.6rem 0;max-width:34rem}.verdict-bar .bar{display:flex;gap:2px;height:8px}
.verdict-bar .bar span{border-radius:2px;min-width:4px}.verdict-bar p{margin:.25rem 0 0;font-size:.85rem}.count{margin-right:.8rem}.count .sign{margin-right:.3em}
.bar .satisfied{background:var(--satisfied)}.bar .violated{background:var(--violated)}.bar .inconclusive{background:var(--inconclusive)}.bar .error{background:var(--error)}.bar .skipped{background:var(--strong)}
table .verdict-bar{margin:.2rem 0}
.jump a{text-decoration:none}.jump{line-height:2}
.digest.whole{font-size:.8em}
footer{margin:3rem 0 1rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--muted);font-size:.85rem}
@media (max-width:62rem){.page{display:block;padding:1.2rem}nav{position:static;margin-bottom:1.5rem}nav ul{border:0;display:flex;flex-wrap:wrap}nav li a{padding:.1rem .9rem .1rem 0}nav li.sub{display:none}}
@media (max-width:40rem){.facts>div{grid-template-columns:1fr;gap:0}h1{font-size:1.6rem}.gate{margin-left:0}}
@media print{body{font-size:10pt}.page{display:block;padding:0;max-width:none}nav,.skip{display:none}section{break-before:auto}
.clause,.reason,figure,tr{break-inside:avoid}.clause,table.coverage tr{break-inside:auto}h2,h3{break-after:avoid}.scroll{overflow:visible}.clause .title::after{content:""!important}
.clause::details-content{content-visibility:visible;height:auto}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`
