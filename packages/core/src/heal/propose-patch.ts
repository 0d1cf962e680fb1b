import type { Clause } from '../clause/clause.ts'
import type { Program } from '../clause/program.ts'
import { compile } from '../compile.ts'
import type { Diagnostic } from '../diagnostics/index.ts'
import { isPlainName } from '../expr/parse/token.ts'
import { parseSpec } from '../language/index.ts'
import type { ColumnSource } from '../language/spec.ts'
import type { SourceSet } from '../source/source-file.ts'
import type { Located } from '../source/span.ts'
import { columnsOf } from '../targets/children.ts'
import { type SpecEdit, unifiedDiff, withSpecEdits } from './edits.ts'
import { namesRead } from './names-read.ts'
import { type Protection, protectionOf, textOf } from './protected-clauses.ts'
import type { SchemaChange } from './schema-changes.ts'

/** The patch that follows a change, or why there is none. */
export type HealProposal =
  | {
      readonly kind: 'patch'
      readonly change: SchemaChange
      /** A unified diff of the files of the spec. */
      readonly diff: string
      /** Clauses whose conditions it rewrites. */
      readonly rewrites: readonly string[]
      /** Clauses that read the column and are left as they are: a person has to look at their numbers and codes. */
      readonly review: readonly string[]
      /** Models that read the column: where a tensor is named after it, the model no longer fits. */
      readonly models: readonly string[]
    }
  | {
      readonly kind: 'withheld'
      readonly change: SchemaChange
      readonly why: string
      /** The clauses that no patch may touch, and what they protect. */
      readonly protected: readonly { readonly clause: string; readonly protects: Protection }[]
    }

/** Rounds in which names that are no longer known are followed. */
const ROUNDS = 20

/** The patch of the spec that follows one change of a dataset. The patched spec compiles, or there is none. */
export function proposePatch(
  sources: SourceSet,
  program: Program,
  dataset: string,
  change: SchemaChange,
  params: Readonly<Record<string, string>> = {},
): HealProposal {
  const withheld = (why: string, kept: readonly Clause[] = []): HealProposal => ({
    kind: 'withheld',
    change,
    why,
    protected: kept.flatMap((clause) => {
      const protects = protectionOf(program, clause)
      return protects === undefined ? [] : [{ clause: clause.id, protects }]
    }),
  })
  if (change.kind === 'gone' && change.became !== undefined)
    return withheld(
      `\`${change.became.to}\` holds it under another name and changed as well: write its new name in the spec, with ${change.became.codes === undefined ? 'the unit and numbers' : 'the codes'} of now`,
    )
  if (change.kind === 'gone') return withheld('nothing in the data stands for it with enough evidence')
  if (change.kind === 'reformatted' && change.to === undefined)
    return withheld('no cell tells whether the day or the month comes first')
  const declared = program.datasets
    .find(({ name }) => name === dataset)
    ?.columns.find(({ name }) => name === change.column)
  if (declared?.protected === true)
    return withheld('the column is protected: what becomes of it is for a person to decide')
  const column = parseSpec(sources, params).value?.data.get(dataset)?.columns.get(change.column)
  if (column === undefined) return withheld('the column is not declared in a file of this spec')
  const readers = program.clauses.filter(
    (clause) => clause.origin === 'authored' && namesRead(clause).has(change.column),
  )
  // Which split a row is in is what clauses about leakage stand on, whatever columns they read themselves.
  const splits = program.datasets.find(({ name }) => name === dataset)?.splits ?? []
  const bySplit = splits.some(({ condition }) => columnsOf(condition).has(change.column))
  const guarded = program.clauses.filter((clause) => {
    const protects = protectionOf(program, clause)
    return protects !== undefined && (readers.includes(clause) || (bySplit && protects === 'leakage'))
  })
  if (guarded.length > 0)
    return withheld(
      'clauses about fairness, leakage, safety or absence read the column: a patch could heal away what they are for',
      guarded,
    )
  const patched =
    change.kind === 'renamed' ? renamed(sources, column, change, params) : contract(sources, column, change)
  if (typeof patched === 'string') return withheld(patched)
  const after = compile(patched, params)
  if (after.value === undefined) return withheld(`the patched spec has mistakes: ${firstError(after.diagnostics)}`)
  const texts = new Map(after.value.clauses.map((clause) => [clause.id, textOf(clause)]))
  const rewritten = readers.filter((clause) => texts.get(clause.id) !== textOf(clause)).map(({ id }) => id)
  const diff = [sources.main, ...sources.others]
    .map((file, i) =>
      unifiedDiff(file.path, file.text, (i === 0 ? patched.main : patched.others[i - 1])?.text ?? file.text),
    )
    .join('')
  return {
    kind: 'patch',
    change,
    diff,
    rewrites: rewritten,
    review: change.kind === 'renamed' ? [] : readers.map(({ id }) => id),
    models: program.models
      .filter(({ from, input }) => from === dataset && input.includes(change.column))
      .map(({ name }) => name),
  }
}

/** The declaration under its new name, and every place that the compiler then no longer understands. */
function renamed(
  sources: SourceSet,
  column: ColumnSource,
  { column: from, to }: Extract<SchemaChange, { kind: 'renamed' }>,
  params: Readonly<Record<string, string>>,
): SourceSet | string {
  if (!isPlainName(to)) return `"${to}" is no plain name: expressions would have to say row["…"]`
  let patched = withSpecEdits(sources, [{ span: column.nameSpan, text: to }])
  for (let round = 0; round < ROUNDS; round++) {
    const { value, diagnostics } = compile(patched, params)
    if (value !== undefined) return patched
    const edits = diagnostics.flatMap((each) => followed(patched, each, from, to))
    const places = new Map(edits.map((edit) => [`${edit.span.file}:${edit.span.start}`, edit]))
    if (places.size === 0) return `the patched spec has mistakes: ${firstError(diagnostics)}`
    patched = withSpecEdits(patched, [...places.values()])
  }
  return 'the new name could not be put in every place'
}

/** The old name where a finding complains of it. */
function followed(sources: SourceSet, { span, severity }: Diagnostic, from: string, to: string): readonly SpecEdit[] {
  const file = [sources.main, ...sources.others].find(({ path }) => path === span.file)
  const text = file?.text.slice(span.start, span.end) ?? ''
  if (severity !== 'error' || text.length > from.length + 4) return []
  const at = text.indexOf(from)
  return at === -1
    ? []
    : [{ span: { file: span.file, start: span.start + at, end: span.start + at + from.length }, text: to }]
}

/** The column's own contract, changed as the cells have. */
function contract(
  sources: SourceSet,
  column: ColumnSource,
  change: Extract<SchemaChange, { kind: 'recoded' | 'rescaled' | 'retyped' | 'reformatted' }>,
): SourceSet | string {
  switch (change.kind) {
    case 'retyped':
      return withSpecEdits(sources, [{ span: column.type.span, text: change.to }])
    case 'reformatted':
      return withSpecEdits(sources, [formatEdit(sources, column, JSON.stringify(change.to))])
    case 'rescaled': {
      if (column.range === undefined) return 'the column declares no range that could follow the factor'
      const scaled = column.range.value.map((end) => (end === null ? 'null' : boundText(Number(end) * change.factor)))
      const ends = change.factor < 0 ? scaled.toReversed() : scaled
      return withSpecEdits(sources, [{ span: column.range.span, text: `[${ends.join(', ')}]` }])
    }
    case 'recoded': {
      const { values } = column
      if (values === undefined) return 'the column declares no values'
      const became = new Map(change.codes)
      const codes = values.value.map(({ code, label }) => [became.get(String(code)) ?? String(code), label] as const)
      const text = (each: string): string =>
        /^-?\d+$|^[A-Za-z]\w*$/.test(each) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(each)
          ? each
          : JSON.stringify(each)
      const written = codes.some(([, label]) => label !== undefined)
        ? `{ ${codes.map(([code, label]) => `${text(code)}: ${JSON.stringify(label ?? code)}`).join(', ')} }`
        : `[${codes.map(([code]) => text(code)).join(', ')}]`
      return withSpecEdits(sources, [{ span: values.span, text: written }])
    }
  }
}

const formatEdit = (sources: SourceSet, { format, type }: ColumnSource, written: string): SpecEdit =>
  keyEdit(sources, { key: 'format', known: format, type }, written)

/** The value of a key in its place, or the key behind the type: in a map of one line, or on a line of its own. */
export function keyEdit(
  sources: SourceSet,
  {
    key: name,
    known,
    type,
  }: { readonly key: string; readonly known: Located<unknown> | undefined; readonly type: Located<unknown> },
  written: string,
): SpecEdit {
  if (known !== undefined) return { span: known.span, text: written }
  const text = [sources.main, ...sources.others].find(({ path }) => path === type.span.file)?.text ?? ''
  const line = text.slice(text.lastIndexOf('\n', type.span.start) + 1, type.span.start)
  const declared = text.slice(type.span.start, type.span.end)
  const key = /^(\s*)type:\s*$/.exec(line)
  const between = key === null ? ', ' : `\n${key[1]}`
  return { span: type.span, text: `${declared}${between}${name}: ${written}` }
}

const boundText = (value: number): string => String(Number(value.toPrecision(12)))

const firstError = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'it does not compile'
