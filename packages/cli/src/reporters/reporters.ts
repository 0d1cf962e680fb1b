import type { Style } from '../terminal/style.ts'
import { jsonReporter } from './json.ts'
import { junitReporter } from './junit.ts'
import { markdownReporter } from './markdown.ts'
import type { Reporter } from './reporter.ts'
import { sarifReporter } from './sarif.ts'
import { createTerminalReporter } from './terminal.ts'

/** The reporters that `--reporter` names. */
export const REPORTERS = ['terminal', 'json', 'junit', 'sarif', 'markdown'] as const

/** The name of a reporter. */
export type ReporterName = (typeof REPORTERS)[number]

/** Whether a text names a reporter. */
export function isReporterName(name: string): name is ReporterName {
  return (REPORTERS as readonly string[]).includes(name)
}

/** Reporters that are loaded only where they are asked for: their libraries are not small. */
export const LOADED_REPORTERS = ['cucumber'] as const

/** The name of any reporter. */
export type AnyReporterName = ReporterName | (typeof LOADED_REPORTERS)[number]

/** Whether a text names any reporter. */
export function isAnyReporterName(name: string): name is AnyReporterName {
  return isReporterName(name) || (LOADED_REPORTERS as readonly string[]).includes(name)
}

/** The reporter of any name. */
export async function loadReporter(name: AnyReporterName, look: Look): Promise<Reporter> {
  return name === 'cucumber' ? (await import('./cucumber.ts')).cucumberReporter : createReporter(name, look)
}

interface Look {
  readonly style: Style
  readonly width?: number
}

/** The reporter of a name. `style` and `width` (columns, default 100) are of the terminal alone. */
export function createReporter(name: ReporterName, look: Look): Reporter {
  switch (name) {
    case 'terminal':
      return createTerminalReporter(look)
    case 'json':
      return jsonReporter
    case 'junit':
      return junitReporter
    case 'sarif':
      return sarifReporter
    case 'markdown':
      return markdownReporter
  }
}

export * from './baseline.ts'
export * from './outcome.ts'
export type { Reporter, TestResult } from './reporter.ts'
