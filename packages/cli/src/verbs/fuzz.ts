import { join } from 'node:path'
import { fuzzProgram, type Program } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { openImplementations } from '../fuzzing/open-implementations.ts'
import { type FuzzDisagreement, fuzzResult } from '../fuzzing/result.ts'
import { showFuzz } from '../fuzzing/show.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'

/** The options of the verb. */
export interface FuzzOptions {
  readonly rows: number
  readonly seed: string
  readonly clause?: readonly string[]
  readonly postgres?: string
  readonly solver?: boolean
  readonly cases?: string
}

/** `plumb fuzz`: asks every expression of the spec of every target, on generated rows, and compares. */
export const fuzz = (
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> => fuzzWith(openImplementations, context, options as unknown as FuzzOptions)

/** The same with the implementations that `open` gives. */
export async function fuzzWith(
  open: typeof openImplementations,
  context: CommandContext,
  options: FuzzOptions,
): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const clauses = clausesOf(program, options.clause)
  if (!clauses.ok) return reportFailure(context, clauses.failure)
  const opened = await open(options, context.signal)
  if (!opened.ok) return reportFailure(context, opened.failure)
  const { implementations, close } = opened.value
  try {
    const report = await fuzzProgram({
      program,
      implementations,
      rows: options.rows,
      seed: options.seed,
      ...(clauses.value === undefined ? {} : { clauses: clauses.value }),
      signal: context.signal,
      onProgress: (done, of) => context.progress(`${done} of about ${of} pairs compared`),
    })
    context.progress('')
    const result = fuzzResult(program.spec, options.seed, implementations, report)
    const written = await writeCases(context, options.cases, result.disagreements)
    if (!written.ok) return reportFailure(context, written.failure)
    if (context.json) context.out(`${JSON.stringify(result, null, 2)}\n`)
    else showFuzz(context, result)
    if (result.disagreements.length > 0) return EXIT.violated
    if (result.interrupted) return EXIT.interrupted
    return result.expressions.length === 0 ? EXIT.undecided : EXIT.ok
  } finally {
    await close()
  }
}

function clausesOf(program: Program, wanted: readonly string[] | undefined): Outcome<ReadonlySet<string> | undefined> {
  if (wanted === undefined) return success(undefined)
  const known = new Set(program.clauses.map(({ id }) => id))
  const missing = wanted.find((id) => !known.has(id))
  if (missing === undefined) return success(new Set(wanted))
  return failure(
    'cli/unknown-clause',
    `There is no clause \`${missing}\`.`,
    '`--clause` takes ids of clauses.',
    'See `plumb check --json` for the ids.',
  )
}

async function writeCases(
  { host, root }: CommandContext,
  folder: string | undefined,
  disagreements: readonly FuzzDisagreement[],
): Promise<Outcome<true>> {
  if (folder === undefined) return success(true)
  for (const { name, case: made } of disagreements) {
    const file = join(folder, name, 'case.json')
    const ready = await host.files.mkdir(join(root, folder, name))
    const text = `${JSON.stringify(made, null, 2)}\n`
    const written = ready.ok ? await host.files.writeAtomic(join(root, file), text) : ready
    if (!written.ok)
      return failure(
        'cli/unwritable-case',
        `The case ${file} cannot be written: ${written.error.message}.`,
        '--cases asks for a file of each disagreement.',
        'Name a folder that can be written to.',
        EXIT.environment,
      )
  }
  return success(true)
}
