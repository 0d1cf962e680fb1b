import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { plumb, type Ran, ROOT, scratch } from '../support/plumb.ts'

export const BIN = join(ROOT, 'packages', 'cli', 'bin', 'plumb.js')

/** A spec that is right, and its data, of which one row breaks a clause. */
export const SPEC = `plumbline: 1
system: { name: people, version: 1.0.0, purpose: A small project to break. }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer }
      age: { type: integer, range: [0, 120] }
      name: { type: text }
clauses:
  adult:
    says: Everybody is of age.
    of: people
    every: age >= 18
`
export const DATA = 'id,age,name\n1,30,Ann\n2,17,Bo\n3,44,Cy\n'

/** A project folder, fresh, with these files in it. */
export function project(name: string, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = scratch(`bad-input-${name}`)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

/** The small project, right as it is, with some files replaced or added. */
export function people(name: string, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  return project(name, { 'plumb.yaml': SPEC, 'people.csv': DATA, ...files })
}

/** What a refusal must say. */
export interface Refusal {
  readonly exit: number
  readonly code: string
  /** A part of what, and of what to do. */
  readonly says: string | RegExp
  readonly fix?: string | RegExp
  /** `line:column` of the spec. */
  readonly place?: string
}

/** The command was refused in words: code, what, why, fix; never with a stack trace. */
export function expectRefusal(ran: Ran, { exit, code, says, fix, place }: Refusal): void {
  const text = ran.out + ran.err
  expectNoTrace(ran)
  expect(text).toContain(`error[${code}]`)
  const message = new RegExp(`error\\[${code}\\] (.*)`).exec(text)?.[1] ?? ''
  expect(message).toMatch(says)
  expect(text).toMatch(/^ {2}why: \S.*$/m)
  expect(text).toMatch(/^ {2}fix: \S.*$/m)
  if (fix !== undefined) expect(/^ {2}fix: (.*)$/m.exec(text)?.[1] ?? '').toMatch(fix)
  if (place !== undefined) expect(text).toContain(`--> plumb.yaml:${place}\n`)
  expect(ran.code).toBe(exit)
}

/** No trace, no name of an exception, nothing that could steer a terminal. */
export function expectNoTrace({ out, err }: Pick<Ran, 'out' | 'err'>): void {
  const text = out + err
  expect(text).not.toMatch(/^\s+at .*(\.[jt]s:\d+|node:internal)/m)
  expect(text).not.toMatch(/\b(TypeError|RangeError|ReferenceError|SyntaxError|UnhandledPromiseRejection)\b/)
  expect(text).not.toContain('cli/internal')
  // oxlint-disable-next-line no-control-regex -- that none is there is the point.
  expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
}

/** The ledger is whole, with this many records. */
export function expectLedger(folder: string, records: number): void {
  const verified = plumb(folder, 'verify', '--json')
  expect(verified.json()).toMatchObject({ kind: 'ok', records })
  expect(verified.code).toBe(0)
}

/** The evidence that a test run prints as JSON. */
export interface Tested {
  readonly evidence: readonly {
    readonly id: string
    readonly clause: string
    readonly verdict: string
    readonly reason?: string
    readonly cause?: string
    readonly failing?: number
    readonly witnesses?: readonly { readonly row: number; readonly cells: Readonly<Record<string, unknown>> }[]
  }[]
  readonly summary: { readonly clauses: Readonly<Record<string, string>> }
}

/** A run that goes on while the test watches it. */
export interface Going {
  readonly pid: number
  readonly ended: Promise<Ran>
  /** Sends a signal. */
  readonly kill: (signal: NodeJS.Signals) => void
}

/** Starts `plumb` without waiting for its end. */
export function start(folder: string, args: readonly string[], nodeArgs: readonly string[] = []): Going {
  const child = spawn(process.execPath, [...nodeArgs, BIN, '-C', folder, ...args], {
    env: { ...process.env, NO_COLOR: '1' },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err, json: <T>() => JSON.parse(out) as T }))
  })
  return { pid: child.pid ?? -1, ended, kill: (signal) => void child.kill(signal) }
}

/** Waits until a condition holds, at most a minute. */
export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); ) {
    if (Date.now() > end) throw new Error('what was waited for did not come')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
