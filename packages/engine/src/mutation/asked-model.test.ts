import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, scoreOf } from '@plumbline/core'
import { nodeHost } from '@plumbline/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { identifyModel } from '../models/identity.ts'
import { runMutation } from './run-mutation.ts'

// A model that a program runs (risk = a / 10) is tested under its faults as a file is.

const WORKER = join(import.meta.dirname, '..', 'models', 'command', 'testing', 'worker.mjs')

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-asked-mutation-'))
  const rows = Array.from({ length: 200 }, (_, i) => `${i},${i % 10},${(i * 7) % 10 < i % 10}`)
  await writeFile(join(root, 'rows.csv'), `id,a,hit\n${rows.join('\n')}\n`)
})
afterAll(() => rm(root, { recursive: true }))

async function mutated(trusted: boolean) {
  const text = `plumbline: 1
system: { name: asked, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    key: [id]
    columns: { id: { type: integer }, a: { type: integer, range: [0, 9] }, hit: { type: boolean, role: label } }
models:
  champion:
    artifact: { command: ${JSON.stringify(['node', WORKER, 'well'])} }
    task: binary-classification
    input: { from: rows, columns: [a] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: hit
    decision: risk >= 0.5
clauses:
  known: { says: The mean is known., of: champion.rows, must: mean(risk) == 0.45 }
  ranks: { says: It ranks., of: champion.rows, must: roc_auc() >= 0.7 }
`
  const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  const champion = program?.models.find(({ name }) => name === 'champion')
  if (program === undefined || champion === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  const host = nodeHost()
  const version = await identifyModel(champion, { host, root })
  if (version === undefined) throw new Error('The model has no identity.')
  const ran = await runMutation({
    program,
    root,
    toolVersion: '0',
    versions: { candidate: version.digest, others: {} },
    files: new Map([[version.digest, version]]),
    runners: { host, root, trusted },
    budget: {
      seed: 's',
      faults: 30,
      controls: 2,
      operators: new Set(['wrong-checkpoint', 'missing-preprocessing', 'threshold-shift']),
    },
    spec: false,
  })
  if (!ran.ok) throw new Error(ran.cause)
  return ran.value
}

it('its faults are noticed where it may be asked', async () => {
  const { faults, controls, baseline } = await mutated(true)
  const kinds = faults.map(({ fault, outcome }) => `${fault.operator}: ${outcome}`)
  expect(kinds).toContain('wrong-checkpoint: killed')
  expect(kinds).toContain('missing-preprocessing: killed')
  expect(controls.flatMap(({ alarms }) => alarms).map(({ clause }) => clause)).not.toContain('ranks')
  expect(baseline.unheld).toEqual([])
})

it('where nobody said that it may be asked, the questions that can notice nothing say why', async () => {
  const { faults, controls, baseline } = await mutated(false)
  expect(faults.filter(({ outcome }) => outcome === 'killed')).toEqual([])
  expect(scoreOf(faults, controls, []).kills).toMatchObject({ k: 0 })
  expect(baseline.unheld.map(({ clause }) => clause)).toEqual(expect.arrayContaining(['known', 'ranks']))
  for (const { verdict, cause } of baseline.unheld) {
    expect(verdict).toBe('error')
    expect(cause).toContain('--trust')
  }
})
