import type { Program } from '../clause/program.ts'
import { compile } from '../compile.ts'

/** The program of a spec of one file; a test whose spec has a mistake fails with the mistake. */
export function compiledSpec(text: string): Program {
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (value === undefined) {
    throw new Error([...diagnostics.map(({ code, message, why }) => `${code}: ${message} ${why}`), text].join('\n'))
  }
  return value
}
