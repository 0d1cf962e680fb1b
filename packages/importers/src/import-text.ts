import { parse as parseYaml } from 'yaml'
import { assemble } from './draft/assemble.ts'
import type { Imported, ImportFailure } from './draft/imported.ts'
import { type Format, formats, type ImportOptions } from './formats.ts'
import { readTextProto } from './tfdv/text-proto.ts'
import { type Fields, isFields, parseJson } from './text/json.ts'

/** A spec made of a file, or why none could be. */
export type ImportResult =
  | { readonly ok: true; readonly format: Format; readonly value: Imported }
  | { readonly ok: false; readonly failure: ImportFailure }

/** Most characters of a file that are read. */
const LONGEST = 20_000_000

/** Imports the text of a file; `from` names the format, which is recognized otherwise. */
export function importText(text: string, options: ImportOptions & { readonly from?: string } = {}): ImportResult {
  if (text.length > LONGEST)
    return failed(
      'unreadable',
      'The file is larger than 20 MB.',
      'Checks written by people are not.',
      'Name another file.',
    )
  const document = readDocument(text)
  if (document === undefined || !isShallow(document))
    return failed(
      'not-a-document',
      'The file holds no JSON, YAML or text of protocol buffers with names and values, or is nested too deeply.',
      'Checks of other tools are documents of that kind.',
      'Name the file that the other tool keeps its checks in.',
    )
  const format =
    options.from === undefined
      ? formats.find((each) => each.recognizes(document))
      : formats.find((each) => each.name === options.from)
  if (format === undefined || !format.recognizes(document)) {
    const known = formats.map(({ title }) => title).join('; ')
    return failed(
      'unknown-format',
      format === undefined ? 'The format of the file is not known.' : `The file is none of ${format.title}.`,
      `What can be imported: ${known}.`,
      'Name the format with --from, or another file.',
    )
  }
  return { ok: true, format, value: assemble(format.read(document, options)) }
}

function readDocument(text: string): Fields | undefined {
  const json = parseJson(text)
  if (isFields(json)) return json
  if (json !== undefined) return undefined
  try {
    const yaml: unknown = parseYaml(text, { maxAliasCount: 100, logLevel: 'error' })
    if (isFields(yaml)) return yaml
  } catch {
    // The text format of protocol buffers is no YAML.
  }
  return readTextProto(text)
}

/** Whether nothing stands deeper than {@link DEEPEST}: readers follow what they read into its depth. */
function isShallow(document: unknown): boolean {
  let level: readonly unknown[] = [document]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return false
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return true
}

/** Levels of lists and maps; checks of people have some ten. */
const DEEPEST = 100

function failed(code: ImportFailure['code'], message: string, why: string, fix: string): ImportResult {
  return { ok: false, failure: { code, message, why, fix } }
}
