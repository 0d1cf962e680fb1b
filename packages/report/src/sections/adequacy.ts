import { type FaultResult, LEVEL_NAMES, type Rate } from '@plumbline/core'
import { type Html, html } from '../html.ts'
import type { ReportInput } from '../input.ts'
import { mark, section, table } from './parts.ts'

/** Faults shown of those that nobody noticed. */
const MOST = 20

/** What the spec would notice: the mutation score with its intervals, what survived, and how much is known of the clauses. */
export function adequacy({ mutation, levels }: ReportInput): Html | '' {
  if (levels === undefined) return ''
  const counts = LEVEL_NAMES.map((name, level) => {
    const n = levels.filter((each) => each.level === level).length
    return html`<tr><th scope="row">L${level} ${name}</th><td>${n}</td></tr>`
  })
  const known = table('Clauses by level', ['level', 'clauses'], counts, 'levels')
  const lead =
    'Whether the clauses would notice a fault. A level is what is known of a clause, from L0 (it compiles) to L5 (fresh rows would decide it again).'
  if (mutation === undefined)
    return section('adequacy', 'Adequacy', `${lead} No faults were planted for this spec yet (plumb mutate).`, known)
  const { score, faults } = mutation
  const rows = score.groups.map(
    ({ group, kills, stopped }) =>
      html`<tr><th scope="row">${group}</th><td>${rate(kills)}</td><td>${group === 'spec' ? '' : stopped}</td></tr>`,
  )
  const alarms = html`<tr><th scope="row">controls</th><td>alarms: ${rate(score.alarms)}</td><td></td></tr>`
  const survivors = faults.filter(({ outcome }) => outcome === 'survived' || outcome === 'undecided')
  const more =
    survivors.length > MOST ? html`<p class="muted">${survivors.length - MOST} more are in the ledger.</p>` : ''
  return section(
    'adequacy',
    'Adequacy',
    lead,
    html`${table('Planted faults that a clause noticed', ['faults in', 'noticed', 'by a clause that blocks'], [...rows, alarms], 'mutation')}${
      survivors.length === 0
        ? ''
        : table(
            'Planted faults that nobody noticed',
            ['fault', 'answer'],
            survivors.slice(0, MOST).map(survivor),
            'survivors',
          )
    }${more}${known}`,
  )
}

function survivor({ fault, outcome, proposal }: FaultResult): Html {
  const answer =
    outcome === 'undecided' ? mark('inconclusive', html` only undecided`) : mark('violated', html` not noticed`)
  const would =
    proposal === undefined
      ? ''
      : html`<br><span class="muted">would be noticed by <code class="id">${proposal.id}</code></span>`
  return html`<tr><td>${fault.says}${would}</td><td>${answer}</td></tr>`
}

function rate({ k, n, value, interval }: Rate): Html {
  if (value === null) return html`<span class="none">none</span>`
  const percent = (share: number): string => `${Math.round(share * 100)} %`
  return html`${k} of ${n} <span class="muted">${percent(value)} [${percent(interval.low)}, ${percent(interval.high)}]</span>`
}
