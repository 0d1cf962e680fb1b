import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaJudge } from '../../../../tests/support/schemas.ts'
import { plumbAside } from '../../../../tests/support/plumb.ts'

const CASE = fileURLToPath(new URL('../../../../conformance/export/orders', import.meta.url))

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-emit-'))
  await cp(join(CASE, 'plumb.yaml'), join(root, 'plumb.yaml'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const plumb = (...args: readonly string[]) => plumbAside(root, ...args)

describe('plumb emit', () => {
  test('the file on standard output, the gaps beside it', async () => {
    const { code, out, err } = await plumb('emit', '--to', 'great-expectations')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual(JSON.parse(await readFile(join(CASE, 'great-expectations.json'), 'utf8')))
    expect(err).toMatch(/clauses are said alike\n\nCannot be said there \(\d+\)\n/)
    expect(err).toContain('No expectation asks whether a cell is found in another table.\n    customer-known')
  })

  test('a file, an exit code for gaps, JSON by its schema', async () => {
    const written = await plumb('--json', 'emit', '--to', 'dbt', '--out', 'schema.yml', '--exit-code')
    expect(written.code).toBe(1)
    const json = JSON.parse(written.out) as { counts: { refused: number }; out: string }
    expect(schemaJudge()('emit', json)).toEqual([])
    expect(json).toMatchObject({ out: 'schema.yml' })
    expect(await readFile(join(root, 'schema.yml'), 'utf8')).toBe(await readFile(join(CASE, 'dbt.yml'), 'utf8'))
  })

  test('a tool that is not known, a dataset that is not there', async () => {
    expect((await plumb('emit', '--to', 'excel')).code).toBe(2)
    const gone = await plumb('emit', '--to', 'odcs', '--data', 'nothing')
    expect(gone.code).toBe(2)
    expect(gone.err).toContain('Name one of: orders, customers')
  })
})
