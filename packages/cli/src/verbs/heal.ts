import { join } from 'node:path'
import { isInFiles, type Program, type ProgramDataset, type SourceSet, sourceText } from '@plumbline/core'
import {
  type HealProposal,
  outputChanges,
  type OutputProposal,
  proposeOutputPatch,
  proposePatch,
  schemaChanges,
} from '@plumbline/core/heal'
import { modelTensors, sampleTable } from '@plumbline/engine/heal'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { healedText } from '../healing/text.ts'
import { readyProgram } from '../project/ready.ts'
import { reportFailure } from '../report-failure.ts'

/** What `plumb heal --json` prints. */
export interface Healed {
  readonly schema: 'plumbline/heal/1'
  readonly datasets: readonly {
    readonly name: string
    /** Rows compared, from the beginning of the data. */
    readonly rows: number
    /** Rows of the earlier data; absent without `--before`. */
    readonly before?: number
    readonly proposals: readonly HealProposal[]
  }[]
  /** Models whose file does not give what is declared. */
  readonly models: readonly {
    readonly name: string
    readonly file: string
    readonly proposals: readonly OutputProposal[]
  }[]
}

interface HealOptions {
  readonly data?: string
  readonly before?: string
}

/** Rows of each side that are read: enough for shares of a percent, and for codes that are rare. */
const ROWS = 20_000

/**
 * `plumb heal`: where the data no longer has the columns that the spec declares, what changed, with its evidence, and the patch
 * of the spec that follows it. Writes nothing: a patch is for a person to read and to apply.
 */
export async function heal(
  context: CommandContext,
  _args: readonly string[],
  given: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const { data, before } = given as HealOptions
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const { program, sources } = ready
  const chosen = program.datasets.filter(({ name }) => data === undefined || name === data)
  const [only, ...more] = chosen
  if (only === undefined)
    return reportFailure(
      context,
      failure(
        'cli/no-dataset',
        `The spec has no dataset ${data ?? ''}.`.replace(' .', '.'),
        'Columns are compared with the data that they are declared for.',
        `Name one of: ${program.datasets.map(({ name }) => name).join(', ')}.`,
      ).failure,
    )
  if (before !== undefined && more.length > 0)
    return reportFailure(
      context,
      failure(
        'cli/which-dataset',
        'The spec has several datasets, and --before is one file.',
        'The earlier rows belong to one of them.',
        `Say which with --data: ${chosen.map(({ name }) => name).join(', ')}.`,
      ).failure,
    )
  const datasets: Healed['datasets'][number][] = []
  for (const dataset of chosen) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each opens an engine of its own.
    const now = await sampleTable({ root: context.root, dataset, rows: ROWS })
    if (typeof now === 'string') return reportFailure(context, unread(sourceText(dataset.source), now))
    // oxlint-disable-next-line no-await-in-loop -- as above.
    const old =
      before === undefined
        ? undefined
        : await sampleTable({ root: context.root, dataset: at(dataset, before), rows: ROWS })
    if (typeof old === 'string') return reportFailure(context, unread(before ?? '', old))
    const changes = schemaChanges(dataset, now, old)
    datasets.push({
      name: dataset.name,
      rows: now.rows,
      ...(old === undefined ? {} : { before: old.rows }),
      proposals: changes.map((change) => proposePatch(sources, program, dataset.name, change, context.params)),
    })
  }
  const models = data === undefined ? await healedModels(context, ready) : []
  const healed: Healed = { schema: 'plumbline/heal/1', datasets, models }
  context.out(context.json ? `${JSON.stringify(healed, null, 2)}\n` : healedText(healed, context.style))
  return datasets.some(({ proposals }) => proposals.length > 0) || models.length > 0 ? EXIT.violated : EXIT.ok
}

/** Models in files of the project that no longer give the tensors that outputs are read from; one that is not there or cannot be read is for `test` to tell. */
async function healedModels(
  { root, params }: CommandContext,
  { program, sources }: { readonly program: Program; readonly sources: SourceSet },
): Promise<Healed['models']> {
  const healed: Healed['models'][number][] = []
  for (const model of program.models) {
    if (model.artifact === undefined || model.name === 'challenger') continue
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each holds its weights while it is looked at.
    const tensors = await modelTensors(join(root, model.artifact))
    if (typeof tensors === 'string') continue
    const proposals = outputChanges(model, tensors).map((change) =>
      proposeOutputPatch(sources, program, change, params),
    )
    if (proposals.length > 0) healed.push({ name: model.name, file: model.artifact, proposals })
  }
  return healed
}

/** The same dataset read from another file, by the format that its name says. */
function at(dataset: ProgramDataset, path: string): ProgramDataset {
  const ending = /\.(csv|parquet|json)$/i.exec(path)?.[1]?.toLowerCase() as 'csv' | 'parquet' | 'json' | undefined
  if (!isInFiles(dataset)) return { ...dataset, source: { path, format: ending ?? 'csv' } }
  const { format } = dataset.source
  return { ...dataset, source: { ...dataset.source, path, format: ending ?? format } }
}

function unread(path: string, why: string) {
  return failure(
    'cli/data-unread',
    `${path} cannot be read: ${why}`,
    'What changed is found by comparing columns cell by cell.',
    'Name a file inside the project that is there and can be read.',
    EXIT.environment,
  ).failure
}
