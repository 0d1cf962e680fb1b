import { spawn, spawnSync } from 'node:child_process'
import type { SmtQuery } from '../../../packages/core/src/targets/smt/index.ts'

/** A solver of the machine: how it is called to read from standard input. */
export interface Native {
  readonly name: 'z3' | 'cvc5'
  readonly args: (milliseconds: number) => readonly string[]
}

const natives: readonly Native[] = [
  { name: 'z3', args: (milliseconds) => ['-in', `-t:${milliseconds}`] },
  { name: 'cvc5', args: (milliseconds) => ['--lang=smt2', '--strings-exp', `--tlimit=${milliseconds}`] },
]

/** Those that are installed here. */
export function installed(): readonly Native[] {
  return natives.filter(({ name }) => spawnSync(name, ['--version']).status === 0)
}

/** What one of them says to a question: whether its assertions can hold together. */
export async function askNative(native: Native, query: SmtQuery, milliseconds: number): Promise<string> {
  const child = spawn(native.name, native.args(milliseconds), { stdio: ['pipe', 'pipe', 'pipe'] })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (out += text))
  const ended = new Promise<void>((resolve) => void child.on('close', () => resolve()))
  child.stdin.on('error', () => undefined)
  child.stdin.end(`(set-logic ALL)\n${query.script}\n(check-sat)\n`)
  await ended
  return /^(sat|unsat|unknown)$/m.exec(out)?.[1] ?? (/timeout|interrupted/.test(out) || out === '' ? 'unknown' : out)
}
