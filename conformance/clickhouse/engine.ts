import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { clickhouse, type Sql } from '@plumbline/core'
import { describe } from 'vitest'
import type { GeneratedRow } from '../../packages/core/src/fuzz/rows.ts'
import type { SqlCell } from '../../packages/engine/src/fuzz/sql-database.ts'
import { schema } from '../differential/schema.ts'

/** ClickHouse inside of a process of Python's. */
export interface ClickhouseEngine {
  query(statement: Sql): Promise<readonly (readonly SqlCell[])[]>
  close(): Promise<void>
}

const PYTHON = join(import.meta.dirname, '../../.work/clickhouse/bin/python')

/** Tests that ask ClickHouse: they are skipped, saying so, where it is not installed. */
export function describeWithClickhouse(title: string, tests: () => void): void {
  if (existsSync(join(PYTHON, '../../installed'))) describe(title, tests)
  else describe.skip(`${title} – skipped: tools/clickhouse/install.sh has installed nothing`, tests)
}

type Answer =
  | { readonly error: string }
  | { readonly types: readonly string[]; readonly rows: readonly (readonly unknown[])[] }

function cellOf(type: string, value: unknown): SqlCell {
  if (value === null) return null
  const plain = type.replace(/^Nullable\((.*)\)$/, '$1')
  if (plain === 'Bool') return value === true
  if (/^U?Int(8|16|32|64|128|256)$/.test(plain)) return BigInt(value as string | number)
  if (plain.startsWith('Float'))
    return value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value === 'nan' ? Number.NaN : Number(value)
  return String(value)
}

/** Starts it. */
export function startClickhouse(): ClickhouseEngine {
  const child = spawn(PYTHON, [join(import.meta.dirname, 'engine.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  return {
    async query(statement) {
      child.stdin.write(`${JSON.stringify(clickhouse.renderClickhouse(statement))}\n`)
      const { value, done } = await lines.next()
      if (done === true) throw new Error('ClickHouse has ended.')
      const answer = JSON.parse(value) as Answer
      if ('error' in answer) throw new Error(answer.error)
      return answer.rows.map((row) => row.map((cell, i) => cellOf(answer.types[i] ?? '', cell)))
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}

const lists = schema.flatMap(({ name, type }) => (type.kind === 'list' ? [name] : []))

/** A row as ClickHouse stores it: a list that is missing is empty there. */
export function storedRow(row: GeneratedRow): GeneratedRow {
  const cells = new Map(row.cells)
  for (const name of lists) cells.set(name, cells.get(name) ?? { list: [] })
  return { ...row, cells }
}
