import type { Evidence } from '@plumbline/core'
import type { ReportInput } from '../input.ts'
import { type Html, type HtmlPart, html } from '../html.ts'
import { plural } from '../words/clause.ts'
import { formatCount } from '../words/number.ts'
import { digestCode, facts, moment, section, table } from './parts.ts'

/** What all this rests on: digests of spec, data and models, tools, times and hosts, the ledger, the promotions. */
export function lineage(input: ReportInput): Html {
  const { program, evidence, ledgerHead } = input
  // Windows of traffic have a digest each; theirs are with their evidence.
  const pinned = evidence.filter(({ statement }) => statement.stage !== 'runtime')
  const hosts = distinct(evidence, ({ run }) => [`${run.host.os} ${run.host.arch}, node ${run.host.node}`])
  const tools = distinct(evidence, ({ statement }) => [statement.digests.tool])
  const specs = distinct(evidence, ({ statement }) => [statement.digests.spec])
  const sessions = distinct(evidence, ({ run }) => [run.session])
  const times = evidence.map(({ run }) => run.at).toSorted()
  const [first, last] = [times[0], times.at(-1)]
  const trusted = evidence.filter(({ run }) => run.trusted === true).length
  return section(
    'lineage',
    'Lineage',
    'Everything above was rendered from the spec and this evidence, and from nothing else.',
    html`${facts([
      ['spec', html`${program.spec.name} ${program.spec.version} ${digestCode(program.spec.digest)}`],
      [
        'other specs',
        specs.filter((digest) => digest !== program.spec.digest).length > 0 &&
          html`some evidence was made with an earlier spec: ${specs.filter((digest) => digest !== program.spec.digest).map((digest, i) => html`${i === 0 ? '' : ', '}${digestCode(digest)}`)}`,
      ],
      [
        'evidence',
        first === undefined || last === undefined
          ? 'none'
          : html`${formatCount(evidence.length)} ${plural(evidence.length, 'record')} of ${formatCount(sessions.length)} ${plural(sessions.length, 'session')}, ${moment(first)} to ${moment(last)}`,
      ],
      ['tested on', hosts.join('; ')],
      ['tested with', tools.map((tool) => `plumb ${tool}`).join(', ')],
      ['trusted', trusted > 0 && `${formatCount(trusted)} ${plural(trusted, 'record')} made with --trust`],
      [
        'ledger head',
        ledgerHead === undefined
          ? undefined
          : html`record ${formatCount(ledgerHead.seq)}, <code class="digest whole">${ledgerHead.digest}</code>`,
      ],
      [
        'check it',
        ledgerHead === undefined ? undefined : html`<code>plumb verify --expect-head ${ledgerHead.digest}</code>`,
      ],
    ])}${digestTable('Data', digestsOf(pinned, 'data'))}${digestTable('Models', digestsOf(pinned, 'models'))}${promotions(input)}`,
  )
}

function distinct(evidence: readonly Evidence[], read: (each: Evidence) => readonly string[]): readonly string[] {
  return [...new Set(evidence.flatMap(read))]
}

interface Digested {
  readonly digest: string
  readonly names: ReadonlySet<string>
  readonly last: string
  readonly records: number
}

/** Every digest that evidence names, with the names it went by. */
function digestsOf(evidence: readonly Evidence[], kind: 'data' | 'models'): readonly Digested[] {
  const found = new Map<string, { names: Set<string>; last: string; records: number }>()
  for (const { statement, run } of evidence) {
    for (const [name, digest] of Object.entries(statement.digests[kind])) {
      const entry = found.get(digest) ?? { names: new Set(), last: run.at, records: 0 }
      entry.names.add(name)
      entry.records++
      if (run.at > entry.last) entry.last = run.at
      found.set(digest, entry)
    }
  }
  return [...found].map(([digest, entry]) => ({ digest, ...entry }))
}

function digestTable(title: string, digests: readonly Digested[]): HtmlPart {
  if (digests.length === 0) return ''
  const rows = digests.map(
    ({ digest, names, last, records }) =>
      html`<tr><th scope="row">${[...names].join(', ')}</th><td><code class="digest whole">${digest}</code></td><td class="num">${formatCount(records)}</td><td>${moment(last)}</td></tr>`,
  )
  return html`<h3>${title}</h3>${table(`Digests: ${title}`, ['as', 'digest', 'records', 'last tested'], rows)}`
}

function promotions({ promotions: all = [] }: ReportInput): HtmlPart {
  if (all.length === 0) return html`<h3>Promotions</h3><p class="none">No version was promoted yet.</p>`
  const rows = all
    .toReversed()
    .map(
      ({ model, digest, promotedAt, source, record }, i) =>
        html`<tr><th scope="row">${model}${i === 0 ? html` <span class="tag">now</span>` : ''}</th><td>${digestCode(digest)}</td><td>${moment(promotedAt)}</td><td>${source ?? html`<span class="none">not recorded</span>`}</td><td class="num">${record === undefined ? '–' : formatCount(record.seq)}</td></tr>`,
    )
  return html`<h3>Promotions</h3>${table('Promotions, the latest first', ['role', 'digest', 'when', 'from', 'record'], rows)}`
}
