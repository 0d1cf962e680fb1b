import type { ColumnInfo, RelationInfo } from '../../expr/environment.ts'
import type { Expr } from '../../expr/expr.ts'
import { readRow } from '../../expr/index.ts'
import { STRING, TIMESTAMP } from '../../expr/type.ts'

const text = (name: string): ColumnInfo => ({ name, columnType: 'text', type: STRING, optional: false })
const at: ColumnInfo = { name: 'at', columnType: 'timestamp', type: TIMESTAMP, optional: false }

/** The event stream as the checker sees it, with a free choice of kinds. */
export const SYSTEM: RelationInfo = {
  name: 'system',
  kind: 'system',
  columns: new Map([at, text('kind'), text('subject'), text('digest')].map((column) => [column.name, column])),
}

/** A condition over events from its text; throws what the checker finds fault with. */
export function eventExpr(written: string, clauses: readonly string[] = ['drift', 'ranks']): Expr {
  const place = { span: (start: number, end: number) => ({ file: 'test', start, end }) }
  const read = readRow(written, { scope: 'row', relation: SYSTEM, clauses: new Set(clauses) }, place)
  if (read.value === undefined) throw new Error(`${written}: ${JSON.stringify(read.diagnostics)}`)
  return read.value
}
