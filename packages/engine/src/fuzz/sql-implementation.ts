import {
  type RowAnswer,
  answerText,
  type Batch,
  type Expr,
  type Implementation,
  join,
  type List,
  type RecordValue,
  render,
  type RowColumn,
  sameValue,
  type ScalarKind,
  type Sql,
  sql,
  type Type,
} from '@plumbline/core'
import type { CellOptions, SqlCell, SqlDatabase } from './sql-database.ts'

/** How often, beside the plain question. */
export interface SqlEffort {
  /** Rows of a batch whose cells are also written into the statement as constants, all or every other of them. */
  readonly folded: number
  /** How many conditions of a batch are also asked in WHERE, each in a scan of its own; default all. */
  readonly filtered?: number
  /** How many expressions are asked in one statement; default all. A database may plan many for longer than several times a few. */
  readonly atOnce?: number
}

const whole = (database: SqlDatabase, value: number): Sql => database.literal('int', BigInt(value))
const place = (database: SqlDatabase): Sql => database.identifier('row number')

/** A database as an implementation of the language. Statements run one after another on its one connection. */
export function sqlImplementation(database: SqlDatabase, effort: SqlEffort): Implementation {
  return {
    name: database.name,
    errors: 'missing',
    refuses: (expr) => {
      const support = database.support(expr)
      return support.supported ? undefined : support.reason
    },
    cannotHold: (cell) => database.cannotHold(cell),
    answers: async (batch) => {
      const answers = await answersOn(database, batch, effort)
      for (const [i, expr] of batch.exprs.entries())
        answers[i] = await withRowsTold(database, batch, expr, answers[i] ?? [], effort)
      return answers
    },
    code: (expr) => render(database.value(expr, { column: database.identifier })),
  }
}

async function answersOn(database: SqlDatabase, batch: Batch, effort: SqlEffort): Promise<RowAnswer[][]> {
  for (const statement of tableSql(database, batch)) await database.query(statement)
  return answersOf(database, batch, batch.exprs, effort)
}

/** Where a whole statement raised, or counted otherwise, every row is broken: each is asked alone, to tell which one it is. */
async function withRowsTold(
  database: SqlDatabase,
  { columns, rows }: Batch,
  expr: Expr,
  answers: RowAnswer[],
  effort: SqlEffort,
): Promise<RowAnswer[]> {
  if (rows.length < 2 || answers.some((answer) => !('broken' in answer))) return answers
  const alone: RowAnswer[] = []
  for (const row of rows) {
    const [[answer] = []] = await answersOn(database, { columns, exprs: [expr], rows: [row] }, effort)
    alone.push(answer ?? { broken: 'no answer' })
  }
  return alone.some((answer) => 'broken' in answer) ? alone : answers
}

/** The table as stored, and the relation `r` that expressions read. */
function tableSql(database: SqlDatabase, { columns, rows }: Batch): readonly Sql[] {
  const names = columns.map(({ name }) => database.identifier(name))
  const values = rows.map(
    (row, i) =>
      sql`(${join([whole(database, i), ...columns.map((column) => storedSql(database, column, row))], sql`, `)})`,
  )
  const cells = columns.map((column, i) => sql`${readSql(database, column, names[i] as Sql)} AS ${names[i] as Sql}`)
  const kept = sql`SELECT * FROM (VALUES ${join(values, sql`, `)}) AS t(${join([place(database), ...names], sql`, `)})`
  const read = sql`SELECT ${join([place(database), ...cells], sql`, `)} FROM stored`
  return [
    sql`DROP VIEW IF EXISTS r`,
    sql`DROP TABLE IF EXISTS stored`,
    database.stored?.(kept) ?? sql`CREATE TEMP TABLE stored AS ${kept}`,
    database.viewed?.(read) ?? sql`CREATE TEMP VIEW r AS ${read}`,
  ]
}

function storedSql(database: SqlDatabase, { name, kind, list }: RowColumn, row: RecordValue): Sql {
  const cell = row.get(name) ?? null
  const type = database.types[kind]
  if (list === undefined) return sql`CAST(${database.literal(kind, cell)} AS ${type})`
  const elements = cell === null ? [] : (cell as List).list.map((each) => database.literal(kind, each))
  const lists = database.listOf?.(type) ?? sql`${type}[]`
  return sql`CAST(${cell === null ? sql`NULL` : database.list(join(elements, sql`, `))} AS ${lists})`
}

/** Elements of lists are never missing: there is nothing to make of them. */
const readSql = (database: SqlDatabase, { kind, list }: RowColumn, stored: Sql): Sql =>
  list === undefined ? database.cell(stored, kind) : stored

const kindOf = (type: Type): ScalarKind => type.kind as ScalarKind
const inRow = (database: SqlDatabase): CellOptions => ({ column: (name) => sql`r.${database.identifier(name)}` })

async function answersOf(
  database: SqlDatabase,
  batch: Batch,
  exprs: readonly Expr[],
  effort: SqlEffort,
): Promise<RowAnswer[][]> {
  const { rows } = batch
  const { atOnce = exprs.length } = effort
  if (exprs.length > atOnce) {
    const parts: RowAnswer[][][] = []
    for (let first = 0; first < exprs.length; first += atOnce)
      parts.push(await answersOf(database, batch, exprs.slice(first, first + atOnce), effort))
    return parts.flat()
  }
  try {
    const found = await database.query(
      sql`SELECT ${columnsOf(database, exprs, inRow(database))} FROM r ORDER BY ${place(database)}`,
    )
    const answers = exprs.map((expr, i) =>
      rows.map((_, row) => answer(found[row]?.[2 * i], found[row]?.[2 * i + 1], expr.type)),
    )
    await countsAgree(database, exprs, answers, effort.filtered)
    await constantsAgree(database, batch, exprs, answers, effort.folded)
    return answers
  } catch (cause) {
    // One expression raised: find it, so that the others are still compared.
    if (exprs.length === 1) return [rows.map(() => ({ broken: String(cause).slice(0, 300) }))]
    const middle = exprs.length >> 1
    const left = await answersOf(database, batch, exprs.slice(0, middle), effort)
    return [...left, ...(await answersOf(database, batch, exprs.slice(middle), effort))]
  }
}

const columnsOf = (database: SqlDatabase, exprs: readonly Expr[], options: CellOptions): Sql =>
  join(
    exprs.flatMap((expr, i) => [
      sql`${database.shown(database.value(expr, options), kindOf(expr.type))} AS ${database.identifier(`e${i}`)}`,
      sql`${database.endsInMissing(expr, options)} AS ${database.identifier(`m${i}`)}`,
    ]),
    sql`, `,
  )

const EXPECTED: Readonly<Record<ScalarKind, string>> = {
  bool: 'boolean',
  double: 'number',
  string: 'string',
  int: 'bigint',
  timestamp: 'bigint',
  duration: 'bigint',
}

function answer(value: SqlCell | undefined, missing: SqlCell | undefined, type: Type): RowAnswer {
  if (typeof missing !== 'boolean') return { broken: `endsInMissing is ${String(missing)}` }
  if (value === null) return { error: missing ? 'missing' : 'other' }
  if (missing) return { broken: 'a value that ends in missing' }
  if (typeof value !== EXPECTED[kindOf(type)])
    return { broken: `${type.kind} came as ${typeof value} ${String(value)}` }
  return { value: value as bigint }
}

/** The same conditions where an engine uses them, in FILTER and WHERE: there an optimizer has other rules. */
async function countsAgree(
  database: SqlDatabase,
  exprs: readonly Expr[],
  answers: RowAnswer[][],
  filtered = exprs.length,
): Promise<void> {
  const conditions = exprs.flatMap((expr, i) =>
    expr.type.kind === 'bool' ? [{ i, condition: database.value(expr, inRow(database)) }] : [],
  )
  if (conditions.length === 0) return
  const filters = conditions.flatMap(({ condition }) => [
    sql`count(*) FILTER (WHERE ${condition})`,
    sql`count(*) FILTER (WHERE NOT ${condition})`,
  ])
  const wheres = conditions
    .slice(0, filtered)
    .map(({ condition }, k) => sql`SELECT ${whole(database, k)} AS place, count(*) AS n FROM r WHERE ${condition}`)
  const [counts] = await database.query(sql`SELECT ${join(filters, sql`, `)} FROM r`)
  // By their place: what ORDER BY behind a union sorts is not the same everywhere.
  const selected = wheres.length === 0 ? [] : await database.query(join(wheres, sql` UNION ALL `))
  const rowsWhere = new Map(selected.map(([at, n]) => [Number(at), n]))
  conditions.forEach(({ i }, k) => {
    const column = answers[i] ?? []
    const count = (truth: boolean) => column.filter((row) => 'value' in row && row.value === truth).length
    const inWhere = k < wheres.length ? rowsWhere.get(k) : count(true)
    const expected = [count(true), count(false), count(true)].join('/')
    const found = [counts?.[2 * k], counts?.[2 * k + 1], inWhere].join('/')
    if (found === expected || column.some((row) => 'broken' in row)) return
    answers[i] = column.map(() => ({ broken: `FILTER, FILTER NOT, WHERE count ${found}; SELECT ${expected}` }))
  })
}

/**
 * The same rows with all, or every other, of their cells written into the statement: what is constant is evaluated when
 * the database plans, also in branches that no row takes.
 */
async function constantsAgree(
  database: SqlDatabase,
  { columns, rows }: Batch,
  exprs: readonly Expr[],
  answers: RowAnswer[][],
  folded: number,
): Promise<void> {
  for (const [at, row] of rows.slice(0, folded).entries()) {
    const written = columns.filter(
      ({ name, list }, i) =>
        // An element of a NULL that is written as a list has no type in DuckDB. No clause writes one: lists are columns.
        (list === undefined || (row.get(name) ?? null) !== null) && (at % 3 === 0 || i % 2 === at % 2),
    )
    const constants = new Map(
      written.map((column) => [column.name, readSql(database, column, storedSql(database, column, row))]),
    )
    const column = (of: string): Sql => constants.get(of) ?? inRow(database).column(of)
    const [found] = await database.query(
      sql`SELECT ${columnsOf(database, exprs, { column })} FROM r WHERE ${place(database)} = ${whole(database, at)}`,
    )
    exprs.forEach((expr, i) => {
      const constant = answer(found?.[2 * i], found?.[2 * i + 1], expr.type)
      const usual = answers[i]?.[at]
      if (usual === undefined || 'broken' in usual || sameAnswer(constant, usual)) return
      answers[i] = rows.map(() => ({
        broken: `constants give ${answerText(constant)}, cells ${answerText(usual)} (row ${at + 1})`,
      }))
    })
  }
}

function sameAnswer(a: RowAnswer, b: RowAnswer): boolean {
  if ('value' in a || 'value' in b) return 'value' in a && 'value' in b && sameValue(a.value, b.value)
  return 'error' in a && 'error' in b && a.error === b.error
}
