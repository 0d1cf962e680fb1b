import { type Clause, hasErrors, withoutSuppressedLater } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { type Outcome, success } from '../failure.ts'
import type { FixedName } from '../project/fix-names.ts'
import { reportFailure } from '../report-failure.ts'
import { checkSpec } from '../project/load-program.ts'
import type { DataCheck } from './check-data.ts'
import { diagnosticJson, overrideJson, showDiagnostics } from '../reporters/diagnostics.ts'
import { counted } from '../terminal/counted.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb check`: parses, resolves and type-checks the spec. Runs nothing that it names. */
export async function check(
  context: CommandContext,
  _args: readonly string[] = [],
  options: Readonly<Record<string, unknown>> = {},
): Promise<ExitCode> {
  if (options['fix'] === true) {
    const fixed = await applyFixes(context)
    if (!fixed.ok) return reportFailure(context, fixed.failure)
    for (const { file, wrong, right } of fixed.value) context.err(`${oneLine(file)}: ${fixInWords(wrong, right)}\n`)
  }
  const loaded = await checkSpec(context)
  if (!loaded.ok) return reportFailure(context, loaded.failure)
  const { sources, analysed, path } = loaded.value
  let { diagnostics } = loaded.value
  const suppressions = loaded.value.spec?.suppressions ?? []
  let lines: readonly string[] = []
  let labels: DataCheck['labels'] | undefined
  if (options['data'] === true && analysed !== undefined && loaded.value.spec !== undefined) {
    const { checkData } = await import('./check-data.ts')
    const found = await checkData(context, analysed.identify(), loaded.value.spec)
    diagnostics = [...diagnostics, ...withoutSuppressedLater(suppressions, found.diagnostics)]
    lines = found.lines
    labels = found.labels
  }
  if (options['solver'] === true && analysed !== undefined) {
    const { proofs } = await import('./check-solver.ts')
    const proved = await proofs(context, analysed.identify(), sources, options['time'], labels)
    if (!proved.ok) return reportFailure(context, proved.failure)
    diagnostics = [...diagnostics, ...withoutSuppressedLater(suppressions, proved.value)]
  }
  if (context.json) {
    const clauses =
      analysed?.identify().clauses.map((c) => ({
        id: c.id,
        form: c.form,
        severity: c.severity,
        origin: c.origin,
        of: c.of.map((o) => o.relation),
        digest: c.digest,
      })) ?? []
    const overrides = (analysed?.overrides ?? []).map((override) => overrideJson(override, sources))
    const found = diagnostics.map((d) => diagnosticJson(d, sources))
    context.out(`${JSON.stringify({ diagnostics: found, clauses, overrides }, null, 2)}\n`)
  } else {
    showDiagnostics(context, diagnostics, sources)
    for (const line of lines) context.out(`${oneLine(line)}\n`)
    if (analysed !== undefined && !hasErrors(diagnostics))
      context.out(`${context.style.green('✓')} ${oneLine(path)}: ${summaryOf(analysed.clauses)}\n`)
  }
  return hasErrors(diagnostics) ? EXIT.usage : EXIT.ok
}

/** `aeg → age`, `+ protected: true`, `− { code: … }`. */
function fixInWords(wrong: string, right: string): string {
  if (wrong === '') return `+ ${oneLine(right)}`
  return right === '' ? `− ${oneLine(wrong)}` : `${oneLine(wrong)} → ${oneLine(right)}`
}

/** Fixes may uncover others; more rounds than this mean that they undo each other. */
const MOST_ROUNDS = 50

/** Writes what findings propose (the names that were meant, entries that lack, items left over), until nothing more is proposed. */
async function applyFixes(context: CommandContext): Promise<Outcome<readonly FixedName[]>> {
  const { nameEdits, withEdits, writeFixed } = await import('../project/fix-names.ts')
  const { entryEdits } = await import('../project/fix-entries.ts')
  const fixed: FixedName[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const loaded = await checkSpec(context)
    if (!loaded.ok) return loaded
    const { diagnostics, sources } = loaded.value
    const names = nameEdits(diagnostics, sources)
    // An entry is looked for where names are right: another name may be what is lacking.
    const edits = names.length > 0 ? names : entryEdits(diagnostics, sources)
    if (edits.length === 0) break
    const written = await writeFixed(context, withEdits(sources, edits))
    if (!written.ok) return written
    fixed.push(...edits)
  }
  return success(fixed)
}

function summaryOf(clauses: readonly Pick<Clause, 'id' | 'origin'>[]): string {
  const builtIn = clauses.filter(({ origin }) => origin === 'built-in').length
  // Dots are reserved for the clauses that contracts stand for, and for built-in ones.
  const contracts = clauses.filter(({ id, origin }) => id.includes('.') && origin !== 'built-in').length
  const more = builtIn === 0 ? '' : `${builtIn} built in, `
  return `${counted(clauses.length - contracts - builtIn, 'clause')}, ${counted(contracts, 'column contract')}, ${more}no mistakes`
}
