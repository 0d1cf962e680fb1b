import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Child, Children } from './children.ts'

/** A project of the example, and how its verbs are run. */
export interface Production {
  readonly project: string
  /** The command: `node`, then the path of `plumb.js`. */
  readonly plumb: readonly string[]
  /** File of the simulated clock, relative to the project. */
  readonly clock: string
  readonly children: Children
  /** Says who reports what. */
  readonly say: (who: string, what: string) => void
}

/** Arguments of a verb that runs in the project, by its clock. */
export function verbOf({ project, plumb, clock }: Production, args: readonly string[]): readonly string[] {
  return [...plumb, '-C', project, '--clock', clock, ...args]
}

/** Starts the guard in front of the champion; resolves when it answers. */
export async function startGuard(production: Production): Promise<Child> {
  const guard = production.children.start(verbOf(production, ['--json', 'guard', '--port', '0']), {
    cwd: production.project,
    onErrorLine: (line) => production.say('guard', line),
  })
  await guard.firstLine
  return guard
}

/** Starts the candidate beside it; resolves when it answers. */
export async function startStaging(production: Production, candidate: string): Promise<Child> {
  const staging = production.children.start(verbOf(production, ['--json', 'stage', '--candidate', candidate]), {
    cwd: production.project,
    onErrorLine: (line) => production.say('staging', line),
  })
  await staging.firstLine
  return staging
}

/** Where the model in production is asked. */
export function modelUrl({ project }: Pick<Production, 'project'>): string {
  const text = readFileSync(join(project, '.plumb', 'serving', 'production.json'), 'utf8')
  const { url, model } = JSON.parse(text) as { readonly url: string; readonly model: string }
  return `${url}/v2/models/${model}`
}

/** What a load came to. */
export interface Load {
  readonly requests: number
  readonly answered: number
  readonly failed: number
  readonly failures: readonly unknown[]
  /** Requests by the version that answered. */
  readonly versions: Readonly<Record<string, number>>
}

/** Does something while requests come all the time, and says what became of them. */
export async function underLoad<T>(
  production: Production,
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly load: Load }> {
  const asking = production.children.start(
    ['node', 'traffic/load.js', '--url', modelUrl(production), '--connections', '2', '--batch', '1', '--pause', '4'],
    { cwd: production.project, onErrorLine: (line) => production.say('load', line) },
  )
  await asking.firstLine
  const done = await work()
  const { lastLine } = await asking.stop()
  return { done, load: JSON.parse(lastLine) as Load }
}
