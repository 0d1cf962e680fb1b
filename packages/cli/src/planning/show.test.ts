import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schemaJudge } from '../../../../tests/support/schemas.ts'

const PLUMB = fileURLToPath(new URL('../../bin/plumb.js', import.meta.url))
const SPEC = `plumbline: 1
system: { name: plan, version: 1.0.0 }
data: { visits: { source: visits.csv, key: [id], columns: { id: { type: integer }, x: { type: number, range: [0, 5] } } } }
clauses: { middle: { of: visits, must: 'mean(x) < 4.0' } }
`

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-show-plan-'))
  await writeFile(join(root, 'plumb.yaml'), SPEC)
  await writeFile(join(root, 'visits.csv'), 'id,x\n1,2\n2,9\n')
})
afterAll(() => rm(root, { recursive: true, force: true }))

function plumb(...args: readonly string[]) {
  const done = spawnSync(process.execPath, [PLUMB, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

test('the plan is shown, nothing is run or written', () => {
  const { code, out, err } = plumb('test', '--plan')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.split('\n').slice(0, 4).join('\n')).toBe(`visits  data · visits.csv · about 2 rows · 7 clauses in 3 passes
   1  parse into a table of id, x, 13 B
      for visits.id.required, visits.id.type, visits.x.required, visits.x.type, visits.x.range, visits.key and 1 more
   2  scan of id, x, 7 questions, 32 B`)
  expect(out).toMatch(/3 passes over 1 relation; about \d+ cells are read\. Nothing was run\.\n$/)
  expect(existsSync(join(root, '.plumb'))).toBe(false)
})

test('the plan as JSON is what its schema says, of the clauses that are asked for', () => {
  const { code, out } = plumb('test', '--plan', '--clause', 'middle', '--json')
  expect(code).toBe(0)
  const plan = JSON.parse(out) as { readonly relations: readonly { readonly clauses: number }[] }
  expect(schemaJudge()('test-plan', plan)).toEqual([])
  expect(plan.relations).toMatchObject([{ clauses: 1, rows: 2 }])
})

test('of a glob: what is merged from files that were measured before, and what reads all rows', async () => {
  const spec = SPEC.replaceAll('visits.csv', 'days/*.csv').replace(
    'clauses: {',
    "clauses: { half: { of: visits, must: 'ascents(x) < 4' },",
  )
  await mkdir(join(root, 'days'))
  await writeFile(join(root, 'days.plumb.yaml'), spec)
  for (const day of [1, 2]) await writeFile(join(root, 'days', `${day}.csv`), `id,x\n${day},2\n${day}0,3\n`)
  const days = ['test', '--stage', 'data', '--spec', 'days.plumb.yaml']
  const before = plumb(...days, '--plan')
  expect(before).toMatchObject({ code: 0, err: '' })
  expect(before.out).toContain('7 clauses merged from 2 files, 0 of them as measured before')
  expect(before.out).toMatch(/half reads all rows: .*`ascents\(x\)`/)
  expect(plumb(...days)).toMatchObject({
    err: expect.stringContaining('2 files, of which 2 were measured now; 7 of 8'),
  })
  expect(plumb(...days)).toMatchObject({
    err: expect.stringContaining('2 files, of which 0 were measured now; 7 of 8'),
  })
  const { out } = plumb(...days, '--plan', '--json')
  const plan: unknown = JSON.parse(out)
  expect(schemaJudge()('test-plan', plan)).toEqual([])
  expect(plan).toMatchObject({ relations: [{ merged: { files: 2 }, passes: [{ kind: 'files' }, {}, {}, {}] }] })
  expect(plumb(...days, '--anew')).toMatchObject({ err: expect.stringContaining('2 files, of which 2 were measured') })
})

test('a size of memory without a unit is refused', () => {
  expect(plumb('test', '--memory-limit', '4')).toMatchObject({ code: 2, err: expect.stringMatching(/500MB or 4GB/) })
})
