import { relative } from 'node:path'
import { compile, type DataProfile, hasErrors, type Program, visible, writeFirstSpec } from '@plumbline/core'
import { profileFile, type ProfileFailure } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { findDataFile, quoted } from '../project/data-file.ts'
import { newSpecPlace, writeNewSpec } from '../project/new-spec.ts'
import { reportFailure } from '../report-failure.ts'
import { counted } from '../terminal/counted.ts'
import { profileTable } from '../terminal/profile-table.ts'

/** `plumb init DATA`: profiles a file and writes a first spec of it, which passes `check` and `test` on that file. */
export async function init(
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const template = options['template']
  if (typeof template === 'string')
    return (await import('./init-template.ts')).initTemplate(context, template, args[0], options['force'] === true)
  if (args[0] === undefined) return reportFailure(context, noData())
  const spec = context.specFile ?? 'plumb.yaml'
  const free = await newSpecPlace(context, 'init', spec, options['force'] === true)
  if (!free.ok) return reportFailure(context, free.failure)
  const file = await findDataFile(context.host, context.root, args[0] ?? '')
  if (!file.ok) return reportFailure(context, file.failure)
  context.progress(`reading ${file.value.path}`)
  const found = await profileFile({ root: context.root, path: file.value.path, signal: context.signal })
  context.progress('')
  if (!found.ok) return reportFailure(context, initFailure(found.failure))
  const profile = found.value
  const first = writeFirstSpec(profile)
  const program = compiled(spec, first.text)
  const written = await writeNewSpec(context, 'init', spec, first.text)
  if (!written.ok) return reportFailure(context, written.failure)
  if (context.json) context.out(`${JSON.stringify(summary(spec, profile, first.todos.length), null, 2)}\n`)
  else show(context, spec, profile, program, first.todos.length)
  return EXIT.ok
}

function noData() {
  return failure(
    'init/no-data',
    'Nothing says what the spec is to be made from.',
    'A first spec is written from the data, or from a template.',
    'Write `plumb init DATA.csv`, or `plumb init --template binary-classification`.',
  ).failure
}

function initFailure({ code, message, why, fix }: ProfileFailure) {
  const exit = code === 'interrupted' ? EXIT.interrupted : code === 'engine' ? EXIT.environment : EXIT.usage
  return failure(`init/${code}`, message, why, fix, exit).failure
}

/** A first spec that does not compile is a mistake of ours: it is not written. */
function compiled(path: string, text: string): Program {
  const { value, diagnostics } = compile({ main: { path, text }, others: [] })
  const wrong = diagnostics.find((d) => hasErrors([d]))
  if (value === undefined) throw new Error(`the first spec would not compile: ${wrong?.code} ${wrong?.message}`)
  return value
}

function summary(spec: string, profile: DataProfile, todos: number): object {
  const { source, rows, columns, keys, copies, leftOut } = profile
  return {
    spec,
    source,
    rows,
    columns,
    ...(keys[0] === undefined ? {} : { key: keys[0] }),
    ...(copies === undefined ? {} : { copies }),
    left_out: leftOut,
    todos,
  }
}

function show(context: CommandContext, spec: string, profile: DataProfile, program: Program, todos: number): void {
  const { out, style } = context
  const { source, rows, columns, leftOut } = profile
  const details = [
    source.format,
    ...(source.header === false ? ['no header'] : []),
    ...(source.encoding === undefined ? [] : [source.encoding]),
  ]
  out(
    `${style.bold(visible(source.path))}  ${counted(rows, 'row')}, ${counted(columns.length, 'column')} ${style.dim(`(${details.join(', ')})`)}\n\n`,
  )
  out(`${profileTable(profile, style)}\n`)
  for (const { column, why } of leftOut) {
    out(`${style.yellow('!')} not declared: ${column === '' ? 'a column' : `"${visible(column)}"`} ${why}\n`)
  }
  const clauses = counted(program.clauses.length, 'clause')
  out(
    `${style.green('✓')} ${visible(spec)}: ${clauses}, all from what the file shows; each only warns until you confirm it\n`,
  )
  out(
    `  ${counted(todos, 'TODO')} in it ${todos === 1 ? 'is' : 'are'} yours to decide: purpose, label, protected columns, units, codes\n\n`,
  )
  const command = commandFor(context, spec)
  out(`Next:\n  ${command} check   ${style.dim('what the spec says, without touching data')}\n`)
  out(`  ${command} test    ${style.dim('a verdict on every clause, with the rows that break it')}\n`)
}

function commandFor(context: CommandContext, spec: string): string {
  const folder = relative(process.cwd(), context.root)
  const where = folder === '' ? '' : ` -C ${quoted(folder.startsWith('..') ? context.root : folder)}`
  return `plumb${where}${spec === 'plumb.yaml' ? '' : ` --spec ${quoted(spec)}`}`
}
