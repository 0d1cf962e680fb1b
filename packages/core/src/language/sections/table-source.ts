import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located, Span } from '../../source/span.ts'
import type { ReadContext } from '../reader/reader.ts'
import type { TableSource } from '../spec.ts'
import { tableNames } from '../table-names.ts'
import type { YamlEntry } from '../yaml/tree.ts'

/** The keys of a source that say a table of a database. */
export interface TableKeys {
  readonly engine?: Located<string> | undefined
  readonly table?: Located<string> | undefined
  readonly pinned?: Located<boolean> | undefined
}

const KEYS: ReadonlySet<string> = new Set(['engine', 'table', 'pinned'])

/** A source that names an engine: its table, and nothing that says how a file is read. */
export function tableSource(
  { engine, table, pinned }: TableKeys,
  span: Span,
  entries: ReadonlyMap<string, YamlEntry>,
  context: ReadContext,
): Located<TableSource> | undefined {
  for (const key of ['engine', 'table'] as const) {
    if (entries.has(key)) continue
    const start = { ...span, end: span.start + 1 }
    const expects = key === 'engine' ? 'the name of an engine' : 'the name of a table'
    context.report(diagnose(catalog.missingKey, start, { key, of: "'source'", expects }))
  }
  const [ofFiles] = [...entries].filter(([key]) => !KEYS.has(key))
  if (ofFiles !== undefined) {
    const fix = 'Name either a file (`path` and how it is read) or a table (`engine`, `table`).'
    const expects = 'a key of a table of an engine'
    context.report(diagnose(catalog.badLiteral, ofFiles[1].keyNode.span, { text: ofFiles[0], expects, fix }))
  }
  if (engine === undefined || table === undefined) return undefined
  if (tableNames(table.value) === undefined) {
    const expects = 'the name of a table'
    const fix = 'Write table or schema.table; a name that holds a dot stands in double quotes.'
    context.report(diagnose(catalog.badLiteral, table.span, { text: table.value, expects, fix }))
    return undefined
  }
  return { span, value: { engine, table: table.value, pinned: pinned?.value ?? true } }
}
