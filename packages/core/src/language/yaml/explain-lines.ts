import type { CST, YAMLError } from 'yaml'
import type { SourceFile } from '../../source/source-file.ts'
import { quotedEndingAt, unclosedBracket } from './cst.ts'

/** What is wrong, in words, at a place of the file that may be another than where the library stumbled. */
export interface Explained {
  readonly what: string
  readonly fix: string
  readonly start: number
  readonly end: number
}

/**
 * What a fault comes from, where the lines around it tell: the library names the rule of YAML that broke, and people break it by
 * a line that is indented too deep, a colon or a comma left out, a bracket or quote left open. Undefined where they do not tell.
 */
export function explainByLines(
  file: SourceFile,
  fault: YAMLError,
  faults: readonly YAMLError[],
  tokens: readonly CST.Token[],
): Explained | undefined {
  const [start, end] = fault.pos
  switch (fault.code) {
    case 'BLOCK_AS_IMPLICIT_KEY': {
      if (/sequence/.test(fault.message)) return listAmongKeys(file, start)
      const key = faults.find((other) => other.code === 'MULTILINE_IMPLICIT_KEY' && other.pos[0] === start)
      return key === undefined ? undefined : tooDeep(file, start, key.pos[1])
    }
    case 'MULTILINE_IMPLICIT_KEY':
      return withoutColon(file, start)
    case 'BAD_INDENT':
      return /Flow/.test(fault.message) ? openBracket(tokens) : undefined
    case 'BLOCK_IN_FLOW':
      return withoutComma(file, start, end)
    case 'UNEXPECTED_TOKEN':
      return / at node end/.test(fault.message) ? afterQuote(file, tokens, start, end) : undefined
    default:
      return undefined
  }
}

/** A line whose indentation holds a blank that YAML takes for text; undefined where there is none. */
export function oddIndentation({ text }: SourceFile): Explained | undefined {
  const found = /^[ \t]*([\u00a0\u2000-\u200b\u202f\u3000\ufeff]+)[ \t]*\S/m.exec(
    text.slice(text.startsWith('\ufeff') ? 1 : 0),
  )
  if (found === null) return undefined
  const start = found.index + found[0].indexOf(found[1] ?? '') + (text.startsWith('\ufeff') ? 1 : 0)
  return {
    what: 'This line is indented with characters that look like spaces and are none.',
    fix: 'Replace them by plain spaces: they came with text copied from elsewhere.',
    start,
    end: start + (found[1] ?? '').length,
  }
}

/** `of: stays` and a key below it that is indented deeper: YAML reads both as one value. */
function tooDeep({ text }: SourceFile, above: number, keyEnd: number): Explained | undefined {
  const line = text.lastIndexOf('\n', keyEnd - 1) + 1
  const key = text.slice(line, keyEnd).trim()
  const lineAbove = text.slice(text.lastIndexOf('\n', above - 1) + 1, text.indexOf('\n', above)).trim()
  if (line <= above || key === '') return undefined
  const start = keyEnd - key.length
  return {
    what: `'${clipped(key)}' is indented deeper than '${clipped(lineAbove)}', which has its value already.`,
    fix: 'Align the two.',
    start,
    end: keyEnd,
  }
}

/** `of stays` on a line of its own. */
function withoutColon({ text }: SourceFile, start: number): Explained {
  const stop = text.indexOf('\n', start)
  const line = text.slice(start, stop < 0 ? text.length : stop).trimEnd()
  const parts = /^([\w-]+)(?:\s*:|\s)\s*(\S.*)$/.exec(line)
  return {
    what: "This line is no key with a value: ': ' is missing.",
    fix: parts === null ? "Write 'key: value'." : `Write '${clipped(`${parts[1]}: ${parts[2]}`)}'.`,
    start,
    end: start + line.length,
  }
}

function openBracket(tokens: readonly CST.Token[]): Explained | undefined {
  const open = unclosedBracket(tokens)
  if (open === undefined) return undefined
  const [what, close] = open.start.source === '{' ? ['map in braces', '}'] : ['list in brackets', ']']
  return {
    what: `The ${what} that begins here is not closed by '${close}'.`,
    fix: `Add the closing '${close}', and indent every line of it deeper than its key.`,
    start: open.offset,
    end: open.offset + 1,
  }
}

const QUOTES = 'Put the whole text in quotes (\'…\' or "…").'

/** `{ of: stays every: … }`, and a text with a colon. */
function withoutComma({ text }: SourceFile, start: number, end: number): Explained | undefined {
  const written = text.slice(start, Math.min(end, start + 2_000))
  const found = /^(\S.*?)\s+([A-Za-z_][\w-]*):\s/.exec(written)
  if (found === null) {
    const colon = /^[^[\]{}\n]*?\S(\s*:)\s/.exec(written)
    if (colon === null) return undefined
    const at = start + colon[0].lastIndexOf(':')
    return { what: "A text without quotes cannot hold ': '.", fix: QUOTES, start: at, end: at + 1 }
  }
  const [, before = '', key = ''] = found
  const at = start + found[0].lastIndexOf(`${key}:`)
  return {
    what: `A comma is missing before '${key}:', or quotes around the text.`,
    fix: `Write '${clipped(before)}, ${key}: …', or put the whole text in quotes ('…' or "…").`,
    start: at,
    end: at + key.length,
  }
}

/** `"ward == "icu""` and `ward in ['icu']`. */
function afterQuote(
  { text }: SourceFile,
  tokens: readonly CST.Token[],
  start: number,
  end: number,
): Explained | undefined {
  const stop = text.indexOf('\n', start)
  const rest = text.slice(start, stop < 0 ? text.length : stop)
  const quoted = quotedEndingAt(tokens, start)
  if (quoted === undefined) {
    if (!/^[[{]/.test(rest)) return undefined
    const quotes = rest.includes("'") && !rest.includes('"') ? 'double quotes ("…")' : "single quotes ('…')"
    return {
      what: `A text without quotes ends before '${rest[0]}'.`,
      fix: `Put the whole text in ${quotes}.`,
      start,
      end: start + 1,
    }
  }
  const isDouble = quoted.type === 'double-quoted-scalar'
  return {
    what: 'The quote before this closes the text.',
    fix: isDouble
      ? "Put the whole text in single quotes ('…'), or write \\\" for a quote inside."
      : 'Put the whole text in double quotes ("…"), or write \'\' for a quote inside.',
    start,
    end,
  }
}

/** `- adults:` among `enough: …`. */
function listAmongKeys({ text }: SourceFile, start: number): Explained | undefined {
  const stop = text.indexOf('\n', start + 1)
  const found = /^(\s*)- +([^\s:]+):/.exec(text.slice(start, stop < 0 ? text.length : stop))
  if (found === null) return undefined
  const at = start + (found[1] ?? '').length
  return {
    what: "An item of a list ('- …') stands among the keys of a map.",
    fix: `Write '${clipped(found[2] ?? '')}:' without the dash, like the keys above.`,
    start: at,
    end: at + 1,
  }
}

function clipped(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
