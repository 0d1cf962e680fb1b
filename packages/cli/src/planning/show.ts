import { visible } from '@plumbline/core'
import { type DataPlan, type Pass, type PlannedRelation, planTest, type PlanRequest } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Style } from '../terminal/style.ts'

/** `plumb test --plan`: what a test would read, for people or as JSON. Nothing is measured and no evidence written. */
export async function showTestPlan(context: CommandContext, request: PlanRequest): Promise<ExitCode> {
  const plan = await planTest(request)
  context.out(
    context.json
      ? `${JSON.stringify({ schema: 'plumbline/test-plan/1', ...plan }, null, 2)}\n`
      : planText(plan, context.style),
  )
  return EXIT.ok
}

/** The plan as lines: one for each relation, one for each of its passes and the clauses that share it. */
export function planText(plan: DataPlan, style: Style): string {
  if (plan.relations.length === 0) return 'Nothing would be read: no clause is asked of these stages.\n'
  const passes = plan.relations.reduce((sum, relation) => sum + relation.passes.length, 0)
  const known = plan.relations.every((relation) => relation.rows !== null) ? '' : ', where sizes are known'
  const total = `${many(passes, 'pass', 'passes')} over ${many(plan.relations.length, 'relation', 'relations')}; about ${count(plan.cells)} cells are read${known}. Nothing was run.\n`
  return `${plan.relations.map((relation) => relationText(relation, style)).join('\n')}\n${total}`
}

function relationText(relation: PlannedRelation, style: Style): string {
  const { rows, exact, clauses, passes, failure } = relation
  const size = rows === null ? 'rows unknown' : `${exact ? '' : 'about '}${many(rows, 'row', 'rows')}`
  const head = `${style.bold(visible(relation.relation))}  ${style.dim(`${relation.stage} · ${visible(relation.source)} · ${size}`)} · ${many(clauses, 'clause', 'clauses')} in ${many(passes.length, 'pass', 'passes')}\n`
  const fault = failure === undefined ? '' : `  ${style.red('cannot be read:')} ${visible(failure)}\n`
  const steps = passes.map((pass, i) => passText(pass, i + 1, style)).join('')
  return head + mergedText(relation, style) + fault + steps + fetchedText(relation, style)
}

/** What leaves the database beside numbers about all rows. */
function fetchedText({ fetched }: PlannedRelation, style: Style): string {
  if (fetched === undefined) return ''
  if (fetched.length === 0)
    return `  ${style.dim('numbers alone leave the database, and the failing rows that are shown')}\n`
  const lines = fetched.map(({ clause, fetches, most, because }) => {
    const bound = most === undefined ? '' : `up to ${count(most)} `
    const what = fetches === 'values' ? 'distinct values with their counts' : 'rows'
    return `      ${style.dim(`${visible(clause)} fetches ${bound}${what}: ${visible(because)}`)}\n`
  })
  return `  ${many(new Set(fetched.map(({ clause }) => clause)).size, 'clause', 'clauses')} that need more than numbers\n${lines.join('')}`
}

/** What is decided from files that were measured before, and what reads all rows. */
function mergedText({ merged }: PlannedRelation, style: Style): string {
  if (merged === undefined) return ''
  const { files, kept, clauses, compared, whole } = merged
  const head = `  ${many(clauses.length, 'clause', 'clauses')} merged from ${many(files, 'file', 'files')}, ${count(kept)} of them as measured before\n`
  const read =
    compared.length === 0
      ? ''
      : `      ${style.dim(`${visible(compared.join(', '))} ${compared.length === 1 ? 'is' : 'are'} read for the bins of distances`)}\n`
  const reasons = whole.map(
    ({ clause, because }) => `      ${style.dim(`${visible(clause)} reads all rows: ${visible(because)}`)}\n`,
  )
  return (
    head +
    read +
    reasons.slice(0, MOST).join('') +
    (whole.length > MOST ? `      and ${whole.length - MOST} more\n` : '')
  )
}

const WORDS: Readonly<Record<Pass['kind'], string>> = {
  files: 'measure files one by one',
  parse: 'parse into a table',
  statistics: 'statistics of the file',
  scan: 'scan',
  key: 'group by key',
  group: 'count values',
  answers: 'ask the model',
  inputs: 'prove or search',
}

const MOST = 6

function passText(pass: Pass, number: number, style: Style): string {
  const questions =
    pass.kind === 'scan' || pass.kind === 'statistics' ? `, ${many(pass.questions, 'question', 'questions')}` : ''
  const files = pass.kind === 'files' ? `, ${many(pass.questions, 'file', 'files')}` : ''
  const of = pass.columns.length === 0 ? '' : ` of ${list(pass.columns)}`
  const size = pass.bytes === null ? '' : `, ${bytes(pass.bytes)}`
  return `  ${String(number).padStart(2)}  ${WORDS[pass.kind]}${of}${files}${questions}${size}\n      ${style.dim(`for ${list(pass.clauses)}`)}\n`
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST).map(visible).join(', ')
  return names.length > MOST ? `${shown} and ${names.length - MOST} more` : shown
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US').replaceAll(',', ' ')
const many = (value: number, one: string, more: string): string => `${count(value)} ${value === 1 ? one : more}`

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

function bytes(value: number): string {
  let size = value
  let unit = 0
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 ? size : size.toPrecision(3)} ${UNITS[unit]}`
}
