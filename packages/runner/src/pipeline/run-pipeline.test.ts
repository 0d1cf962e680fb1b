import { join } from 'node:path'
import { digestBytes } from '@plumbline/core'
import { type MemoryHost, memoryHost, type MemoryProgram, openLedger } from '@plumbline/store'
import { beforeEach, describe, expect, test } from 'vitest'
import type { PipelineEvent } from './events.ts'
import { pipelineFailureText } from './failure-text.ts'
import { type PipelineOutcome, type PipelineRequest, runPipeline } from './run-pipeline.ts'
import type { Stage } from './stage.ts'

const ROOT = '/project'
const STAGES: readonly Stage[] = [
  {
    name: 'train',
    run: 'double table.csv model.onnx',
    needs: ['table.csv'],
    makes: ['model.onnx'],
    params: { depth: 6 },
  },
  { name: 'prepare', run: ['double', 'raw.csv', 'table.csv'], needs: ['raw.csv'], makes: ['table.csv'] },
]

let started: string[]
let events: PipelineEvent[]
let host: MemoryHost

/** Writes its input twice, and the parameters, so that outputs depend on exactly what they should. */
const double: MemoryProgram = async (request, files) => {
  const [, from = '', to = ''] = request.command
  started.push(request.env?.['PLUMB_STAGE'] ?? '')
  const input = await files.readFile(join(request.cwd, from))
  const text = input.ok ? new TextDecoder().decode(input.value) : ''
  await request.onOutput?.('stdout', new TextEncoder().encode(`made ${to} é\n`))
  await files.writeAtomic(join(request.cwd, to), `${text}${text}${request.env?.['PLUMB_PARAMS']}`)
  return { exitCode: 0, signal: null }
}

beforeEach(() => {
  started = []
  events = []
  host = memoryHost({ files: { [`${ROOT}/raw.csv`]: 'a,b' }, now: Date.UTC(2026, 10, 22), programs: { double } })
})

function run(more: Partial<PipelineRequest> = {}): Promise<PipelineOutcome> {
  const ledger = openLedger(host, `${ROOT}/.plumb/ledger`)
  return runPipeline({
    host,
    root: ROOT,
    ledger,
    stages: STAGES,
    trusted: true,
    onEvent: (event) => events.push(event),
    ...more,
  })
}

const read = (path: string): string | undefined => {
  const data = host.disk.files.get(`${ROOT}/${path}`)
  return data === undefined ? undefined : new TextDecoder().decode(data)
}
const write = (path: string, text: string): void =>
  void host.disk.files.set(`${ROOT}/${path}`, new TextEncoder().encode(text))

describe('cached by content', () => {
  test('the first run starts every program in order, the second none', async () => {
    const first = await run()
    expect(first).toMatchObject({ ok: true, run: { status: 'finished' } })
    expect(started).toEqual(['prepare', 'train'])
    expect(read('table.csv')).toBe('a,ba,b{}')
    expect(read('model.onnx')).toBe('a,ba,b{}a,ba,b{}{"depth":6}')
    started = []
    const second = await run()
    expect(second.ok && second.run.stages.map((stage) => stage.cached)).toEqual([true, true])
    expect(started).toEqual([])
  })

  test('outputs that were removed or changed are restored, without trust', async () => {
    await run()
    host.disk.files.delete(`${ROOT}/table.csv`)
    write('model.onnx', 'tampered')
    started = []
    expect(await run({ trusted: false })).toMatchObject({ ok: true })
    expect([started, read('table.csv'), read('model.onnx')]).toEqual([[], 'a,ba,b{}', 'a,ba,b{}a,ba,b{}{"depth":6}'])
  })

  test('only what depends on a change runs again', async () => {
    await run()
    const reruns = async (change: () => Partial<PipelineRequest>): Promise<string[]> => {
      started = []
      expect(await run(change())).toMatchObject({ ok: true })
      return started
    }
    const withTrain = (more: Partial<Stage>): Partial<PipelineRequest> => ({
      stages: STAGES.map((stage) => (stage.name === 'train' ? { ...stage, ...more } : stage)),
    })
    expect(await reruns(() => withTrain({ params: { depth: 7 } }))).toEqual(['train'])
    expect(await reruns(() => withTrain({ run: 'double table.csv model.onnx --again' }))).toEqual(['train'])
    expect(await reruns(() => (write('raw.csv', 'c'), {}))).toEqual(['prepare', 'train'])
    expect(await reruns(() => (write('raw.csv', 'a,b'), {}))).toEqual([])
    expect(await reruns(() => (write('unrelated', 'x'), {}))).toEqual([])
  })

  test('a damaged or lost artifact, or cache entry, makes the stage run again', async () => {
    for (const part of ['artifacts/', 'cache/']) {
      for (const damage of ['{"makes":[{"path":"../../etc","digest":"x"}]}', undefined]) {
        await run()
        for (const path of host.disk.files.keys()) {
          if (!path.startsWith(`${ROOT}/.plumb/${part}`)) continue
          if (damage === undefined) host.disk.files.delete(path)
          else host.disk.files.set(path, new TextEncoder().encode(damage))
        }
        started = []
        expect(await run()).toMatchObject({ ok: true })
        expect(started).toEqual(['prepare', 'train'])
      }
    }
  })
})

describe('what is recorded', () => {
  test('digests in and out in the statement, clock and cache in the run part, the output in a log', async () => {
    const outcome = await run()
    const ledger = openLedger(host, `${ROOT}/.plumb/ledger`)
    await run({ trusted: false })
    const records = await ledger.select(({ body }) => body.kind === 'run')
    if (!records.ok || !outcome.ok) throw new Error('not recorded')
    const [first, second] = records.value
    expect({ seq: first?.seq, digest: first?.digest }).toEqual(outcome.run.record)
    const digest = (path: string): { path: string; digest: string } => ({ path, digest: digestBytes(read(path) ?? '') })
    expect(first?.body['statement']).toMatchObject({
      status: 'finished',
      stages: [
        {
          name: 'prepare',
          command: ['double', 'raw.csv', 'table.csv'],
          needs: [digest('raw.csv')],
          makes: [digest('table.csv')],
          failure: null,
        },
        { name: 'train', params: { depth: 6 }, needs: [digest('table.csv')], makes: [digest('model.onnx')] },
      ],
    })
    expect(second?.body['statement']).toEqual(first?.body['statement'])
    expect([first, second].map((record) => record?.body['run'])).toMatchObject([
      {
        id: outcome.run.id,
        startedAt: '2026-11-22T00:00:00.000Z',
        trusted: true,
        stages: [{ cached: false }, { cached: false }],
      },
      { trusted: false, stages: [{ cached: true }, { cached: true }] },
    ])
    expect(read(`.plumb/runs/${outcome.run.id}/train.log`)).toBe('made model.onnx é\n')
    expect(events.map((event) => event.kind).slice(0, 7)).toEqual([
      'planned',
      'started',
      'output',
      'finished',
      'started',
      'output',
      'finished',
    ])
    expect(await ledger.verify()).toMatchObject({ kind: 'ok', records: 2 })
  })
})

describe('what goes wrong', () => {
  const trainWith = (program: MemoryProgram, more: Partial<PipelineRequest> = {}): Promise<PipelineOutcome> => {
    const programs = { double, train: program }
    host = memoryHost({ files: Object.fromEntries(host.disk.files), programs })
    const stages = STAGES.map((stage) => (stage.name === 'train' ? { ...stage, run: 'train now' } : stage))
    return run({ stages, ...more })
  }
  const ending =
    (exitCode: number, made?: string): MemoryProgram =>
    async (request, files) => {
      if (made !== undefined) await files.writeAtomic(join(request.cwd, 'model.onnx'), made)
      return { exitCode, signal: null }
    }

  test('without trust nothing is started', async () => {
    const outcome = await run({ trusted: false })
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind: 'untrusted', stage: 'prepare' },
      run: { status: 'failed' },
    })
    expect(started).toEqual([])
    expect(!outcome.ok && pipelineFailureText(outcome.failure)).toContain('not trusted')
  })

  test('a program that fails: its log is named, partial outputs go, the old ones come back, the run is recorded', async () => {
    write('model.onnx', 'yesterday')
    const outcome = await trainWith(ending(3, 'half'))
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind: 'stage-failed', stage: 'train', exitCode: 3 },
      run: { status: 'failed', stages: [{ result: { ok: true } }, { result: { ok: false } }] },
    })
    expect(read('model.onnx')).toBe('yesterday')
    expect([...host.disk.files.keys()].filter((path) => path.includes('.before'))).toEqual([])
    expect(await trainWith(ending(0, 'whole'))).toMatchObject({ ok: true })
    expect(read('model.onnx')).toBe('whole')
  })

  test('a program that ends well but does not make its output, although an old one was there', async () => {
    write('model.onnx', 'yesterday')
    expect(await trainWith(ending(0))).toMatchObject({
      ok: false,
      failure: { kind: 'missing-output', path: 'model.onnx' },
    })
    expect(read('model.onnx')).toBe('yesterday')
  })

  test('a program that changes what it reads', async () => {
    const program: MemoryProgram = async (request, files) => {
      await files.append(join(request.cwd, 'table.csv'), 'more')
      return ending(0, 'x')(request, files)
    }
    expect(await trainWith(program)).toMatchObject({ ok: false, failure: { kind: 'needs-changed', path: 'table.csv' } })
  })

  test('a program that does not exist', async () => {
    const outcome = await run({ stages: [{ name: 'a', run: 'nothing', needs: [], makes: ['x'] }] })
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'not-started', error: { kind: 'not-found' } } })
  })

  test('interrupted: nothing partial is kept or cached, finished stages are', async () => {
    const controller = new AbortController()
    const program: MemoryProgram = async (request, files) => {
      controller.abort()
      return ending(0, 'half')(request, files)
    }
    const outcome = await trainWith(program, { signal: controller.signal })
    expect(outcome).toMatchObject({
      ok: false,
      failure: { kind: 'interrupted', stage: 'train' },
      run: { status: 'interrupted' },
    })
    expect(read('model.onnx')).toBeUndefined()
    started = []
    expect(await trainWith(ending(0, 'whole'))).toMatchObject({ ok: true })
    expect([started, read('model.onnx')]).toEqual([[], 'whole'])
    const aborted = await run({ signal: controller.signal })
    expect(aborted).toMatchObject({
      ok: false,
      failure: { kind: 'interrupted', stage: 'prepare' },
      run: { stages: [] },
    })
  })

  test('a run that was killed while a program was at work: the next one puts the old output back first', async () => {
    write('model.onnx', 'yesterday')
    let snapshot = new Map<string, Uint8Array>()
    await trainWith(async (request, files) => {
      await files.writeAtomic(join(request.cwd, 'model.onnx'), 'half')
      snapshot = new Map(host.disk.files)
      return { exitCode: 0, signal: null }
    })
    host = memoryHost({ files: Object.fromEntries(snapshot), programs: { double } })
    expect(read('model.onnx')).toBe('half')
    expect(await run({ trusted: false })).toMatchObject({ ok: false, failure: { kind: 'untrusted', stage: 'train' } })
    expect(read('model.onnx')).toBe('yesterday')
    expect([...host.disk.files.keys()].filter((path) => path.includes('.before'))).toEqual([])
  })

  test('a manifest that points elsewhere moves nothing', async () => {
    const before = '.plumb/runs/x/train.before'
    host = memoryHost({
      files: {
        [`${ROOT}/raw.csv`]: 'a,b',
        [`${ROOT}/${before}/manifest.json`]: '{"makes":["../../etc/passwd"]}',
        [`${ROOT}/${before}/0`]: 'evil',
      },
      programs: { double },
    })
    expect(await run()).toMatchObject({ ok: true })
    expect(host.disk.files.has('/etc/passwd')).toBe(false)
    expect(read(`${before}/0`)).toBe('evil')
  })

  test('two runs at the same time: the second is refused', async () => {
    const outcomes: PipelineOutcome[] = []
    const program: MemoryProgram = async (request, files) => {
      outcomes.push(await run())
      return ending(0, 'whole')(request, files)
    }
    expect(await trainWith(program)).toMatchObject({ ok: true })
    expect(outcomes).toMatchObject([{ ok: false, failure: { kind: 'busy' } }])
  })

  test('a disk that is full at any byte: a failure value, outputs whole or as before, and it can be repeated', async () => {
    for (let capacity = 0; capacity < 4000; capacity += 37) {
      host = memoryHost({
        files: { [`${ROOT}/raw.csv`]: 'a,b', [`${ROOT}/model.onnx`]: 'yesterday' },
        programs: { double },
        capacity,
      })
      const outcome = await run()
      if (!outcome.ok)
        expect(outcome.failure.kind).toMatch(/^(host|artifact|ledger|missing-output|needs-changed|state)$/)
      expect(['yesterday', 'a,ba,b{}a,ba,b{}{"depth":6}']).toContain(read('model.onnx'))
      host.disk.capacity = 1_000_000
      expect(await run()).toMatchObject({ ok: true })
      expect(read('model.onnx')).toBe('a,ba,b{}a,ba,b{}{"depth":6}')
    }
  })
})
