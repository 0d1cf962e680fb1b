import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestBytes, type Program } from '@plumbline/core'
import { nodeHost, openArtifacts } from '@plumbline/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keepData } from './kept-data.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

const host = nodeHost()
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kept-data-'))
  mkdirSync(join(root, 'parts'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function programOf(...sources: readonly string[]): Program {
  const data = sources
    .map((source, i) => `  d${i}: { source: ${source}, columns: { x: { type: integer } } }`)
    .join('\n')
  const text = `plumbline: 1\nsystem: { name: a, version: 1.0.0 }\ndata:\n${data}\nclauses:\n  some: { says: a, of: d0, must: count() > 0 }\n`
  return compiledSpec(text)
}
const write = (name: string, text: string): string => {
  writeFileSync(join(root, name), text)
  return digestBytes(text)
}
const artifacts = () => openArtifacts(host, join(root, '.plumb', 'artifacts'))

it('keeps every file of every dataset under its digest, equal bytes once, and what is kept already is left alone', async () => {
  const [one, two] = [write('parts/1.csv', 'x\n1\n'), write('parts/2.csv', 'x\n2\n')]
  write('copy.csv', 'x\n1\n')
  const program = programOf('parts/*.csv', 'copy.csv', 'gone.csv')
  const kept = await keepData({ host, root }, program, artifacts())
  if (!kept.ok) throw new Error(kept.failure.message)
  expect(kept.value['d0']?.files).toEqual([
    { name: 'parts/1.csv', digest: one },
    { name: 'parts/2.csv', digest: two },
  ])
  expect(kept.value['d0']?.digest).toMatch(/^bytes:sha256:[0-9a-f]{64}$/)
  expect(kept.value['d1']).toEqual({ digest: `bytes:${one}`, files: [{ name: 'copy.csv', digest: one }] })
  expect(Object.keys(kept.value), 'what is not there is left out').toEqual(['d0', 'd1'])
  const folder = join(root, '.plumb', 'artifacts')
  expect(readdirSync(folder).toSorted()).toEqual([one, two].map((digest) => digest.replace(':', '-')).toSorted())
  const before = statSync(join(folder, one.replace(':', '-'))).mtimeMs
  await keepData({ host, root }, program, artifacts())
  expect(statSync(join(folder, one.replace(':', '-'))).mtimeMs).toBe(before)
})

it('says in words that there is no room', async () => {
  write('parts/1.csv', 'x\n1\n')
  writeFileSync(join(root, '.plumb'), 'a file where a folder belongs')
  const kept = await keepData({ host, root }, programOf('parts/*.csv'), artifacts())
  expect(kept).toMatchObject({ ok: false, failure: { code: 'cli/not-kept', exit: 4 } })
})
