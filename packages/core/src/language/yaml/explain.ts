import type { CST, YAMLError } from 'yaml'
import * as catalog from '../../diagnostics/catalog/yaml.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { SourceFile } from '../../source/source-file.ts'
import { quotedEndingAt } from './cst.ts'
import { explainByLines, type Explained, oddIndentation } from './explain-lines.ts'

interface Explanation {
  readonly when: RegExp
  readonly what: string
  readonly fix?: string
}

const QUOTE = `put the whole text in quotes ('…' or "…").`

/** What the YAML library's messages mean to the author of a spec; the first that matches counts. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    when: /Missing closing "quote/,
    what: 'The text in double quotes that begins here is not closed.',
    fix: 'Add the closing double quote (").',
  },
  {
    when: /Missing closing 'quote/,
    what: 'The text in single quotes that begins here is not closed.',
    fix: "Add the closing single quote (').",
  },
  {
    when: /Invalid escape sequence/,
    what: 'A backslash in double quotes begins an unknown escape.',
    fix: 'Write \\\\ for a backslash, or use single quotes.',
  },
  {
    when: /end with a \}/,
    what: "A map in braces is not closed by '}'.",
    fix: "Add the closing '}', and indent every line of it deeper than its key.",
  },
  {
    when: /end with a \]/,
    what: "A list in brackets is not closed by ']'.",
    fix: "Add the closing ']', and indent every line of it deeper than its key.",
  },
  {
    when: /Missing , between/,
    what: 'A comma is missing between two entries.',
    fix: `Add the comma. If this is one text, ${QUOTE}`,
  },
  {
    when: /Missing , or :/,
    what: 'A comma or colon is missing between two entries.',
    fix: `Add it. If this is one text, ${QUOTE}`,
  },
  { when: /Missing space after :/, what: 'A space is missing after the colon.', fix: "Write 'key: value'." },
  {
    when: /Unexpected ,/,
    what: 'This comma separates nothing.',
    fix: 'Remove it, or write the entry that should stand before it.',
  },
  { when: /Unexpected empty item/, what: 'An entry of this list or map is empty.', fix: 'Remove the extra comma.' },
  {
    when: /Nested mappings are not allowed/,
    what: "A second ': ' stands in one line.",
    fix: `Begin the nested map on a line of its own. If this is one text, ${QUOTE}`,
  },
  {
    when: /Implicit map keys need to be followed/,
    what: 'This line is neither a key with a value nor part of the value above.',
    fix: "Write 'key: value', or indent the line deeper if it continues the value above.",
  },
  {
    when: /Implicit keys need to be on a single line/,
    what: 'A key spans several lines.',
    fix: 'Write the key on one line, and check the colon and indentation of the lines above.',
  },
  {
    when: /All mapping items must start at the same column/,
    what: 'This key is not indented like the other keys of its map.',
    fix: 'Align it with the keys above.',
  },
  {
    when: /sequence items must start at the same column/,
    what: 'This item is not indented like the other items of its list.',
    fix: "Align its '-' with those above.",
  },
  {
    when: /Sequence item without/,
    what: "A list item without '-' stands between items.",
    fix: "Begin it with '- ', or indent it deeper.",
  },
  {
    when: /must be (more|sufficiently) indented|must be indented|less indented/,
    what: 'This line is not indented deep enough.',
    fix: 'Indent it deeper than the key it belongs to.',
  },
  {
    when: /Plain value cannot start with/,
    what: 'A text without quotes cannot begin with this character.',
    fix: `If this is one text, ${QUOTE}`,
  },
  {
    when: /block sequence may not be used as an implicit map key|block collection cannot/i,
    what: 'A list cannot begin here.',
    fix: 'Begin it on a line of its own, indented deeper.',
  },
  {
    when: /Block collections are not allowed within flow/,
    what: 'A list or map by indentation cannot stand inside braces or brackets.',
    fix: `Write it with braces or brackets, too. If this is one text, ${QUOTE}`,
  },
  {
    when: /at node end/,
    what: 'Something follows a value that has already ended.',
    fix: `If this is one text, ${QUOTE} A quote that closes early is the usual cause.`,
  },
  {
    when: /1024 chars/,
    what: 'A key is longer than 1024 characters.',
    fix: 'Check for a missing colon or quote in the lines above.',
  },
  {
    when: /white space|ambiguous/i,
    what: 'A space is missing before this.',
    fix: `Add the space. If this is one text, ${QUOTE}`,
  },
  {
    when: /nchor|lias/,
    what: "'&' and '*' at the beginning mark YAML anchors and aliases; this is not a correct one.",
    fix: `If this is one text, ${QUOTE}`,
  },
  {
    when: /extra characters/,
    what: "Text follows '|' or '>' on the same line.",
    fix: `Begin the text on the next line, or ${QUOTE}`,
  },
  { when: /directives-end/, what: 'A document ends here that never began.', fix: 'Remove the line.' },
]

/**
 * The faults the YAML library found, in our words, in the order of the file: one a line, and none behind an unclosed
 * quote, which swallows the rest.
 */
export function explainYamlErrors(
  file: SourceFile,
  faults: readonly YAMLError[],
  tokens: readonly CST.Token[],
  limit: number,
): readonly Diagnostic[] {
  const odd = oddIndentation(file)
  // YAML takes such blanks for text: what it finds behind them is an echo.
  if (odd !== undefined) return [broken(file, odd)]
  const unclosed = faults.find((fault) => /^Missing closing ["']quote/.test(fault.message))
  const opening = unclosed === undefined ? undefined : quotedEndingAt(tokens, unclosed.pos[0])
  const end = opening?.offset ?? file.text.length + 1
  let lineEnd = -1
  const kept = faults
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .filter((fault) => {
      const [at] = fault.pos
      if (at >= end || at <= lineEnd) return false
      const newline = file.text.indexOf('\n', at)
      lineEnd = newline < 0 ? file.text.length : newline
      return true
    })
    // Once the structure is broken, "unexpected" tokens behind it are the echo of the first fault.
    .filter((fault, index) => index === 0 || !/^Unexpected .* (?:token|in YAML document)/.test(fault.message))
    .slice(0, limit)
    .map((fault) => {
      const explained = explainByLines(file, fault, faults, tokens)
      return explained === undefined ? explainYamlError(file, fault) : broken(file, explained)
    })
  if (unclosed === undefined || opening === undefined) return kept
  const quote = explainYamlError(file, unclosed)
  return [...kept, { ...quote, span: { file: file.path, start: opening.offset, end: opening.offset + 1 } }]
}

function broken(file: SourceFile, { what, fix, start, end }: Explained): Diagnostic {
  return diagnose(catalog.brokenYaml, { file: file.path, start, end }, { what, fix })
}

/** A fault found by the YAML library, in our words, at its exact place. */
function explainYamlError(file: SourceFile, fault: YAMLError): Diagnostic {
  const start = Math.min(fault.pos[0], file.text.length)
  const span = { file: file.path, start, end: Math.min(Math.max(fault.pos[1], start), file.text.length) }
  if (fault.code === 'TAB_AS_INDENT') return diagnose(catalog.tabIndent, span, {})
  if (fault.code === 'TAG_RESOLVE_FAILED' || fault.code === 'BAD_COLLECTION_TYPE' || fault.code === 'MULTIPLE_TAGS')
    return diagnose(catalog.yamlFeature, span, {
      what: "A YAML tag (a text that begins with '!')",
      fix: `Remove it. If it belongs to an expression, ${QUOTE}`,
    })
  if (fault.code === 'RESOURCE_EXHAUSTION')
    return diagnose(catalog.tooComplex, span, { what: 'levels of nesting', limit: 60 })
  const found = EXPLANATIONS.find(({ when }) => when.test(fault.message))
  const what = found?.what ?? 'This is not valid YAML.'
  const fix = found?.fix ?? 'Check the quotes, colons and indentation here and on the line above.'
  return diagnose(catalog.brokenYaml, span, { what, fix })
}
