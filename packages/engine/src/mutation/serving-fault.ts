import { floatLiteral, type ServingFault, sql } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { type Read, unreadable } from '../relations/failure.ts'
import { cellOf, type RowTable } from './base-data.ts'
import { type Mutated, rewrite } from './data-fault.ts'
import { asColumn, drawn, picked } from './row-sql.ts'

/** Plants a fault between the request and the model: what the model gets, and the log of requests holds, is not what was meant. */
export function plantInServing(
  session: Session,
  base: RowTable,
  fault: ServingFault,
  seed: string,
): Promise<Read<Mutated>> {
  const [name = ''] = fault.columns
  const column = base.dataset.columns.find((each) => each.name === name)
  if (column === undefined || !base.columns.includes(name))
    return Promise.resolve(unreadable('column-missing', `The column ${name} could not be read.`))
  const cell = cellOf(base, name)
  switch (fault.operator) {
    case 'skew':
      return rewrite(session, base, {
        cells: new Map([[name, asColumn(column, sql`CAST(${cell} AS DOUBLE) * ${floatLiteral(fault.amount ?? 1)}`)]]),
      })
    case 'default-fill': {
      const zero = asColumn(column, sql`0`)
      return rewrite(session, base, {
        cells: new Map([[name, sql`CASE WHEN ${picked(seed, fault.share)} THEN ${zero} ELSE ${cell} END`]]),
      })
    }
    case 'stale-feature': {
      const shuffled = sql`(SELECT b.*, o."other" FROM (SELECT *, row_number() OVER (ORDER BY "row") AS "place" FROM ${base.table}) b JOIN (SELECT ${cell} AS "other", row_number() OVER (ORDER BY ${drawn(seed)}, "row") AS "place" FROM ${base.table}) o ON b."place" = o."place")`
      return rewrite(session, base, { cells: new Map([[name, sql`"other"`]]) }, shuffled)
    }
  }
}
