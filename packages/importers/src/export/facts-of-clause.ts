import type { Clause, EveryClause, Program, ProgramColumn } from '@plumbline/core'
import { factsOfCondition, columnsRead } from './facts-of-condition.ts'
import { factsOfMust } from './facts-of-must.ts'
import { toSql } from './sql.ts'
import type { ClauseFacts, Fact } from './fact.ts'

/** A clause in facts, or why it has none that another tool would know. */
export type Read = { readonly read: ClauseFacts } | { readonly refused: string }

/** Takes a clause apart. */
export function factsOfClause(clause: Clause, program: Program): Read {
  if (clause.form !== 'every' && clause.form !== 'must')
    return refused(`A clause of the form \`${clause.form}\` is about inputs or time, not about the rows of a table.`)
  const targets = clause.of.map(({ relation }) => program.relations.find(({ name }) => name === relation))
  const data = targets.find((target) => target?.kind === 'data')
  if (data === undefined || data.kind !== 'data') return refused('It is asked of a model, not of a table.')
  if (data.split !== undefined)
    return refused(`It is asked of the split ${data.split}, which tables elsewhere do not have.`)
  const odd = readOtherwise(clause, program, data.dataset)
  if (odd?.path !== undefined)
    return refused(
      `It reads \`${odd.name}\`, which stands elsewhere in the data (\`path\`); other tools know columns by their own names.`,
    )
  if (odd !== undefined)
    return refused(
      `It reads \`${odd.name}\`, whose times are written in a \`format\`; other tools see what stands there.`,
    )
  const aside = clause.form === 'every' && leavesGapsAside(clause)
  if (!aside && (clause.slices.length !== 1 || clause.slices[0]?.condition !== null))
    return refused('It is asked of slices, which are not written out for other tools.')
  const base = { id: clause.id, says: clause.says, severity: clause.severity, dataset: data.dataset }
  if (clause.form === 'must') {
    if (clause.confidence !== 'none' && clause.must.comparisons.some(({ estimated }) => estimated))
      return refused('It is decided on an interval; elsewhere a number is compared as it is.')
    const found = factsOfMust(clause.must)
    return 'refused' in found
      ? found
      : { read: { ...base, facts: found.facts, mostly: 1, required: [], passing: false } }
  }
  const { condition, missing, mostly } = clause
  const whole = { ...base, mostly: Number(mostly), required: [], passing: false }
  switch (condition.kind) {
    case 'castable':
      return { read: { ...whole, facts: [{ kind: 'type', column: condition.column }] } }
    case 'unique-key':
      return { read: { ...whole, facts: [{ kind: 'unique', columns: condition.columns, gaps: 'none' }] } }
    case 'expr': {
      const facts: readonly Fact[] | undefined = factsOfCondition(condition.expr)
      const sql = toSql(condition.expr)
      if (facts === undefined && sql === undefined)
        return refused('Its condition is neither a list of plain bounds nor one that plain SQL has.')
      const read = columnsRead(condition.expr)
      return {
        read: {
          ...whole,
          facts: facts ?? [],
          ...(sql === undefined ? {} : { condition: sql }),
          required: missing === 'fail' && !aside ? read : [],
          passing: missing === 'pass' && !aside,
        },
      }
    }
    default:
      return refused('It compares splits or replies of a model, which tables elsewhere do not have.')
  }
}

/** Whether the only slice is that of rows with every cell that the condition reads: the clause then leaves gaps aside. */
function leavesGapsAside({ slices, condition }: EveryClause): boolean {
  const [slice, ...more] = slices
  if (slice === undefined || slice.condition === null || more.length > 0 || condition.kind !== 'expr') return false
  const given = factsOfCondition(slice.condition)
  if (given === undefined || !given.every(({ kind }) => kind === 'present')) return false
  const names = new Set(given.flatMap((fact) => (fact.kind === 'present' ? [fact.column] : [])))
  const read = columnsRead(condition.expr)
  return names.size === read.length && read.every((name) => names.has(name))
}

/** A column that the clause reads and that is not under its own name, or not as its own type, in the data. */
function readOtherwise(clause: Clause, { datasets }: Program, dataset: string): ProgramColumn | undefined {
  const columns = datasets.find(({ name }) => name === dataset)?.columns ?? []
  const odd = new Map(
    columns.filter(({ path, format }) => (path ?? format) !== undefined).map((column) => [column.name, column]),
  )
  if (odd.size === 0) return undefined
  const read = (part: unknown): ProgramColumn | undefined => {
    if (typeof part !== 'object' || part === null) return undefined
    if (Array.isArray(part)) return firstOf(part, read)
    const { node, kind, name, column, columns: several } = part as Readonly<Record<string, unknown>>
    const named = [
      node === 'column' || kind === 'column' ? name : undefined,
      column,
      ...(Array.isArray(several) ? several : []),
    ]
    const found = firstOf(named, (each) => (typeof each === 'string' ? odd.get(each) : undefined))
    return found ?? firstOf(Object.values(part), read)
  }
  return read(clause.form === 'must' ? clause.must : clause)
}

function firstOf<T, R>(parts: readonly T[], read: (part: T) => R | undefined): R | undefined {
  for (const part of parts) {
    const found = read(part)
    if (found !== undefined) return found
  }
  return undefined
}

const refused = (because: string): Read => ({ refused: because })
