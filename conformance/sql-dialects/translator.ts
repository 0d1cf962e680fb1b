import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const PYTHON = join(import.meta.dirname, '../../.work/clickhouse/bin/python')

/** Another reader of SQL (sqlglot), in a process of Python's. */
export interface Translator {
  /** A statement of a dialect as DuckDB says it; rejects what cannot be parsed. */
  toDuckdb(dialect: string, statement: string): Promise<string>
  close(): Promise<void>
}

/** Starts it. */
export function startTranslator(): Translator {
  const child = spawn(PYTHON, [join(import.meta.dirname, 'translate.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  return {
    async toDuckdb(dialect, statement) {
      child.stdin.write(`${JSON.stringify([dialect, statement])}\n`)
      const { value, done } = await lines.next()
      if (done === true) throw new Error('The translator has ended.')
      const answer = JSON.parse(value) as { readonly sql: string } | { readonly error: string }
      if ('error' in answer) throw new Error(`${dialect}: ${answer.error}`)
      return answer.sql
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
