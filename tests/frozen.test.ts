import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, type Evidence, type JsonObject, reviveTags, statementIdentity } from '@plumbline/core'
import { describe, expect, test } from 'vitest'
import { parseLine } from '../packages/store/src/ledger/record.ts'
import { ROOT } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const folder = join(ROOT, 'tests', 'frozen')
const versions = readdirSync(folder).filter((f) => f.endsWith('.jsonl'))
const linesOf = (file: string): readonly string[] => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')

/** The evidence of a record, as `plumb` itself reads it. */
const evidenceIn = (body: JsonObject): Evidence => reviveTags(body['evidence'] ?? null) as unknown as Evidence

test('there are frozen records, of every form and of most verdicts', () => {
  expect(versions.length).toBeGreaterThan(0)
  const statements = versions.flatMap(linesOf).flatMap((line) => {
    const { body } = JSON.parse(line) as { readonly body: JsonObject }
    return body['kind'] === 'evidence' ? [evidenceIn(body).statement] : []
  })
  expect(new Set(statements.map((s) => s.form))).toEqual(new Set(['every', 'must', 'forall']))
  expect(new Set(statements.map((s) => s.verdict)).size).toBeGreaterThanOrEqual(4)
})

describe.each(versions)('records of %s', (file) => {
  const judge = schemaJudge()

  test('every byte is what its digest says', () => {
    for (const line of linesOf(file)) expect(parseLine(new TextEncoder().encode(line))).toMatchObject({ v: 1 })
    const changed = linesOf(file)[0]?.replace('"kind":"', '"kind":"x') ?? ''
    expect(parseLine(new TextEncoder().encode(changed))).toMatchObject({ kind: 'changed' })
  })

  test('they fit the schemas of today, and evidence keeps its id', () => {
    for (const line of linesOf(file)) {
      const record = JSON.parse(line) as { readonly body: JsonObject }
      expect(judge('ledger-record', record)).toEqual([])
      if (record.body['kind'] !== 'evidence') continue
      const evidence = evidenceIn(record.body)
      expect(statementIdentity(evidence.statement)).toBe(evidence.id)
      // Read and written again it is the same bytes, whatever numbers it holds.
      expect(canonicalJson(evidence)).toBe(canonicalJson(record.body['evidence']))
    }
  })
})
