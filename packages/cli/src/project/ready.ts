import { hasErrors, type Program } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { reportFailure } from '../report-failure.ts'
import { diagnosticJson, showDiagnostics } from '../verbs/check.ts'
import { loadSpec } from './load-program.ts'

/** The program of the project, or the exit code after its mistakes were shown. */
export async function readyProgram(
  context: CommandContext,
): Promise<{ readonly program: Program } | { readonly exit: ExitCode }> {
  const loaded = await loadSpec(context)
  if (!loaded.ok) return { exit: reportFailure(context, loaded.failure) }
  const { program, diagnostics, sources } = loaded.value
  if (program !== undefined) return { program }
  const errors = diagnostics.filter((d) => hasErrors([d]))
  if (context.json)
    context.out(
      `${JSON.stringify({ diagnostics: errors.map((d) => diagnosticJson(d, sources)), clauses: [] }, null, 2)}\n`,
    )
  else showDiagnostics(context, errors, sources)
  return { exit: EXIT.usage }
}
