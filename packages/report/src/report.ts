import { type Html, html, trusted } from './html.ts'
import type { ReportInput } from './input.ts'
import { readAll, type Readings } from './reading/versions.ts'
import { loopSteps } from './production/loop.ts'
import { type Production, readProduction } from './production/production.ts'
import { adequacy } from './sections/adequacy.ts'
import { data } from './sections/data.ts'
import { decision } from './sections/decision.ts'
import { hazards } from './sections/hazards.ts'
import { header } from './sections/header.ts'
import { history } from './sections/history.ts'
import { lineage } from './sections/lineage.ts'
import { loop } from './sections/loop.ts'
import { moment } from './sections/parts.ts'
import { hasProduction, production } from './sections/production.ts'
import { profile } from './sections/profile.ts'
import { release } from './sections/release.ts'
import { requirements } from './sections/requirements.ts'
import { alerts, retraining } from './sections/retraining.ts'
import { segments } from './sections/segments.ts'
import { runtimeClauses } from './sections/runtime.ts'
import { heading, versionSections, versionTable } from './sections/versions.ts'
import { style } from './style.ts'
import { curvesStyle } from './curves/style.ts'
import { profileStyle } from './profile-style.ts'
import { timelineStyle } from './timeline/style.ts'

/**
 * The whole report as one HTML page that needs nothing else: no network, no script, no font. Sections come in the order
 * in which a reviewer asks: what is it, what happened in production, may it be released and why, what is required, what
 * was found, what does it rest on.
 */
export function renderReport(input: ReportInput): string {
  const readings = readAll(input)
  const found = readProduction(input)
  const title = `${input.program.spec.name} ${input.program.spec.version}: evidence report`
  const main: readonly (Html | '')[] = [
    production(input, found),
    decision(input, readings),
    requirements(input, readings, found),
    hazards(input, readings),
    adequacy(input),
    segments(input),
    history(input, found),
    retraining(found),
    alerts(found),
    runtimeClauses(input, found),
    release(input, readings),
    versionTable(readings),
    ...versionSections(input, readings),
    data(input, readings),
    profile(input.pictures ?? []),
    lineage(input),
  ]
  const present = new Set(
    main.flatMap((part) => /^<section id="([^"]+)"/.exec(part === '' ? '' : part.text)?.[1] ?? []),
  )
  const strip = loop(loopSteps(input, readings, found), (id) => present.has(id))
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer"><title>${title}</title><style>${trusted(style)}${trusted(timelineStyle)}${trusted(profileStyle)}${trusted(curvesStyle)}</style></head>
<body><a class="skip" href="#decision">Skip to the decision</a><div class="page">${navigation(input, readings, found)}<main>${header(input)}${strip}${main}<footer><p>Rendered ${moment(input.generatedAt)} by Plumbline ${input.toolVersion} from the spec and its evidence.</p></footer></main></div></body></html>
`
  return page.text
}

function navigation(input: ReportInput, readings: Readings, found: Production): Html {
  const has = (present: boolean, id: string, text: string): Html | '' =>
    present ? html`<li><a href="#${id}">${text}</a></li>` : ''
  const versions = readings.versions
    .filter(({ clauses }) => clauses.length > 0)
    .map((version) => html`<li class="sub"><a href="#${version.anchor}">${heading(version)}</a></li>`)
  return html`<nav aria-label="Contents"><p class="brand">Plumbline</p><ul>${has(hasProduction(found) && found.span !== undefined, 'production', 'In production')}${has(true, 'decision', 'Decision')}${has(input.program.about.requirements.length > 0, 'requirements', 'Requirements')}${has(input.program.about.hazards.length > 0, 'hazards', 'Hazards')}${has(input.levels !== undefined, 'adequacy', 'Adequacy')}${has(input.segments !== undefined, 'segments', 'Weak segments')}${has(found.serving.versions.length > 0, 'history', 'Versions in production')}${has(found.attempts.length > 0, 'retraining', 'Retraining')}${has(found.alerts.length > 0, 'alerts', 'Alerts')}${has(found.lanes.length > 0, 'runtime', 'Clauses in production')}${has(
    readings.versions.some(({ release: staged }) => staged.length > 0),
    'release',
    'Release tests',
  )}${has(readings.versions.length > 0, 'models', 'Model versions')}${versions}${has(readings.data.length > 0, 'data', 'Data')}${has(
    (input.pictures ?? []).some(({ columns }) => columns.some(({ bins }) => bins.length > 0)),
    'profile',
    'Profile',
  )}${has(true, 'lineage', 'Lineage')}</ul></nav>`
}
