import { type Expr, identifier, type ProgramColumn, type Sql, sql } from '@plumbline/core'
import type { ReadFailure } from '../relations/failure.ts'
import type { OpenRelation, RelationColumn } from '../relations/relation.ts'
import { SERVED } from './columns.ts'
import type { DeclaredRequests } from './request-columns.ts'
import type { RowsWanted } from './request-rows.ts'
import { LABEL_CELLS, tableColumns } from './request-table.ts'

/** Rows that were read into a table, and what was found out about them. */
export interface ReadRows {
  readonly declared: DeclaredRequests
  readonly table: Sql
  readonly wanted: RowsWanted
  readonly digests: { readonly rows: string; readonly labels: string }
  /** By place of the column: whether any cell came as something else than its type. */
  readonly withMisfits: readonly boolean[]
  readonly labelFailure: ReadFailure | undefined
  /** Digests of the versions that answered. */
  readonly versions: readonly string[]
}

/** The relation `requests` over the rows that were read. */
export function relationOf(read: ReadRows): OpenRelation {
  const { declared, table, wanted, digests } = read
  const { label, own } = declared
  const columns = new Map<string, RelationColumn>()
  tableColumns(declared).forEach(({ column, cell, misfit }, i) => {
    const noted = read.withMisfits[i] === true ? { misfit, misfitIsMissing: true as const } : {}
    columns.set(column.name, { name: column.name, type: column.type, cell, ...noted })
  })
  for (const { name, type } of own) columns.set(name, { name, type, cell: identifier(name) })
  const failures = new Map<string, ReadFailure>()
  if (label !== undefined) {
    if (read.labelFailure === undefined)
      columns.set(label.name, { name: label.name, type: label.type, cell: LABEL_CELLS.label })
    else failures.set(label.name, read.labelFailure)
  }
  const all: readonly ProgramColumn[] = [
    ...declared.request,
    ...declared.answer,
    ...(label === undefined ? [] : [label]),
    ...own,
  ]
  const [version, ...others] = read.versions
  return {
    name: 'requests',
    from: table,
    numbered: sql`(SELECT *, rowid + 1 AS "row" FROM ${table})`,
    columnar: false,
    columns,
    failures,
    filter: wanted.served ? SERVED_ROWS : null,
    key: declared.key.filter((name) => columns.has(name)),
    declared: new Map(all.map((column) => [column.name, column])),
    digests: { requests: digests.rows, ...(wanted.labelled ? { 'monitor.labels': digests.labels } : {}) },
    models: version === undefined || others.length > 0 ? {} : { [declared.model.name]: version },
  }
}

const TEXT = { kind: 'string' } as const

/** `_guard in ["accepted", "flagged", "fallback"]`. */
const SERVED_ROWS: Expr = {
  node: 'in-list',
  type: { kind: 'bool' },
  operand: { node: 'column', name: '_guard', type: TEXT },
  elements: SERVED.map((value) => ({ node: 'literal', type: TEXT, value })),
}
