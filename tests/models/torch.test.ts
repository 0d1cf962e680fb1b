import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Statement } from '@plumbline/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { plumb, ROOT, scratch } from '../support/plumb.ts'

const PYTHON = join(ROOT, '.work', 'torch-python', 'bin', 'python')
process.env['PYTHONPATH'] = join(ROOT, 'python')
process.env['PYTHONDONTWRITEBYTECODE'] = '1'

let folder = ''

const worker = (file: string, more = ''): string =>
  `{ command: ${JSON.stringify([PYTHON, '-m', 'plumbline.worker'])}, file: ${file}, batch: 128${more} }`

function ask(
  artifact: string,
  outputs = 'risk: { type: number, range: [0, 1] }',
  ...conditions: readonly string[]
): readonly Statement[] {
  const clauses = conditions.map((condition, i) => `  same-${i}: { of: champion, every: "${condition}" }`)
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: networks, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
      age: { type: integer, range: [18, 79] }
      income: { type: number }
      default: { type: boolean, role: label }
      says: { type: number }
models:
  champion: { artifact: ${artifact}, input: { from: rows, columns: [age, income] }, outputs: { ${outputs} } }
clauses:
${clauses.join('\n')}
`,
  )
  const ran = plumb(folder, 'test', '--stage', 'model', '--trust', '--json')
  if (ran.out === '') throw new Error(ran.err)
  return ran
    .json<{ readonly evidence: readonly Statement[] }>()
    .evidence.filter(({ clause }) => clause.startsWith('same-'))
}

const NEAR = 'risk - says < 1e-6 && says - risk < 1e-6'

describe.skipIf(!existsSync(join(ROOT, '.work', 'torch-python', 'installed.txt')))(
  'networks of PyTorch (skipped without it: tests/models/setup.sh --torch)',
  () => {
    beforeAll(() => {
      folder = scratch('torch-models')
      const trained = spawnSync(PYTHON, [join(import.meta.dirname, 'train-torch.py'), folder], { encoding: 'utf8' })
      if (trained.status !== 0) throw new Error(trained.stderr)
    })

    it.each([
      ['torch.export, by JSON lines', 'risk.pt2', '', 'torch.export'],
      ['torch.export, by Arrow', 'risk.pt2', ', format: arrow', 'torch.export'],
      // Saved while it trained: its dropout would answer otherwise each time.
      ['TorchScript, by JSON lines', 'risk.pt', '', 'torch.jit'],
      ['TorchScript, by Arrow', 'risk.pt', ', format: arrow', 'torch.jit'],
    ])('%s', (_, file, more, model) => {
      expect(ask(worker(file, more), undefined, NEAR)).toMatchObject([
        {
          verdict: 'satisfied',
          n: 300,
          failing: 0,
          runners: {
            champion: {
              kind: 'command',
              says: { model, torch: expect.stringMatching(/^2\./) },
              repeated: { rows: 32, differing: 0 },
            },
          },
        },
      ])
    })

    it('several tensors are the outputs, in their order', () => {
      const outputs = 'risk: { type: number }, late: { type: integer }'
      const found = ask(worker('several.pt2', ', format: arrow'), outputs, NEAR, '(late == 1) == (risk > 0.5)')
      expect(found).toMatchObject([
        { verdict: 'satisfied', n: 300 },
        { verdict: 'satisfied', n: 300 },
      ])
      expect(ask(worker('several.pt2'), 'risk: { type: number }', 'risk > 0.0')).toMatchObject([
        { verdict: 'error', reason: 'model-failed', cause: expect.stringContaining('2 tensors for 1 outputs') },
      ])
    })

    it('weights without a network are no model', () => {
      expect(ask(worker('weights.pt'), undefined, 'risk > 0.0')).toMatchObject([
        { verdict: 'error', reason: 'model-unreadable' },
      ])
    })
  },
)
