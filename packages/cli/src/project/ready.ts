import { hasErrors, type Override, type Program, type SourceSet, type Spec } from '@plumbline/core'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { reportFailure } from '../report-failure.ts'
import { diagnosticJson, showDiagnostics } from '../reporters/diagnostics.ts'
import { loadSpec } from './load-program.ts'

/** A spec without mistakes: its program, its files, and what one of them overrides. */
export interface ReadyProgram {
  readonly program: Program
  readonly spec: Spec
  readonly sources: SourceSet
  readonly overrides: readonly Override[]
}

/** The program of the project, or the exit code after its mistakes were shown. */
export async function readyProgram(context: CommandContext): Promise<ReadyProgram | { readonly exit: ExitCode }> {
  const loaded = await loadSpec(context)
  if (!loaded.ok) return { exit: reportFailure(context, loaded.failure) }
  const { program, spec, diagnostics, sources, overrides } = loaded.value
  if (program !== undefined && spec !== undefined) return { program, spec, sources, overrides }
  const errors = diagnostics.filter((d) => hasErrors([d]))
  if (context.json)
    context.out(
      `${JSON.stringify({ diagnostics: errors.map((d) => diagnosticJson(d, sources)), clauses: [], overrides: [] }, null, 2)}\n`,
    )
  else showDiagnostics(context, errors, sources)
  return { exit: EXIT.usage }
}
