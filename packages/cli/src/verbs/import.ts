import { join, resolve } from 'node:path'
import { type ColumnProfile, type ColumnType, visible } from '@plumbline/core'
import { profileFile } from '@plumbline/engine'
import { type Imported, type ImportedItem, importText, type ImportOutcome } from '@plumbline/importers'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { findDataFile } from '../project/data-file.ts'
import { newSpecPlace, writeNewSpec } from '../project/new-spec.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb import FILE`: checks of another tool as a spec, and what became of each of them. */
export async function importChecks(
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const spec = context.specFile ?? 'plumb.yaml'
  const place = await newSpecPlace(context, 'import', spec, options['force'] === true)
  if (!place.ok) return reportFailure(context, place.failure)
  const text = await readChecks(context, args[0] ?? '')
  if (!text.ok) return reportFailure(context, text.failure)
  const data = typeof options['data'] === 'string' ? await readData(context, options['data']) : success({})
  if (!data.ok) return reportFailure(context, data.failure)
  const from = typeof options['from'] === 'string' ? { from: options['from'] } : {}
  const imported = importText(text.value, { ...data.value, ...from })
  if (!imported.ok) {
    const { code, message, why, fix } = imported.failure
    return reportFailure(context, failure(`import/${code}`, `${visible(args[0] ?? '')}: ${message}`, why, fix).failure)
  }
  const written = await writeNewSpec(context, 'import', spec, imported.value.text)
  if (!written.ok) return reportFailure(context, written.failure)
  if (context.json) context.out(`${JSON.stringify(importJson(spec, imported.format.name, imported.value), null, 2)}\n`)
  else show(context, spec, imported.format.title, imported.value)
  const lost = imported.value.items.some(({ outcome }) => outcome === 'refused')
  return lost && options['exitCode'] === true ? EXIT.violated : EXIT.ok
}

async function readChecks({ host, root }: CommandContext, typed: string): Promise<Outcome<string>> {
  for (const path of [join(root, typed), resolve(typed)]) {
    const read = await host.files.readFile(path)
    if (read.ok) return success(new TextDecoder().decode(read.value))
  }
  return failure(
    'import/no-file',
    `There is no file ${visible(typed)} that can be read.`,
    'The checks of the other tool are read from it.',
    'Check the path and its permissions.',
  )
}

/** The data that the checks are about: its place, and what its columns can be read as. */
async function readData(
  context: CommandContext,
  typed: string,
): Promise<Outcome<{ readonly source: string; readonly columns: ReadonlyMap<string, ColumnType> }>> {
  const file = await findDataFile(context.host, context.root, typed)
  if (!file.ok) return file
  context.progress(`reading ${file.value.path}`)
  const found = await profileFile({ root: context.root, path: file.value.path, signal: context.signal })
  context.progress('')
  if (!found.ok) {
    const { code, message, why, fix } = found.failure
    const exit = code === 'interrupted' ? EXIT.interrupted : code === 'engine' ? EXIT.environment : EXIT.usage
    return failure(`import/${code}`, message, why, fix, exit)
  }
  return success({
    source: file.value.path,
    columns: new Map(found.value.columns.map((each) => [each.name, typeOf(each)])),
  })
}

/** Codes are compared as what they are: nobody declared which there may be. */
function typeOf({ type, values }: ColumnProfile): ColumnType {
  if (type !== 'category') return type
  const kind = typeof values?.[0]
  return kind === 'number' ? 'integer' : kind === 'boolean' ? 'boolean' : 'text'
}

/** What `import --json` prints. */
export interface ImportJson {
  readonly schema: 'plumbline/import/1'
  readonly spec: string
  readonly format: string
  readonly counts: Readonly<Record<ImportOutcome, number>>
  readonly items: readonly ImportedItem[]
  readonly notes: readonly string[]
}

function importJson(spec: string, format: string, { items, notes }: Imported): ImportJson {
  const counted = (outcome: ImportOutcome): number => items.filter((item) => item.outcome === outcome).length
  return {
    schema: 'plumbline/import/1',
    spec,
    format,
    counts: {
      imported: counted('imported'),
      changed: counted('changed'),
      trivial: counted('trivial'),
      refused: counted('refused'),
    },
    items,
    notes,
  }
}

const TITLES: readonly (readonly [ImportOutcome, string])[] = [
  ['refused', 'Not imported'],
  ['changed', 'Imported with a difference'],
  ['trivial', 'Nothing to ask: it holds for all data'],
]

function show({ out, style }: CommandContext, spec: string, title: string, imported: Imported): void {
  const { items, notes } = imported
  const asked = items.filter(({ outcome }) => outcome === 'imported' || outcome === 'changed').length
  out(`${style.bold(title)}: ${asked} of ${items.length} checks are in ${visible(spec)}\n`)
  for (const [outcome, heading] of TITLES) {
    const some = items.filter((item) => item.outcome === outcome)
    if (some.length === 0) continue
    out(`\n${heading} (${some.length})\n`)
    for (const { what, where, about, notes: reasons } of some) {
      out(`  ${oneLine(what)}${about === '' ? '' : ` ${oneLine(about)}`} ${style.dim(oneLine(where))}\n`)
      for (const reason of reasons) out(`    ${oneLine(reason)}\n`)
    }
  }
  out('\n')
  for (const note of notes) out(`${style.dim('note')} ${oneLine(note)}\n`)
  out(
    `\nNext:\n  plumb check   ${style.dim('what the spec says')}\n  plumb test    ${style.dim('a verdict on every clause')}\n`,
  )
}
