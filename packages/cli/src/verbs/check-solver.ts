import { type Diagnostic, parseDuration, type Program, type SourceSet } from '@plumbline/core'
import { analyseDeeply, type LabelCounts, type Solver } from '@plumbline/core/deep'
import { createSolver } from '@plumbline/solver'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { boundedSolver } from '../project/bounded-solver.ts'

/** For each question; the process is started once and is not counted. */
const DEFAULT_MS = 400

/** What z3 proves of a spec without mistakes: the findings of `plumb check --solver`. */
export async function proofs(
  context: CommandContext,
  program: Program,
  sources: SourceSet,
  time: unknown,
  /** What `--data` counted. */
  labels?: LabelCounts,
): Promise<Outcome<readonly Diagnostic[]>> {
  const milliseconds = time === undefined ? DEFAULT_MS : millisecondsOf(String(time))
  if (milliseconds === undefined)
    return failure(
      'cli/bad-time',
      `${String(time)} is no time for a question.`,
      '`--time` says how long the solver may think about one of them.',
      'Write a duration from 1ms to 1h, such as `--time 2s`.',
    )
  const solver = createSolver()
  try {
    const limits = { milliseconds, signal: context.signal }
    let isMissing = false
    // z3 starts with the first question, at a fifth of a second of work: most of what is found needs none.
    const check: Solver['check'] = async (query, within) => {
      const answer = await solver.check(query, within)
      isMissing ||= answer.kind === 'unknown' && answer.reason === 'not-installed'
      return answer
    }
    const bounded = boundedSolver(
      { check },
      {
        milliseconds,
        clauses: program.clauses.length,
        now: () => performance.now(),
        worked,
        signal: context.signal,
        ready: () => solver.load(),
      },
    )
    const found = await analyseDeeply(program, sources, { ...bounded, limits }, labels)
    if (isMissing)
      return failure(
        'cli/no-solver',
        'z3 is not installed here.',
        '`--solver` asks it whether clauses can be met together; the check without it needs nothing.',
        'Run: npm install z3-solver',
        EXIT.environment,
      )
    return success(found)
  } finally {
    await solver.close()
  }
}

/** Milliseconds that this thread has worked, where Node tells; else those of the process. */
function worked(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) / 1000
}

function millisecondsOf(text: string): number | undefined {
  const reading = parseDuration(text)
  if (!('value' in reading)) return undefined
  const milliseconds = Number(reading.value / 1000n)
  return milliseconds >= 1 && milliseconds <= 3_600_000 ? milliseconds : undefined
}
