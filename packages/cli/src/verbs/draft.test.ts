import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaJudge } from '../../../../tests/support/schemas.ts'
import { csvOf, orders } from '../../../engine/src/draft/testing/population.ts'
import { plumbAside } from '../../../../tests/support/plumb.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-draft-verb-'))
  await writeFile(join(root, 'orders.csv'), csvOf(orders(600, 'verb')))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const plumb = (...args: readonly string[]) => plumbAside(root, ...args)

describe('plumb draft', () => {
  test('writes a spec that passes check and test, and says what each clause rests on', async () => {
    const drafted = await plumb('draft', 'orders.csv')
    expect(drafted).toMatchObject({ code: 0, err: '' })
    expect(drafted.out).toContain('orders.csv  600 rows')
    expect(drafted.out).toMatch(/\d+ clauses that the rows support/)
    expect(await readFile(join(root, 'plumb.yaml'), 'utf8')).toMatch(/every: net \+ tax == total\n[^]*rationale: /)
    expect((await plumb('check')).code).toBe(0)
    const tested = await plumb('test')
    expect(tested.code).toBe(0)
    expect(tested.out).toMatch(/\d+ satisfied in/)
    expect(tested.out).not.toMatch(/violated [^o]|inconclusive/)
  })

  test('as JSON, by its published schema; and never over what is there', async () => {
    const again = await plumb('draft', 'orders.csv')
    expect(again.code).toBe(2)
    expect(again.err).toContain('draft/spec-exists')
    const drafted = await plumb('--json', '--spec', 'other.plumb.yaml', 'draft', 'orders.csv')
    expect(drafted.code).toBe(0)
    const json = JSON.parse(drafted.out) as { datasets: { clauses: { id: string; support?: object }[] }[] }
    expect(schemaJudge()('draft', json)).toEqual([])
    expect(json.datasets[0]?.clauses.find(({ id }) => id === 'mean-net')?.support).toMatchObject({
      of: 'value',
      resamples: { of: 400, kind: 'bootstrap' },
    })
  })

  test('a file that is not there', async () => {
    const gone = await plumb('draft', 'nothing.csv', '--force')
    expect(gone.code).toBe(2)
    expect(gone.err).toContain('nothing.csv')
  })
})
