import type { Evidence } from '@plumbline/core'
import { codeSpan, markdownList, markdownTable } from '../markdown.ts'
import { formatCount } from '../words/number.ts'
import { countsText, countVerdicts } from '../words/verdict.ts'
import { type CardSubject, NOT_STATED } from './subject.ts'

/** Groups whose results are reported apart, and protected columns. */
export function factors({ input, version }: CardSubject): string {
  const { program } = input
  const slices = [
    ...new Set((version?.clauses ?? []).flatMap(({ answers }) => answers.map(({ statement }) => statement.slice))),
  ].filter((slice) => slice !== 'all')
  const guarded = program.datasets.flatMap(({ columns }) =>
    columns.filter((column) => column.protected).map(({ name }) => name),
  )
  const used = new Set(program.models.find(({ name }) => name === 'champion')?.input ?? [])
  const items = [
    slices.length === 0
      ? 'Slices: no group is reported apart.'
      : `Slices reported apart: ${slices.map(codeSpan).join(', ')}.`,
    guarded.length === 0
      ? `Protected columns: ${NOT_STATED}.`
      : `Protected columns: ${guarded.map((name) => `${codeSpan(name)}${used.has(name) ? ' (declared as an input of the model)' : ' (no input of the model)'}`).join(', ')}.`,
  ]
  return `## Factors\n\n${markdownList(items).trimEnd()}`
}

/** What the metrics were measured on: relations, digests, rows, and whether the data contracts held. */
export function evaluationData({ version, readings }: CardSubject): string {
  const answers = (version?.clauses ?? [])
    .filter(({ clause }) => clause?.form === 'must')
    .flatMap((reading) => reading.answers)
  const rows = [...Map.groupBy(answers, ({ statement }) => statement.relation)].map(([relation, found]) => [
    codeSpan(relation),
    digests(found),
    largest(found),
  ])
  const data = readings.data.map(({ verdict }) => verdict)
  const contracts =
    data.length === 0
      ? 'The clauses over the data were not tested.'
      : `Clauses over the data: ${countsText(countVerdicts(data))}.`
  const table =
    rows.length === 0
      ? 'No evaluation data: nothing was measured.'
      : markdownTable(['relation', 'data', 'rows'], rows).trimEnd()
  return `## Evaluation data\n\n${table}\n\n${contracts}`
}

function digests(found: readonly Evidence[]): string {
  const all = new Set(
    found.flatMap(({ statement }) =>
      Object.entries(statement.digests.data).map(([name, digest]) => `${codeSpan(name)} ${codeSpan(digest)}`),
    ),
  )
  return all.size === 0 ? 'no digest' : [...all].join('<br>')
}

/** The rows of the relation as a whole; where only slices were asked, how many the largest had. */
function largest(found: readonly Evidence[]): string {
  const counts = found.flatMap(({ statement }) =>
    'n' in statement && statement.n !== undefined ? [{ slice: statement.slice, n: statement.n }] : [],
  )
  const whole = counts.filter(({ slice }) => slice === 'all')
  const most = Math.max(...(whole.length > 0 ? whole : counts).map(({ n }) => n))
  if (!Number.isFinite(most)) return ''
  return whole.length > 0 ? formatCount(most) : `${formatCount(most)} in the largest slice`
}

/** Where the model came from, as far as the spec and the registry say. */
export function trainingData({ input, version }: CardSubject): string {
  const { pipeline, datasets } = input.program
  const source = input.promotions?.findLast(({ digest }) => digest === version?.digest)?.source
  const training = datasets.flatMap(({ name, splits }) =>
    splits
      .filter((split) => split.name === 'train')
      .map(({ text }) => `${codeSpan(`${name}.train`)}: ${codeSpan(text)}`),
  )
  const stages = pipeline.stages.map(({ name, run, needs, makes }) => [
    codeSpan(name),
    codeSpan(run.join(' ')),
    needs.map(codeSpan).join(', '),
    makes.map(codeSpan).join(', '),
  ])
  const items = [
    `Training split: ${training.length === 0 ? NOT_STATED : training.join(', ')}.`,
    `Promoted from: ${source === undefined ? 'not promoted' : codeSpan(source)}.`,
  ]
  const table =
    stages.length === 0
      ? `Pipeline: ${NOT_STATED}.`
      : `Pipeline stages the spec declares; which of them made this file is not recorded in its evidence.\n\n${markdownTable(['stage', 'command', 'needs', 'makes'], stages).trimEnd()}`
  return `## Training\n\n${markdownList(items)}\n${table}`
}
