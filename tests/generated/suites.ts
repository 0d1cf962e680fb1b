import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/plumb.ts'

const PYTHON = join(ROOT, '.work', 'pytest-python')

/** Whether `setup.sh` could install pytest. */
export const hasPytest = existsSync(join(PYTHON, 'installed.txt'))

/** What a run of a generated suite came to. */
export interface SuiteRun {
  readonly code: number | null
  readonly passed: number
  /** Names of failed tests, which hold the ids of their clauses. */
  readonly failed: readonly string[]
  readonly out: string
}

const count = (out: string, pattern: RegExp): number => Number(pattern.exec(out)?.[1] ?? 0)

/** Runs the generated module for pytest, in its folder. */
export function pytest(folder: string, env: Readonly<Record<string, string>> = {}): SuiteRun {
  const done = spawnSync(
    join(PYTHON, 'bin', 'python'),
    ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--tb=no', '-rf', 'test_plumb_cases.py'],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env } },
  )
  const failed = [...done.stdout.matchAll(/^FAILED .*?\[(.*?)\]/gm)].map((found) => found[1] ?? '')
  return { code: done.status, passed: count(done.stdout, /(\d+) passed/), failed, out: done.stdout + done.stderr }
}

/** Runs the generated module for vitest, in its folder; the repository's own vitest and fast-check are found from there. */
export function vitest(folder: string, env: Readonly<Record<string, string>> = {}): SuiteRun {
  const report = join(folder, '..', 'vitest-report.json')
  rmSync(report, { force: true })
  const program = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
  const done = spawnSync(
    process.execPath,
    [program, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`, '--maxWorkers=1'],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, VITEST: '', NODE_OPTIONS: '', ...env } },
  )
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    code: done.status,
    passed: all.filter(({ status }) => status === 'passed').length,
    failed: all.filter(({ status }) => status === 'failed').map(({ title }) => title),
    out: done.stdout + done.stderr,
  }
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}
