import { type DataFault, integerLiteral, type ProgramColumn, type Sql, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read, unreadable } from '../relations/failure.ts'
import { cellOf, misfitOf, type RowTable } from './base-data.ts'
import { asColumn, codeLiteral, drawn, inSplit, MUTANT, picked, projection, type Rewritten } from './row-sql.ts'

/** Rows with a fault in them, and how many of them differ from those without. */
export interface Mutated {
  readonly rows: RowTable
  readonly changed: number
}

/** Plants a fault in a copy of the rows. */
export async function plantInData(
  session: Session,
  base: RowTable,
  fault: DataFault,
  seed: string,
): Promise<Read<Mutated>> {
  return fault.wholeRows ? changeRows(session, base, fault, seed) : changeCells(session, base, fault, seed)
}

/** Writes some columns otherwise and counts the rows in which that changed something. */
export async function rewrite(
  session: Session,
  base: RowTable,
  rewritten: Rewritten,
  from: Sql = base.table,
): Promise<Read<Mutated>> {
  const misfits = new Set([...base.misfits, ...(rewritten.misfits?.keys() ?? [])])
  const made = await session.query(
    sql`CREATE OR REPLACE TEMP TABLE ${MUTANT} AS SELECT "row", ${projection(base, rewritten)} FROM ${from}`,
  )
  if (!made.ok) return unreadable('source-unreadable', made.error.cause)
  const differs = [...rewritten.cells.keys()].map(
    (name) => sql`b.${cellOf(base, name)} IS DISTINCT FROM m.${cellOf(base, name)}`,
  )
  const counted = await session.query(
    sql`SELECT count(*) AS "n" FROM ${base.table} b JOIN ${MUTANT} m ON b."row" = m."row" WHERE ${or(differs)}`,
  )
  if (!counted.ok) return unreadable('source-unreadable', counted.error.cause)
  return found({ rows: { ...base, table: MUTANT, misfits }, changed: Number(counted.value.columns.get('n')?.[0] ?? 0) })
}

const or = (conditions: readonly Sql[]): Sql =>
  conditions.reduce((all, each, i) => (i === 0 ? each : sql`${all} OR ${each}`), sql`FALSE`)

function changeCells(session: Session, base: RowTable, fault: DataFault, seed: string): Promise<Read<Mutated>> {
  const [name = '', other = ''] = fault.columns
  const column = base.dataset.columns.find((each) => each.name === name)
  if (column === undefined || fault.columns.some((each) => !base.columns.includes(each)))
    return Promise.resolve(unreadable('column-missing', `The column ${name} could not be read.`))
  const cell = cellOf(base, name)
  const here = picked(seed, fault.share)
  const only = (changed: Sql): Rewritten => ({ cells: new Map([[name, changed]]) })
  const rewritten = (): Rewritten => {
    switch (fault.operator) {
      case 'null-burst':
        return only(sql`CASE WHEN ${here} THEN NULL ELSE ${cell} END`)
      case 'unit-change':
        return only(asColumn(column, sql`CAST(${cell} AS DOUBLE) * 1000`))
      case 'category-swap': {
        const [a = 0, b = 0] = fault.codes ?? []
        const [left, right] = [codeLiteral(column, a), codeLiteral(column, b)]
        return only(
          sql`CASE WHEN ${cell} = ${left} THEN ${right} WHEN ${cell} = ${right} THEN ${left} ELSE ${cell} END`,
        )
      }
      case 'column-shift': {
        const misfit = (each: string): Sql =>
          base.misfits.has(each) ? misfitOf(base, each) : sql`CAST(NULL AS VARCHAR)`
        const moved = base.misfits.has(name) || base.misfits.has(other)
        return {
          cells: new Map([
            [name, cellOf(base, other)],
            [other, cell],
          ]),
          ...(moved
            ? {
                misfits: new Map([
                  [name, misfit(other)],
                  [other, misfit(name)],
                ]),
              }
            : {}),
        }
      }
      case 'encoding': {
        const before = base.misfits.has(name) ? misfitOf(base, name) : sql`CAST(NULL AS VARCHAR)`
        return {
          ...only(sql`CASE WHEN ${here} THEN NULL ELSE ${cell} END`),
          misfits: new Map([
            [
              name,
              sql`CASE WHEN ${here} AND ${cell} IS NOT NULL THEN concat(CAST(${cell} AS VARCHAR), ',0') ELSE ${before} END`,
            ],
          ]),
        }
      }
      case 'label-flip':
        return only(sql`CASE WHEN ${here} THEN ${wrongLabel(base, column)} ELSE ${cell} END`)
      case 'label-leak': {
        const quantile = (q: Sql): Sql => sql`(SELECT quantile_disc(${cell}, ${q}) FROM ${base.table})`
        const known = isHigh(base, other)
        return only(sql`CASE WHEN ${known} THEN ${quantile(sql`0.9`)} ELSE ${quantile(sql`0.1`)} END`)
      }
      default:
        return { cells: new Map() }
    }
  }
  return rewrite(session, base, rewritten())
}

/** Another label than the row's: the opposite, the next code, or the number as far from the other end of the range of labels. */
function wrongLabel(base: RowTable, column: ProgramColumn): Sql {
  const cell = cellOf(base, column.name)
  if (column.type.kind === 'bool') return sql`NOT ${cell}`
  const codes = column.values?.map(({ code }) => code)
  if (codes === undefined) {
    const ends = sql`(SELECT CAST(min(${cell}) AS DOUBLE) + max(${cell}) FROM ${base.table})`
    return asColumn(column, sql`${ends} - ${cell}`)
  }
  const cases = codes.map((code, i) => {
    const next = codes[(i + 1) % codes.length] ?? code
    return sql`WHEN ${cell} = ${codeLiteral(column, code)} THEN ${codeLiteral(column, next)}`
  })
  return sql`CASE ${cases.reduce((all, each) => sql`${all} ${each}`)} ELSE ${cell} END`
}

/** Rows whose label is true, the first code, or above the middle. */
function isHigh(base: RowTable, name: string): Sql {
  const column = base.dataset.columns.find((each) => each.name === name)
  const cell = cellOf(base, name)
  const [first] = column?.values ?? []
  if (column === undefined || column.type.kind === 'bool') return cell
  if (first !== undefined) return sql`${cell} = ${codeLiteral(column, first.code)}`
  return sql`${cell} > (SELECT median(${cell}) FROM ${base.table})`
}

async function changeRows(session: Session, base: RowTable, fault: DataFault, seed: string): Promise<Read<Mutated>> {
  const source = rowsOf(base, fault, seed)
  if (source === undefined) return unreadable('column-missing', 'A column of the fault could not be read.')
  const made = await session.query(
    // Models answer by row: each one has a place of its own.
    sql`CREATE OR REPLACE TEMP TABLE ${MUTANT} AS SELECT * EXCLUDE ("row", "part"), row_number() OVER (ORDER BY "part", "row") AS "row" FROM (${source})`,
  )
  if (!made.ok) return unreadable('source-unreadable', made.error.cause)
  const [, to = ''] = fault.splits ?? []
  const replaced = fault.operator === 'stale-partition' ? sql`count_if(${inSplit(base, to)})` : sql`count(*)`
  const counted = await session.query(
    sql`SELECT (SELECT count(*) FROM ${MUTANT}) AS "after", (SELECT count(*) FROM ${base.table}) AS "before", (SELECT ${replaced} FROM ${base.table}) AS "replaced"`,
  )
  if (!counted.ok) return unreadable('source-unreadable', counted.error.cause)
  const number = (name: string): number => Number(counted.value.columns.get(name)?.[0] ?? 0)
  const changed =
    fault.operator === 'stale-partition' ? number('replaced') : Math.abs(number('after') - number('before'))
  return found({ rows: { ...base, table: MUTANT }, changed })
}

/** The rows with the fault in them: `part` says which come after which. */
function rowsOf(base: RowTable, { operator, columns, codes, splits, share }: DataFault, seed: string): Sql | undefined {
  const [name = ''] = columns
  if (columns.some((each) => !base.columns.includes(each))) return undefined
  const cell = name === '' ? sql`NULL` : cellOf(base, name)
  const part = (n: bigint, rows: Sql): Sql => sql`SELECT ${integerLiteral(n)} AS "part", ${rows}`
  const all = sql`* FROM ${base.table}`
  switch (operator) {
    case 'duplicates':
      return sql`${part(0n, all)} UNION ALL ${part(1n, sql`${all} WHERE ${picked(seed, share)}`)}`
    case 'sampling-bias':
      return part(
        0n,
        sql`${all} WHERE NOT coalesce(${cell} > (SELECT median(${cell}) FROM ${base.table}) AND ${picked(seed, share)}, FALSE)`,
      )
    case 'slice-drop': {
      const column = base.dataset.columns.find((each) => each.name === name)
      const [code] = codes ?? []
      if (column === undefined || code === undefined) return undefined
      return part(0n, sql`${all} WHERE ${cell} IS DISTINCT FROM ${codeLiteral(column, code)}`)
    }
    case 'key-overlap': {
      const [from = '', to = ''] = splits ?? []
      const copied = sql`${movedTo(base, to)} FROM ${base.table} WHERE ${inSplit(base, from)} AND ${picked(seed, share)}`
      return sql`${part(0n, all)} UNION ALL BY NAME ${part(1n, copied)}`
    }
    case 'stale-partition': {
      const [from = '', to = ''] = splits ?? []
      const size = sql`(SELECT count_if(${inSplit(base, to)}) FROM ${base.table})`
      const copied = sql`${movedTo(base, to)} FROM (SELECT * FROM ${base.table} WHERE ${inSplit(base, from)} ORDER BY ${drawn(seed)} LIMIT ${size})`
      return sql`${part(0n, sql`${all} WHERE NOT ${inSplit(base, to)}`)} UNION ALL BY NAME ${part(1n, copied)}`
    }
    default:
      return undefined
  }
}

/** The columns of a row that has been moved to another split: what tells splits apart is that of the other one. */
function movedTo(base: RowTable, split: string): Sql {
  const told = base.dataset.columns.filter(({ role, name }) => role === 'split' && base.columns.includes(name))
  const cells = told.map(({ name }): [string, Sql] => [
    name,
    sql`(SELECT first(${cellOf(base, name)} ORDER BY "row") FROM ${base.table} WHERE ${inSplit(base, split)})`,
  ])
  return sql`"row", ${projection(base, { cells: new Map(cells) })}`
}
