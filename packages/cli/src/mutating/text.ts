import { type FaultResult, type GroupScore, type MutationScore, type Rate, visible } from '@plumbline/core'
import { oneLine } from '../terminal/one-line.ts'
import type { Style } from '../terminal/style.ts'
import type { Mutated } from '../verbs/mutate.ts'

const percent = (value: number): string => `${Math.round(value * 100)} %`

function rateText({ k, n, value, interval }: Rate): string {
  return value === null
    ? 'none'
    : `${k} of ${n} (${percent(value)}, ${percent(interval.low)} to ${percent(interval.high)})`
}

/** A run for people: the score, what nobody noticed with the clause that would, what carries no weight of its own. */
export function mutationText(run: Mutated, style: Style): string {
  const { score, faults, controls, specFaults } = run
  return [
    ...faults.map((result) => faultLine(result, style)),
    '\n',
    ...score.groups.map((group) => groupLine(group, style)),
    `${style.bold('controls'.padEnd(9))} alarms on ${rateText(score.alarms)}\n`,
    scoreLine(score, style),
    ...unheldLines(run.baseline, style),
    ...listLine('raise alarms where nothing is wrong', score.fragile, style),
    ...listLine(
      'kill nothing that no other clause kills',
      score.redundant.filter((id) => !id.includes('.')),
      style,
    ),
    ...listLine(
      'could be weaker without anybody noticing',
      specFaults.filter(({ outcome }) => outcome === 'survived').map(({ says }) => says),
      style,
    ),
    ...proposalLines(faults, style),
    ...(run.interrupted
      ? [
          `\n${style.yellow('!')} interrupted: of the faults planned, ${faults.length} were planted, and ${controls.length} controls made\n`,
        ]
      : []),
  ].join('')
}

function faultLine({ fault, outcome, kills, undecided, asked, cause }: FaultResult, style: Style): string {
  const mark = {
    killed: style.green('✓'),
    undecided: style.yellow('?'),
    survived: style.red('✗'),
    unchanged: style.dim('–'),
    failed: style.dim('–'),
  }
  const who = (reactions: FaultResult['kills']): string => {
    const ids = [...new Set(reactions.map(({ clause }) => clause))]
    return `${ids.slice(0, 3).map(oneLine).join(', ')}${ids.length > 3 ? `, and ${ids.length - 3} more` : ''}`
  }
  const words = {
    killed: `violates ${who(kills)}`,
    undecided: `only leaves ${who(undecided)} undecided`,
    survived: asked === 0 ? 'no clause that holds looks there' : `noticed by none of ${asked} questions`,
    unchanged: 'changes nothing here',
    failed: `not planted: ${oneLine(cause ?? '')}`,
  }
  return `${mark[outcome]} ${oneLine(fault.says)} ${style.dim(`— ${words[outcome]}`)}\n`
}

function groupLine({ group, kills, stopped, undecided, leftOut }: GroupScore, style: Style): string {
  const more = [
    group === 'spec' || stopped === kills.k ? '' : `${stopped} by a clause that blocks`,
    undecided === 0 ? '' : `${undecided} more only undecided`,
    leftOut === 0 ? '' : `${leftOut} not counted`,
  ].filter((part) => part !== '')
  return `${style.bold(group.padEnd(9))} kills ${rateText(kills)}${more.length === 0 ? '' : style.dim(`; ${more.join(', ')}`)}\n`
}

function scoreLine({ score, level }: MutationScore, style: Style): string {
  if (score.value === null) return `${style.bold('score'.padEnd(9))} needs faults and controls\n`
  const { low, high } = score.interval
  return `${style.bold('score'.padEnd(9))} ${style.bold(score.value.toFixed(2))}, ${low.toFixed(2)} to ${high.toFixed(2)} at ${percent(level)}: kills minus alarms\n`
}

/** What can notice nothing since it does not even hold, by its reason: else a model that was never asked looks like clauses that do not care. */
function unheldLines({ unheld, asked }: Mutated['baseline'], style: Style): readonly string[] {
  if (unheld.length === 0) return []
  const reasons = Map.groupBy(unheld, ({ verdict, cause }) => cause ?? verdict)
  const lines = [...reasons].map(([reason, questions]) => {
    const ids = [...new Set(questions.map(({ clause }) => clause))]
    const named = ids.slice(0, 3).map(oneLine).join(', ')
    return `${named}${ids.length > 3 ? `, and ${ids.length - 3} more` : ''}: ${oneLine(reason)}`
  })
  const [verb, them] = unheld.length === 1 ? ['does', 'it notices'] : ['do', 'they notice']
  return listLine(
    `${unheld.length} of ${asked} questions ${verb} not hold without a fault either, so ${them} none`,
    lines,
    style,
  )
}

function listLine(what: string, items: readonly string[], style: Style): readonly string[] {
  if (items.length === 0) return []
  return [`\n${style.yellow('!')} ${what}:\n${items.map((item) => `    ${oneLine(item)}\n`).join('')}`]
}

function proposalLines(faults: readonly FaultResult[], style: Style): readonly string[] {
  const proposals = new Map(
    faults.flatMap(({ proposal }) => (proposal === undefined ? [] : [[proposal.id, proposal.yaml] as const])),
  )
  if (proposals.size === 0) return []
  // Each line was made by plumb; only texts in quotes hold words of the spec.
  const yaml = [...proposals.values()].map((text) => text.split('\n').map(visible).join('\n')).join('')
  return [
    `\n${style.bold('Clauses that would have noticed')}, measured on the data, on controls and on the fault; to be put under \`clauses:\`\n\n${yaml}`,
  ]
}
