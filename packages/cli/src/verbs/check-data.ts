import {
  type Clause,
  type Diagnostic,
  diagnose,
  type Expr,
  type MustClause,
  powerDiagnostics,
  type Program,
  type Spec,
  type Statement,
} from '@plumbline/core'
import { decidabilityOf, falseAlarmsOf, type RowCount } from '@plumbline/core/power'
import { testProgram } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'

/** What the data at hand can say of the clauses. */
export interface DataCheck {
  readonly diagnostics: readonly Diagnostic[]
  /** A line for each comparison that can be decided: rows, and what is detectable. */
  readonly lines: readonly string[]
}

/** Alarms a year above which a clause is said to cry wolf. */
const MOST_ALARMS = 1

/** `plumb check --data`: counts the rows of each slice and says what they can decide. Tests nothing, writes nothing. */
export async function checkData(context: CommandContext, program: Program, spec: Spec): Promise<DataCheck> {
  const counts = await rowCounts(context, program)
  const diagnostics: Diagnostic[] = []
  const lines: string[] = []
  for (const clause of program.clauses) {
    const span = spec.clauses.get(clause.id)?.nameSpan
    if (span === undefined) continue
    const add = (found: Diagnostic): void => void diagnostics.push({ ...found, subject: clause.id })
    if (clause.form === 'always') {
      const alarms = falseAlarmsOf(
        clause,
        program.monitor?.minRows ?? 0,
        (relation) => counts.get(key(relation, 'all'))?.rows,
      )
      if (alarms === undefined || program.monitor === undefined) continue
      const { minRows: rows } = program.monitor
      const text = alarms < 0.01 ? 'less than 0.01' : alarms.toPrecision(2)
      if (alarms > MOST_ALARMS)
        add(diagnose(powerDiagnostics.falseAlarms, span, { clause: clause.id, alarms: text, rows }))
      else lines.push(`${clause.id}: at most ${text} false alarms a year with windows of ${rows} rows`)
    }
    if (clause.form !== 'must') continue
    for (const { relation } of clause.of) {
      const data = dataOf(program, relation)
      for (const slice of clause.slices) {
        const count = data === undefined ? undefined : counts.get(key(data, slice.name))
        if (count === undefined) continue
        const on = `${relation}${slice.name === 'all' ? '' : ` [${slice.name}]`}`
        for (const found of decidabilityOf(clause, count)) {
          const { comparison, rows, rowsToHold: needed, detectable } = found
          if (!found.canHold) add(diagnose(powerDiagnostics.cannotHold, span, { comparison, slice: on, rows, needed }))
          else if (!found.canFail) add(diagnose(powerDiagnostics.cannotFail, span, { comparison, slice: on, rows }))
          else if (detectable !== undefined)
            lines.push(
              `${clause.id} on ${on}: ${comparison} with ${rows} rows; ${detectable.toFixed(4)} is shown at 80 % power`,
            )
        }
      }
    }
  }
  return { diagnostics, lines }
}

const key = (relation: string, slice: string): string => JSON.stringify([relation, slice])

/** The data relation whose rows a relation has. */
function dataOf(program: Program, relation: string): string | undefined {
  const found = program.relations.find(({ name }) => name === relation)
  if (found?.kind !== 'data' && found?.kind !== 'model') return undefined
  return found.split === undefined ? found.dataset : `${found.dataset}.${found.split}`
}

/** Rows, and rows with a positive label, of every data relation and slice that a clause is asked of. A relation that cannot be read has none. */
async function rowCounts(context: CommandContext, program: Program): Promise<ReadonlyMap<string, RowCount>> {
  const counting = countingClauses(program)
  const counts = new Map<string, RowCount>()
  const request = {
    program: { ...program, clauses: counting },
    root: context.root,
    toolVersion: context.toolVersion,
    versions: { others: {} },
    files: new Map(),
  }
  for await (const statement of testProgram({ ...request, stages: ['data'], signal: context.signal })) {
    const [rows, positives] = termsOf(statement)
    if (rows === undefined) continue
    counts.set(key(statement.relation, statement.slice), { rows, ...(positives === undefined ? {} : { positives }) })
  }
  return counts
}

function termsOf(statement: Statement): readonly (number | undefined)[] {
  if (!('terms' in statement)) return []
  return (statement.terms ?? []).map(({ value }) =>
    typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined,
  )
}

/** Clauses that only count, one for each relation, with all slices that clauses ask it of. */
function countingClauses(program: Program): readonly Clause[] {
  const wanted = new Map<string, Map<string, Clause['slices'][number]>>()
  for (const clause of program.clauses) {
    if (clause.form !== 'must' && clause.form !== 'always') continue
    const compared = clause.must.terms.flatMap(({ args }) =>
      args.flatMap((arg) => (arg.kind === 'relation' ? [arg.relation] : [])),
    )
    const asked = clause.of.flatMap(({ relation }) => dataOf(program, relation) ?? [])
    for (const relation of compared)
      wanted.set(relation, (wanted.get(relation) ?? new Map()).set('all', { name: 'all', condition: null }))
    for (const relation of asked) {
      const slices = wanted.get(relation) ?? new Map()
      for (const slice of clause.slices) slices.set(slice.name, slice)
      wanted.set(relation, slices)
    }
  }
  return [...wanted].map(([relation, slices], i) => counting(program, relation, [...slices.values()], i))
}

function counting(program: Program, relation: string, slices: Clause['slices'], index: number): MustClause {
  const dataset = program.datasets.find(({ name }) => relation === name || relation.startsWith(`${name}.`))
  const label = dataset?.columns.find(({ name }) => name === dataset.label)
  const isPositive: Expr | undefined =
    label?.type.kind === 'bool' ? { node: 'column', name: label.name, type: label.type } : undefined
  const count = { fn: 'count', args: [], type: { kind: 'int' }, estimates: 'rows' } as const
  const zero: Expr = { node: 'literal', type: { kind: 'int' }, value: '0' }
  return {
    id: `rows-${index}`,
    says: '',
    severity: 'info',
    origin: 'built-in',
    of: [{ relation, stage: 'data' }],
    slices,
    meets: [],
    hazards: [],
    allowEmpty: true,
    place: { file: '', line: 1, column: 1 },
    models: [],
    digest: `sha256:${'0'.repeat(64)}`,
    form: 'must',
    text: 'count() >= 0',
    confidence: 'none',
    must: {
      condition: { node: 'comparison', index: 0, type: { kind: 'bool' } },
      comparisons: [
        {
          op: '>=',
          left: { node: 'term', index: 0, type: { kind: 'int' } },
          right: zero,
          expression: 'count() >= 0',
          estimated: false,
        },
      ],
      terms: [
        { ...count, expression: 'count()' },
        ...(isPositive === undefined ? [] : [{ ...count, where: isPositive, expression: 'count() where positive' }]),
      ],
    },
  }
}
