import { integerLiteral, join, sql, type TimeWindow, windowAt } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'
import { found, type Read } from '../relations/failure.ts'
import type { OpenRelation } from '../relations/relation.ts'
import { notRead } from '../requests/request-summary.ts'
import { spanOf } from './arrivals.ts'
import { SERVED_ROWS, VERSION, versionOf } from './versions.ts'

/** How many labels the rows of a version in a window have. */
export interface LabelCount {
  readonly window: TimeWindow
  readonly version: string | null
  readonly served: number
  readonly labelled: number
}

/** Counts the labels of all windows of a width in a span of time, by version; `within` = how long after its end a window takes labels. */
export async function countLabels(
  session: Session,
  { from }: OpenRelation,
  width: number,
  within: number,
): Promise<Read<readonly LabelCount[]>> {
  const span = spanOf(sql`epoch_us("_at")`, width)
  const until = sql`make_timestamp("span" + ${integerLiteral(BigInt(width + within))})`
  const counted = await session.query(
    sql`SELECT "span", ${VERSION}, count(*) AS "served", count_if("label" IS NOT NULL AND "label_at" <= ${until}) AS "labelled"
        FROM (SELECT ${join(
          ['_guard', 'label', 'label_at'].map((name) => sql`${column(name)}`),
          sql`, `,
        )},
                ${span} AS "span", ${versionOf(span)} AS ${VERSION} FROM ${from})
        WHERE ${SERVED_ROWS} GROUP BY "span", ${VERSION} ORDER BY "span", ${VERSION}`,
  )
  if (!counted.ok) return notRead(counted.error)
  const cells = (name: string) => counted.value.columns.get(name) ?? []
  return found(
    cells('span').map((at, i) => ({
      window: windowAt(width, Number(at)),
      version: cells('version')[i] === null ? null : String(cells('version')[i]),
      served: Number(cells('served')[i] ?? 0),
      labelled: Number(cells('labelled')[i] ?? 0),
    })),
  )
}

function column(name: string) {
  return name === '_guard' ? sql`"_guard"` : name === 'label' ? sql`"label"` : sql`"label_at"`
}
