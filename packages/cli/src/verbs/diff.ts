import { type Program, renderDiagnostic } from '@plumbline/core'
import { losesSomething, type SpecChange } from '@plumbline/core/change'
import {
  changeCounts,
  changeNote,
  changesByKind,
  changeSign,
  facetText,
  renderChangeMarkdown,
  versionText,
} from '@plumbline/report'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { reportFailure } from '../report-failure.ts'
import { specHere, specNamed } from '../revisions/operand.ts'
import type { SpecVersion } from '../revisions/spec-at.ts'
import { compareProvenly } from '../revisions/compare-provenly.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb diff [A] [B]`: what became of each clause from A (default: HEAD) to B (default: the spec as it stands here). */
export async function diff(
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const [from = 'HEAD', to] = args
  const before = await programOf(context, await specNamed(context, from))
  if (!before.ok) return reportFailure(context, before.failure)
  const after = await programOf(context, to === undefined ? await specHere(context) : await specNamed(context, to))
  if (!after.ok) return reportFailure(context, after.failure)
  const change = await compareProvenly(context, before.value, after.value)
  if (context.json) context.out(`${JSON.stringify(changeJson(change), null, 2)}\n`)
  else if (options['reporter'] === 'markdown') context.out(renderChangeMarkdown(change))
  else showChange(context, change)
  const bad = change.changes.some(losesSomething) || !change.version.enough
  return bad && options['exitCode'] === true ? EXIT.violated : EXIT.ok
}

/** Only specs without mistakes can be compared: what has some asks nothing. */
async function programOf(context: CommandContext, read: Outcome<SpecVersion>): Promise<Outcome<Program>> {
  if (!read.ok) return read
  const { program, diagnostics, sources, label } = read.value
  if (program !== undefined) return success(program)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  for (const d of errors) context.err(`${renderDiagnostic(d, sources, { color: context.style.color })}\n\n`)
  return failure(
    'cli/spec-mistakes',
    `The spec ${label} has ${errors.length} ${errors.length === 1 ? 'mistake' : 'mistakes'}: ${errors[0]?.message ?? ''}`,
    'What a spec with mistakes asks for is not known, so it cannot be compared.',
    'Correct it (`plumb check`), or name another version.',
  )
}

/** What `diff --json` prints: the changes without those clauses that are as they were, which are counted. */
export function changeJson(change: SpecChange): object {
  const { before, after, changes, version } = change
  return {
    schema: 'plumbline/diff/1',
    before,
    after,
    version,
    unchanged: changes.filter(({ kind }) => kind === 'unchanged').length,
    changes: changes.filter(({ kind }) => kind !== 'unchanged'),
  }
}

function showChange(context: CommandContext, change: SpecChange): void {
  const { bold, dim, green, red, yellow } = context.style
  const hue = {
    removed: red,
    weakened: red,
    incomparable: yellow,
    strengthened: green,
    added: green,
    reworded: dim,
    unchanged: dim,
  }
  for (const [kind, changes] of changesByKind(change)) {
    if (kind === 'unchanged') continue
    for (const each of changes) {
      const { severity } = each
      const blocks = severity.before ?? severity.after
      context.out(
        `${hue[kind](`${changeSign[kind]} ${kind}`)} ${bold(oneLine(each.id))}${blocks === undefined || blocks === 'block' ? '' : dim(` (${blocks})`)}\n`,
      )
      for (const facet of each.facets) {
        context.out(`    ${oneLine(facetText(facet))}\n`)
        if (facet.witness !== undefined) context.out(`    ${dim(oneLine(facet.witness))}\n`)
      }
      const note = changeNote(each)
      if (note !== undefined) context.out(`    ${dim(oneLine(note))}\n`)
    }
  }
  const counts = changeCounts(change)
  context.out(`${counts === '' ? 'no clauses' : counts}\n`)
  const said = versionText(change)
  context.out(`${change.version.enough ? dim(oneLine(said)) : yellow(oneLine(said))}\n`)
}
