import { join, relative, resolve } from 'node:path'
import { type Diagnostic, printYaml, type SourceFile, type SourceSet } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Failure, type Outcome, success } from '../failure.ts'
import { readSpecFile } from '../project/load-program.ts'
import { findSpec } from '../project/spec-file.ts'
import { readSources } from '../project/spec-sources.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'
import { diagnosticJson, showDiagnostics } from '../reporters/diagnostics.ts'

/** What `plumb fmt` does with one file. */
interface LaidOut {
  readonly path: string
  /** The text to write; absent where the file is laid out already. */
  readonly text?: string
}

/**
 * `plumb fmt`: lays out the spec and the files it extends, or the files named. Nothing is written unless all of them can be: a broken file is
 * shown and left as it is. With `--check` nothing is written, and a file that would change is a failure.
 */
export async function fmt(
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const found = args.length > 0 ? await readAll(context, args) : await readWhole(context)
  if (!found.ok) return reportFailure(context, found.failure)
  const files = found.value
  const results: LaidOut[] = []
  const diagnostics: Diagnostic[] = []
  for (const file of files) {
    const printed = printYaml(file)
    if (printed.kind === 'unsafe') return reportFailure(context, unsafe(file.path))
    if (printed.kind === 'broken') diagnostics.push(...printed.diagnostics)
    else results.push({ path: file.path, ...(printed.text === file.text ? {} : { text: printed.text }) })
  }
  if (diagnostics.length > 0) return refuse(context, diagnostics, files)
  const check = options['check'] === true
  if (!check)
    for (const result of results) {
      // oxlint-disable-next-line no-await-in-loop -- one write after the other; there are few files.
      const written = await write(context, result)
      if (!written.ok) return reportFailure(context, written.failure)
    }
  show(context, results, check)
  return check && results.some(({ text }) => text !== undefined) ? EXIT.violated : EXIT.ok
}

async function readWhole(context: CommandContext): Promise<Outcome<readonly SourceFile[]>> {
  const path = await findSpec(context.host, context.root, context.specFile)
  if (!path.ok) return path
  const main = await readSpecFile(context, path.value)
  if (!main.ok) return main
  const { others } = await readSources(context.host, context.root, main.value)
  return success([main.value, ...others])
}

async function readAll(context: CommandContext, paths: readonly string[]): Promise<Outcome<readonly SourceFile[]>> {
  const files: SourceFile[] = []
  for (const path of new Set(paths.map((each) => relative(context.root, resolve(context.root, each))))) {
    // oxlint-disable-next-line no-await-in-loop -- the first that cannot be read ends it.
    const file = await readSpecFile(context, path)
    if (!file.ok) return file
    files.push(file.value)
  }
  return success(files)
}

/** Replaces a file as a whole; through a link, what it leads to. */
async function write({ host, root }: CommandContext, { path, text }: LaidOut): Promise<Outcome<void>> {
  if (text === undefined) return success(undefined)
  const real = await host.files.realpath(join(root, path))
  const written = real.ok ? await host.files.writeAtomic(real.value, text) : real
  if (written.ok) return success(undefined)
  return failure(
    'cli/not-written',
    `${path} could not be written: ${written.error.message}.`,
    'A file is replaced as a whole or not at all; this one is as it was.',
    'Make room, or give write permission to its folder.',
    EXIT.environment,
  )
}

function refuse(
  context: CommandContext,
  diagnostics: readonly Diagnostic[],
  [main, ...others]: readonly SourceFile[],
): ExitCode {
  const sources: SourceSet = { main: main ?? { path: '', text: '' }, others }
  if (context.json)
    context.out(
      `${JSON.stringify({ files: [], diagnostics: diagnostics.map((d) => diagnosticJson(d, sources)) }, null, 2)}\n`,
    )
  else showDiagnostics(context, diagnostics, sources)
  return EXIT.usage
}

function show(context: CommandContext, results: readonly LaidOut[], check: boolean): void {
  if (context.json) {
    const files = results.map(({ path, text }) => ({ path, changed: text !== undefined }))
    context.out(`${JSON.stringify({ files, diagnostics: [] }, null, 2)}\n`)
    return
  }
  const changed = results.filter(({ text }) => text !== undefined)
  for (const { path } of changed) context.out(`${oneLine(path)} ${check ? 'is not laid out' : 'laid out'}\n`)
  const rest = results.length - changed.length
  if (rest > 0) context.out(`${rest} ${rest === 1 ? 'file' : 'files'} unchanged\n`)
}

function unsafe(path: string): Failure {
  return {
    code: 'cli/fmt-unsafe',
    message: `${path} was left as it is: laid out anew it would not say the same.`,
    why: 'This is a fault of plumb, not of your spec.',
    fix: 'Report it with the file, if you can.',
    exit: EXIT.environment,
  }
}
