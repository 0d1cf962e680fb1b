import type { Became, ColumnEvidence, HealProposal, OutputProposal, SchemaChange } from '@plumbline/core/heal'
import { oneLine } from '../terminal/one-line.ts'
import type { Style } from '../terminal/style.ts'
import type { Healed } from '../verbs/heal.ts'

/** What `plumb heal` prints to people; between the lines, diffs that `git apply` and `patch -p1` take. */
export function healedText({ datasets, models }: Healed, style: Style): string {
  const texts = datasets.map(({ name, rows, before, proposals }) => {
    const compared = before === undefined ? `${rows} rows` : `${rows} rows with ${before} earlier ones`
    if (proposals.length === 0) return `${oneLine(name)}: ${compared}; its columns are those declared\n`
    // Names alone say little of a column that is gone.
    const isGone = proposals.some(({ change }) => change.kind === 'gone')
    const hint =
      before === undefined && isGone ? '  Rows from before the change tell more: `plumb heal --before FILE`.\n' : ''
    return `${oneLine(name)}: ${compared}\n${proposals.map((each) => proposalText(each, style)).join('')}${hint}`
  })
  const outputs = models.map(
    ({ name, file, proposals }) =>
      `${oneLine(name)}: ${oneLine(file)} does not give what is declared\n${proposals.map((each) => outputText(each, style)).join('')}`,
  )
  return [...texts, ...outputs].join('')
}

function outputText(proposal: OutputProposal, style: Style): string {
  const { from, to, outputs, likeness } = proposal.change
  const became =
    to === undefined
      ? `the tensor ${from} is not in the file`
      : `${from} → ${to} (type and width fit, name ${percent(likeness ?? 0)})`
  const head = `  ${style.yellow('output')}    ${oneLine(`${became}: read by ${outputs.join(', ')}`)}\n`
  if (proposal.kind === 'patch')
    return `${head}${lines(['its outputs keep their names, so no clause changes; ask whether the new file answers as the old one did'])}\n${diffText(proposal.diff)}\n`
  const kept = proposal.protected.map(({ clause, protects }) => `${clause} is about ${protects}`)
  return head + lines([`no patch: ${proposal.why}`, ...kept])
}

/** Line by line: what a spec holds cannot steer a terminal, and the diff stays one. */
const diffText = (diff: string): string =>
  diff
    .split('\n')
    .map((line) => `${line.slice(0, 1)}${oneLineKept(line.slice(1))}`)
    .join('\n')

function proposalText(proposal: HealProposal, style: Style): string {
  const head = `  ${style.yellow(proposal.change.kind.padEnd(8))}  ${oneLine(changeText(proposal.change))}\n`
  const more: string[] = []
  if (proposal.kind === 'withheld') {
    more.push(`no patch: ${proposal.why}`)
    for (const { clause, protects } of proposal.protected) more.push(`${clause} is about ${protects}`)
    return head + lines(more)
  }
  if (proposal.rewrites.length > 0) more.push(`rewrites the conditions of ${proposal.rewrites.join(', ')}`)
  if (proposal.review.length > 0)
    more.push(`look at the numbers and codes of ${proposal.review.join(', ')}: they stay as they are`)
  if (proposal.models.length > 0) more.push(`read by ${proposal.models.join(', ')}: does the model still take it?`)
  return `${head}${lines(more)}\n${diffText(proposal.diff)}\n`
}

const oneLineKept = (line: string): string => `${/^ */.exec(line)?.[0] ?? ''}${oneLine(line.trimStart())}`

const lines = (texts: readonly string[]): string => texts.map((text) => `            ${oneLine(text)}\n`).join('')

function changeText(change: SchemaChange): string {
  switch (change.kind) {
    case 'renamed':
      return `${change.column} → ${change.to} (${evidenceText(change.evidence)})`
    case 'recoded':
      return `${change.column}: ${change.codes.map(([from, to]) => `${from} → ${to}`).join(', ')} (${change.rows} rows with the same key)`
    case 'rescaled':
      return `${change.column} is ${change.factor} times what it was (in ${percent(change.share)} of ${change.rows} rows with the same key)`
    case 'retyped':
      return `${change.column}: ${percent(change.unread)} of its cells are not of the declared type; all are of the type ${change.to}`
    case 'reformatted':
      return `${change.column}: ${percent(change.unread)} of its times are not written as declared${change.to === undefined ? '' : `; all are as ${change.to}`}`
    case 'gone':
      if (change.became !== undefined) return `${change.column} is not in the data; ${becameText(change.became)}`
      return change.nearest === undefined
        ? `${change.column} is not in the data`
        : `${change.column} is not in the data; nearest is ${change.nearest} (${change.evidence === undefined ? '' : evidenceText(change.evidence)})`
  }
}

function becameText({ to, rows, factor, codes = [] }: Became): string {
  const how = factor === undefined ? codes.map(([from, code]) => `${from} → ${code}`).join(', ') : `times ${factor}`
  return `${to} is it (${how}, in ${rows} rows with the same key)`
}

function evidenceText({ name, type, domain, distribution, key }: ColumnEvidence): string {
  return [
    key === undefined
      ? 'no rows with the same key'
      : `${percent(key.equal)} of ${key.rows} rows with the same key agree`,
    `type ${percent(type)}`,
    `domain ${percent(domain)}`,
    ...(distribution === undefined ? [] : [`distribution ${percent(distribution)}`]),
    `name ${percent(name)}`,
  ].join(', ')
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`
