import { join } from 'node:path'
import { visible } from '@plumbline/core'
import {
  type Exported,
  type ExportedClause,
  type ExportFormat,
  exportFormats,
  exportProgram,
} from '@plumbline/importers'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb emit --to TOOL`: the clauses of tables as checks of another tool, and what became of each clause. */
export async function emit(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program } = ready
  const format = exportFormats.find(({ name }) => name === options['to'])
  const dataset = typeof options['data'] === 'string' ? options['data'] : undefined
  if (dataset !== undefined && !program.datasets.some(({ name }) => name === dataset))
    return reportFailure(
      context,
      failure(
        'emit/no-dataset',
        `There is no dataset ${visible(dataset)}.`,
        'Checks are written for one of the spec.',
        `Name one of: ${program.datasets.map(({ name }) => name).join(', ')}.`,
      ).failure,
    )
  if (format === undefined) throw new Error('the choices of --to are the formats')
  const exported = exportProgram(program, format.name, dataset)
  const out = typeof options['out'] === 'string' ? options['out'] : undefined
  if (out !== undefined) {
    const written = await context.host.files.writeAtomic(join(context.root, out), exported.text)
    if (!written.ok)
      return reportFailure(
        context,
        failure(
          'emit/not-written',
          `${visible(out)} could not be written: ${written.error.message}.`,
          'Nothing was changed.',
          'Make room, or give write permission to the folder.',
          EXIT.environment,
        ).failure,
      )
  }
  if (context.json) context.out(`${JSON.stringify(emitJson(format.name, out, exported), null, 2)}\n`)
  else if (out === undefined) {
    context.out(exported.text)
    for (const line of gapLines(exported.clauses)) context.err(`${line}\n`)
  } else {
    context.out(`${context.style.green('✓')} ${oneLine(out)}: ${format.title}\n`)
    for (const line of gapLines(exported.clauses)) context.out(`${line}\n`)
  }
  const lost = exported.clauses.some(({ outcome }) => outcome === 'refused')
  return lost && options['exitCode'] === true ? EXIT.violated : EXIT.ok
}

/** What `emit --json` prints. */
export interface EmitJson {
  readonly schema: 'plumbline/emit/1'
  readonly to: ExportFormat
  /** The file, relative to the project; absent where none was written, and `text` is what it would hold. */
  readonly out?: string
  readonly text?: string
  readonly counts: Readonly<Record<ExportedClause['outcome'], number>>
  readonly clauses: readonly ExportedClause[]
}

function emitJson(to: ExportFormat, out: string | undefined, { text, clauses }: Exported): EmitJson {
  const counted = (outcome: ExportedClause['outcome']): number =>
    clauses.filter((clause) => clause.outcome === outcome).length
  return {
    schema: 'plumbline/emit/1',
    to,
    ...(out === undefined ? { text } : { out }),
    counts: { exported: counted('exported'), changed: counted('changed'), refused: counted('refused') },
    clauses,
  }
}

const TITLES: readonly (readonly [ExportedClause['outcome'], string])[] = [
  ['refused', 'Cannot be said there'],
  ['changed', 'Said with a difference'],
]

/** The gaps: clauses that are not there, or not the same, by reason. */
function gapLines(clauses: readonly ExportedClause[]): readonly string[] {
  const whole = clauses.filter(({ outcome }) => outcome === 'exported').length
  const lines = [`${whole} of ${clauses.length} clauses are said alike`]
  for (const [outcome, title] of TITLES) {
    const some = clauses.filter((clause) => clause.outcome === outcome)
    if (some.length === 0) continue
    lines.push('', `${title} (${some.length})`)
    for (const [reason, all] of Map.groupBy(some, ({ notes }) => notes.join(' '))) {
      lines.push(`  ${oneLine(reason)}`)
      lines.push(`    ${all.map(({ clause }) => oneLine(clause)).join(', ')}`)
    }
  }
  return lines
}
