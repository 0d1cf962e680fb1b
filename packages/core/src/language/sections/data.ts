import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located, Span } from '../../source/span.ts'
import { byKind, id, identifier, list, mapOf, record } from '../reader/collections.ts'
import { expression } from '../reader/expression.ts'
import { present, type Reader, type ReadContext, transform } from '../reader/reader.ts'
import { boolean, character, choice, path, rawText, text, word } from '../reader/scalars.ts'
import type { Dataset, Expression, Source, TableSource } from '../spec.ts'
import { columns, rawTexts } from './column.ts'
import { severity } from './common.ts'
import { tableSource } from './table-source.ts'

const FORMATS = ['csv', 'parquet', 'json', 'arrow'] as const

const ENDINGS: ReadonlyMap<string, Source['format']> = new Map([
  ['csv', 'csv'],
  ['tsv', 'csv'],
  ['parquet', 'parquet'],
  ['pq', 'parquet'],
  ['json', 'json'],
  ['jsonl', 'json'],
  ['ndjson', 'json'],
  ['arrow', 'arrow'],
  ['arrows', 'arrow'],
  ['feather', 'arrow'],
])

function ending(file: string): string {
  const bare = file.replace(/\.(?:gz|zst)$/, '')
  return bare.slice(bare.lastIndexOf('.') + 1).toLowerCase()
}

function sourceAt(
  file: Located<string>,
  span: Span,
  format: Source['format'] | undefined,
  context: ReadContext,
): Located<Source> | undefined {
  const found = format ?? ENDINGS.get(ending(file.value))
  if (found === undefined) {
    context.report(diagnose(catalog.unknownFormat, file.span, { path: file.value }))
    return undefined
  }
  const tabs = ending(file.value) === 'tsv' ? { delimiter: '\t' } : {}
  return { value: { path: file.value, format: found, ...tabs }, span }
}

/** A path inside the project, or the address of objects behind S3's protocol. */
const sourcePath: Reader<Located<string>> = {
  ...path,
  read: (node, context) =>
    node.kind === 'scalar' && /^s3:\/\/[^/\s]+\/\S/.test(node.text)
      ? word.read(node, context)
      : path.read(node, context),
}

const sourceMap = transform(
  record("'source'", {
    path: sourcePath,
    format: choice('a format', FORMATS),
    delimiter: rawText,
    quote: character,
    escape: character,
    decimal: choice('a decimal mark', ['.', ',']),
    ragged: choice('what becomes of ragged lines', ['refuse', 'skip']),
    header: boolean,
    null_values: rawTexts,
    encoding: word,
    engine: word,
    table: word,
    pinned: boolean,
  }),
  ({ values, span, entries }, _node, context): Located<Source | TableSource> | undefined => {
    if (entries.has('engine') || entries.has('table')) return tableSource(values, span, entries, context)
    if (!entries.has('path')) {
      const start = { ...span, end: span.start + 1 }
      const parameters = { key: 'path', of: "'source'", expects: path.expects }
      context.report(diagnose(catalog.missingKey, start, parameters))
    }
    if (values.path === undefined) return undefined
    const base = sourceAt(values.path, span, values.format?.value, context)
    return (
      base && {
        span,
        value: {
          ...base.value,
          ...present({
            delimiter: values.delimiter?.value,
            quote: values.quote?.value,
            escape: values.escape?.value,
            decimal: values.decimal?.value,
            ragged: values.ragged?.value,
            header: values.header?.value,
            nullValues: values.null_values?.map((each) => each.value),
            encoding: values.encoding?.value,
          }),
        },
      }
    )
  },
)

const source: Reader<Located<Source | TableSource>> = byKind(
  'the path of a file, { path, format, … } or { engine, table }',
  {
    scalar: transform(sourcePath, (file, _node, context) => sourceAt(file, file.span, undefined, context)),
    map: sourceMap,
  },
)

const splits = mapOf(identifier('a split'), expression, (_name, condition): Expression => condition)

/** `data`: the datasets, with their columns as contracts. */
export const dataSection: Reader<ReadonlyMap<string, Dataset>> = mapOf(
  identifier('a dataset'),
  record(
    'a dataset',
    { source, says: text, key: list(word), time: word, splits, columns, severity },
    { required: ['source', 'columns'] },
  ),
  (name, { values }) => {
    if (values.source === undefined || values.columns === undefined) return undefined
    return {
      ...name,
      source: values.source,
      key: values.key ?? [],
      splits: values.splits ?? new Map(),
      columns: values.columns,
      ...present({ says: values.says?.value, time: values.time, severity: values.severity }),
    }
  },
)

/** `slices`: named subsets by a condition on a row. */
export const slicesSection: Reader<ReadonlyMap<string, Expression>> = mapOf(
  id('a slice'),
  expression,
  (_name, condition) => condition,
)
