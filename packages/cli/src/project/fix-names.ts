import { join } from 'node:path'
import type { Diagnostic, SourceSet } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'

/** One name written in place of another. */
export interface FixedName {
  readonly file: string
  readonly wrong: string
  readonly right: string
}

/** A change of a file's text: of a name, or of an entry (`wrong` is then empty) or an item (`right` is). */
export interface Edit extends FixedName {
  readonly start: number
  readonly end: number
  /** What takes the place; where absent, `right`. */
  readonly text?: string
}

/** Names are replaced, never syntax: what is written has to be the wrong name and nothing else. */
const NAME = /^[\p{L}\p{N}_./-]+$/u

/** The edits that findings propose, in the order of the text, none within another; each place once. */
export function nameEdits(diagnostics: readonly Diagnostic[], sources: SourceSet): readonly Edit[] {
  const files = new Map([sources.main, ...sources.others].map((file) => [file.path, file.text]))
  const edits = diagnostics.flatMap(({ span, replacement }): readonly Edit[] => {
    const text = files.get(span.file)
    if (replacement === undefined || text === undefined) return []
    const { wrong, right } = replacement
    const at = text.slice(span.start, span.end).indexOf(wrong)
    const start = span.start + at
    // A place may be wider than the name by quotes or a prefix; the name must stand in it once.
    const once = at >= 0 && !text.slice(start + wrong.length, span.end).includes(wrong)
    return once && NAME.test(wrong) && NAME.test(right)
      ? [{ file: span.file, start, end: start + wrong.length, wrong, right }]
      : []
  })
  const sorted = edits.toSorted((a, b) => a.start - b.start)
  return sorted.filter(
    (edit, i) => !sorted.slice(0, i).some((other) => other.file === edit.file && other.end > edit.start),
  )
}

/** Texts with edits made; comments and everything else stay as they are. */
export function withEdits(sources: SourceSet, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const changed = new Map<string, string>()
  for (const { path, text } of [sources.main, ...sources.others]) {
    const own = edits.filter(({ file }) => file === path)
    if (own.length === 0) continue
    changed.set(
      path,
      own
        .toSorted((a, b) => b.start - a.start)
        .reduce((t, { start, end, right, text: put = right }) => t.slice(0, start) + put + t.slice(end), text),
    )
  }
  return changed
}

/** Writes changed files, each as a whole. */
export async function writeFixed(
  { host, root }: CommandContext,
  changed: ReadonlyMap<string, string>,
): Promise<Outcome<void>> {
  for (const [path, text] of changed) {
    const written = await host.files.writeAtomic(join(root, path), text)
    if (!written.ok)
      return failure(
        'cli/not-written',
        `${path} could not be written: ${written.error.message.replace(/\.$/, '')}.`,
        'A fix is written into the file where the mistake is.',
        'Check its permissions.',
        EXIT.environment,
      )
  }
  return success(undefined)
}
