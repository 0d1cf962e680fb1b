import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeHost, openLedger } from '@plumbline/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type PipelineOutcome, type PipelineRequest, runPipeline } from './run-pipeline.ts'
import type { Stage } from './stage.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-pipeline-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

function run(stages: readonly Stage[], more: Partial<PipelineRequest> = {}): Promise<PipelineOutcome> {
  const host = nodeHost()
  return runPipeline({
    host,
    root,
    ledger: openLedger(host, join(root, '.plumb', 'ledger')),
    stages,
    trusted: true,
    ...more,
  })
}

const node = (name: string, code: string, more: Partial<Stage> = {}): Stage => ({
  name,
  run: ['node', '-e', code],
  needs: [],
  makes: [],
  ...more,
})

describe('real programs', () => {
  test('two stages, parameters by variable and by argument, output in the log, the second time from the cache', async () => {
    await writeFile(join(root, 'raw.txt'), '1\n2\n3\n')
    await writeFile(
      join(root, 'sum.js'),
      `
      const fs = require('node:fs')
      const numbers = fs.readFileSync('raw.txt', 'utf8').trim().split('\\n').map(Number)
      console.error('summing')
      fs.writeFileSync('out/sum.txt', String(numbers.reduce((a, b) => a + b, 0) * Number(process.argv[2])))
    `,
    )
    const stages: Stage[] = [
      {
        name: 'sum',
        run: 'node sum.js ${params.times}',
        needs: ['raw.txt', 'sum.js'],
        makes: ['out/sum.txt'],
        params: { times: 10 },
      },
      node(
        'report',
        `const fs = require('node:fs'); fs.writeFileSync('out/report.json', JSON.stringify({ sum: +fs.readFileSync('out/sum.txt'), params: JSON.parse(process.env.PLUMB_PARAMS) }))`,
        { needs: ['out/sum.txt'], makes: ['out/report.json'], params: { title: 'é "x"' } },
      ),
    ]
    const first = await run(stages)
    if (!first.ok) throw new Error(first.failure.kind)
    expect(JSON.parse(await readFile(join(root, 'out/report.json'), 'utf8'))).toEqual({
      sum: 60,
      params: { title: 'é "x"' },
    })
    expect(await readFile(join(root, '.plumb/runs', first.run.id, 'sum.log'), 'utf8')).toBe('summing\n')
    await rm(join(root, 'out'), { recursive: true })
    const second = await run(stages, { trusted: false })
    expect(second.ok && second.run.stages.map((stage) => stage.cached)).toEqual([true, true])
    expect(await readFile(join(root, 'out/sum.txt'), 'utf8')).toBe('60')
  })

  test('no shell: what a shell would act on reaches the program as text', async () => {
    const stage = node('a', `require('node:fs').writeFileSync('args', process.argv.slice(1).join('|'))`)
    const hostile: Stage = {
      ...stage,
      run: [...stage.run, '$HOME', '; touch pwned', '*', '${params.x}'],
      makes: ['args'],
      params: { x: '$(touch pwned)' },
    }
    expect(await run([hostile])).toMatchObject({ ok: true })
    expect(await readFile(join(root, 'args'), 'utf8')).toBe('$HOME|; touch pwned|*|$(touch pwned)')
  })

  test('an exit code, a signal, a program that is not there', async () => {
    expect(await run([node('a', 'process.exit(7)')])).toMatchObject({
      failure: { kind: 'stage-failed', exitCode: 7, signal: null },
    })
    expect(await run([node('a', 'process.kill(process.pid, "SIGKILL")')])).toMatchObject({
      failure: { kind: 'stage-failed', signal: 'SIGKILL' },
    })
    expect(await run([{ name: 'a', run: 'no-such-program-here', needs: [], makes: [] }])).toMatchObject({
      failure: { kind: 'not-started', error: { kind: 'not-found' } },
    })
  })

  test('an interrupt ends the program and what it started, and leaves the old output', async () => {
    await writeFile(join(root, 'out'), 'old')
    const code = `
      const { spawn } = require('node:child_process')
      require('node:fs').writeFileSync('out', 'half')
      const inner = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'inherit' })
      console.log('pid ' + inner.pid)
      setTimeout(() => {}, 60000)
    `
    const controller = new AbortController()
    let output = ''
    const begun = performance.now()
    const outcome = await run([node('slow', code, { makes: ['out'] })], {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind !== 'output') return
        output += event.text
        if (output.endsWith('\n')) controller.abort()
      },
    })
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'interrupted' }, run: { status: 'interrupted' } })
    expect(performance.now() - begun).toBeLessThan(20_000)
    expect(await readFile(join(root, 'out'), 'utf8')).toBe('old')
    const inner = Number(/pid (\d+)/.exec(output)?.[1])
    expect(await isGone(inner)).toBe(true)
  })

  test('links that lead out of the project', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'plumb-outside-'))
    try {
      await mkdir(join(root, 'data'))
      await symlink(outside, join(root, 'data', 'link'))
      const kinds = { failure: { kind: 'bad-path', why: 'a link leads out of the project' } }
      expect(await run([node('a', '', { makes: ['data/link/x'] })])).toMatchObject(kinds)
      await writeFile(join(outside, 'secret'), 's')
      expect(await run([node('a', '', { needs: ['data/link/secret'] })])).toMatchObject(kinds)
      const late = `require('node:fs').symlinkSync(${JSON.stringify(join(outside, 'secret'))}, 'made')`
      expect(await run([node('a', late, { makes: ['made'] })])).toMatchObject(kinds)
      expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('s')
    } finally {
      await rm(outside, { recursive: true, force: true })
    }
  })
})

/** A process that was ended may still be waiting for its parent to notice. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      process.kill(pid, 0)
      const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      if (/\) Z /.test(state)) return true
    } catch {
      return true
    }
    await new Promise((wake) => setTimeout(wake, 100))
  }
  return false
}
