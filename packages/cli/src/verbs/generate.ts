import { join, normalize, relative, sep } from 'node:path'
import {
  type CaseArray,
  type CaseOmission,
  type CaseSet,
  type ClauseDrift,
  driftOf,
  type EmitFormat,
} from '@plumbline/core/cases'
import { generateCases } from '@plumbline/engine/cases'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { bringUpToDate, type ComparedFile, committedCases } from '../generating/committed.ts'
import { emittedFiles } from '../generating/emitted-files.ts'
import { generatedText } from '../generating/text.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'

/** What `plumb generate --json` prints. */
export interface Generated {
  readonly schema: 'plumbline/generate/1'
  readonly strength: number
  readonly seed: string
  readonly cases: number
  /** Cases of each clause that has some. */
  readonly clauses: Readonly<Record<string, number>>
  readonly arrays: readonly CaseArray[]
  readonly omitted: readonly CaseOmission[]
  /** Clauses that a format has no words for. */
  readonly unwritten: readonly (CaseOmission & { readonly format: EmitFormat })[]
  /** Since the committed file; empty where there was none. */
  readonly drift: readonly ClauseDrift[]
  readonly files: readonly ComparedFile[]
}

interface GenerateOptions {
  readonly out: string
  readonly emit?: readonly EmitFormat[]
  readonly strength?: number
  readonly seed?: string
  readonly check?: true
}

/** Moves of the search for smaller arrays: about a second for two dozen columns, and the same file on every machine. */
const MOVES = 2000

/**
 * `plumb generate`: test cases of the spec, as a committed file and as suites that run without Plumbline. What is not said is
 * taken from the committed file. With `--check` nothing is written, and a file that would change is a failure.
 */
export async function generate(
  context: CommandContext,
  _args: readonly string[],
  given: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const options = given as unknown as GenerateOptions
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const folder = normalize(options.out)
  const before = await committedCases(context, folder)
  if (!before.ok) return reportFailure(context, before.failure)
  const set = generateCases(program, {
    strength: options.strength ?? before.value?.strength ?? 2,
    seed: options.seed ?? before.value?.seed ?? 'plumbline',
    moves: MOVES,
    emit: options.emit ?? before.value?.emit ?? [],
  })
  const toProject = relative(join(context.root, folder), context.root).split(sep).join('/')
  const { files, unwritten } = emittedFiles(program, set, toProject === '' ? '.' : toProject)
  const check = options.check === true
  const compared = await bringUpToDate(context, folder, files, !check)
  if (!compared.ok) return reportFailure(context, compared.failure)
  const generated: Generated = {
    schema: 'plumbline/generate/1',
    strength: set.strength,
    seed: set.seed,
    cases: set.cases.length,
    clauses: countsOf(set),
    arrays: set.arrays,
    omitted: set.omitted,
    unwritten,
    drift: before.value === undefined ? [] : driftOf(before.value, set),
    files: compared.value,
  }
  context.out(context.json ? `${JSON.stringify(generated, null, 2)}\n` : generatedText(generated, check, context.style))
  return check && generated.files.some(({ changed }) => changed) ? EXIT.violated : EXIT.ok
}

function countsOf({ cases }: CaseSet): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(cases, ({ clause }) => clause)].map(([id, own]) => [id, own.length]))
}
