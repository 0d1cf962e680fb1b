import type { Program } from '../../clause/program.ts'
import { compile } from '../../compile.ts'
import { renderDiagnostic } from '../../diagnostics/index.ts'
import type { SourceSet } from '../../source/source-file.ts'

/** The program of a spec without mistakes; `others` are the files that it extends, by path. */
export function programOf(text: string, others: Readonly<Record<string, string>> = {}): Program {
  const sources: SourceSet = {
    main: { path: 'plumb.yaml', text },
    others: Object.entries(others).map(([path, file]) => ({ path, text: file })),
  }
  const { value, diagnostics } = compile(sources)
  const mistakes = diagnostics.filter(({ severity }) => severity === 'error')
  if (value === undefined || mistakes.length > 0)
    throw new Error(diagnostics.map((d) => renderDiagnostic(d, sources)).join('\n'))
  return value
}
