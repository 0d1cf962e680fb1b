import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cost, measure } from '../support/process.ts'
import { checksSpec, driftSpec } from './spec.ts'

const PLUMB = fileURLToPath(new URL('../../packages/cli/bin/plumb.js', import.meta.url))

/** What is asked of the table: the sixty checks, or drift of its second half. */
export type Asked = 'checks' | 'drift'

/** A run of the command, from its start to its end, and what it said of each clause in the order of the spec. */
export interface CommandRun extends Cost {
  readonly verdicts: readonly (boolean | number)[]
}

interface Evidence {
  readonly clause: string
  readonly verdict: string
  readonly measured?: unknown
}

/**
 * `plumb test --stage data` in a project of its own, as a user runs it: nothing is kept from a run before, and all evidence is written into
 * the ledger. `file` lies in `folder`.
 */
export function runCommand(folder: string, asked: Asked, file: string, rows: number): CommandRun {
  const project = join(folder, `peers-${asked}`)
  mkdirSync(project, { recursive: true })
  rmSync(join(project, '.plumb'), { recursive: true, force: true })
  // A link by another name, since sources lie inside the project.
  if (!existsSync(join(project, file))) linkSync(join(folder, file), join(project, file))
  writeFileSync(join(project, 'plumb.yaml'), asked === 'drift' ? driftSpec(file, rows / 2) : checksSpec(file))
  // `--warn` lowers the exit code alone: some of the checks do not hold.
  const cost = measure([PLUMB, 'test', '--stage', 'data', '--warn', '--reporter', 'json'], { cwd: project })
  const { evidence } = JSON.parse(cost.output) as { readonly evidence: readonly Evidence[] }
  const verdicts = evidence
    .filter(({ clause }) => /^(c\d+|drift-.*)$/.test(clause))
    .map(({ clause, verdict, measured }) => {
      if (verdict === 'error') throw new Error(`${clause}: error`)
      return asked === 'drift' ? Number(measured) : verdict === 'satisfied'
    })
  return { ...cost, verdicts }
}
