import { visible } from '@plumbline/core'
import { parseDocument, type YAMLError } from 'yaml'
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
  const read = readDocument(text)
  if ('broken' in read)
    return failed(
      'not-a-document',
      `The file is broken at line ${read.line}, column ${read.column}: ${read.broken}.`,
      'Checks of other tools are JSON, YAML or text of protocol buffers, and are read as a whole or not at all.',
      'Mend the file there, or have the other tool write it again.',
    )
  const { document } = read
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

/** What a file holds, undefined where that has no names; or its first fault. */
type Read =
  | { readonly document: Fields | undefined }
  | { readonly broken: string; readonly line: number; readonly column: number }

function readDocument(text: string): Read {
  const json = parseJson(text)
  if (json !== undefined) return { document: isFields(json) ? json : undefined }
  // JSON with a fault is YAML with a fault, which knows its place.
  const parsed = parseDocument(text, { logLevel: 'error', prettyErrors: true })
  const [fault] = parsed.errors
  if (fault === undefined) return { document: valueOf(parsed) }
  // The text format of protocol buffers is no YAML. Which of them a broken file was meant to be: the one it can be read further as.
  const message = readTextProto(text)
  if ('fields' in message) return { document: message.fields }
  return message.readUpTo > fault.pos[0] ? cutAt(text, message.readUpTo) : faultOf(fault)
}

/** Undefined for what is no map, and where aliases stand for more than anybody wrote. */
function valueOf(parsed: ReturnType<typeof parseDocument>): Fields | undefined {
  try {
    const value: unknown = parsed.toJS({ maxAliasCount: 100 })
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

function cutAt(text: string, at: number): Read {
  const before = text.slice(0, at).split('\n')
  const broken = at < text.length ? 'this is no part of a message' : 'it ends within a message'
  return { broken, line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

function faultOf({ message, linePos }: YAMLError): Read {
  const [{ line, col: column } = { line: 1, col: 1 }] = linePos ?? []
  // The first line says it; a frame of the file follows.
  const said = message.split(/ at line \d|\n/, 1)[0] ?? message
  return { broken: visible(said), line, column }
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
