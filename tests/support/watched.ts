import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile, type Evidence, type Program, reviveTags } from '@plumbline/core'
import { declaredRequests, logColumnsOf, openRequestLog, type RequestLog } from '@plumbline/engine'
import { nodeHost, openLedger } from '@plumbline/store'
import { scratch } from './plumb.ts'

/** A day in microseconds, and the first instant of these tests. */
export const DAY = 86_400_000_000
export const BEGIN = Date.UTC(2026, 0, 5) * 1000

/** A version's digest made of one digit. */
export const version = (digit: string): string => `sha256:${digit.repeat(64)}`

/** A spec about people who ask for credit, with these clauses and this monitor. */
export function creditSpec(clauses: string, monitor: string): string {
  return `plumbline: 1
system: { name: watched, version: 1.0.0 }
data:
  people:
    source: people.csv
    key: [id]
    columns:
      id: { type: integer, role: key }
      age: { type: number }
      income: { type: number }
      city: { type: category, values: [Ulm, Bonn, Köln] }
      default: { type: boolean, role: label }
models:
  champion:
    artifact: champion.onnx
    task: binary-classification
    input: { from: people, columns: [age, income, city] }
    outputs: { risk: { type: number } }
    label: default
    decision: risk >= 0.5
clauses:
${clauses}
monitor:
${monitor}
`
}

/** Numbers that look random and are the same each time. */
export function randomNumbers(seed: number): { readonly uniform: () => number; readonly normal: () => number } {
  let state = seed
  const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647
  for (let i = 0; i < 10; i++) uniform()
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal }
}

/** One person of the population, who may differ from it. */
export type Person = { readonly age: number; readonly income: number; readonly city: string }

/** A person like those the model was made with. */
export function person({ uniform, normal }: ReturnType<typeof randomNumbers>): Person {
  const place = uniform()
  return {
    age: 45 + 12 * normal(),
    income: Math.exp(10 + 0.5 * normal()),
    city: place < 0.5 ? 'Ulm' : place < 0.8 ? 'Bonn' : 'Köln',
  }
}

/** A project whose log of requests a test writes. */
export interface Watched {
  readonly folder: string
  readonly program: Program
  readonly log: RequestLog
  /** Moves the simulated clock; microseconds since 1970 UTC. */
  setClock(at: number): void
  /** Logs an answered request; gives its id. */
  ask(at: number, person: Person, more?: { readonly risk?: number; readonly model?: string }): Promise<number>
  /** Adds a label to the file. */
  label(id: number, label: boolean, at: number): void
  evidence(): Promise<readonly Evidence[]>
}

/** Makes a project with a population of so many people. */
export async function watchedProject(name: string, spec: string, population = 2000): Promise<Watched> {
  const folder = scratch(name)
  mkdirSync(join(folder, '.plumb'), { recursive: true })
  writeFileSync(join(folder, 'plumb.yaml'), spec)
  const random = randomNumbers(11)
  const people = Array.from({ length: population }, (_, i) => {
    const { age, income, city } = person(random)
    return `${i},${age},${income},${city},${random.uniform() < 0.3}\n`
  })
  writeFileSync(join(folder, 'people.csv'), `id,age,income,city,default\n${people.join('')}`)
  writeFileSync(join(folder, 'outcomes.csv'), 'id,default,arrived_at\n')
  const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text: spec }, others: [] })
  const declared = program === undefined ? undefined : declaredRequests(program)
  if (program === undefined || declared === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  const directory = join(folder, '.plumb', 'requests')
  const log = await openRequestLog({ host: nodeHost(), directory, columns: logColumnsOf(declared) })
  if (!log.ok) throw new Error(log.failure.kind)
  let asked = 0
  return {
    folder,
    program,
    log: log.value,
    setClock(at) {
      const path = join(folder, 'clock')
      writeFileSync(`${path}.next`, new Date(at / 1000).toISOString())
      renameSync(`${path}.next`, path)
    },
    async ask(at, { age, income, city }, { risk = 0.4, model = version('a') } = {}) {
      const id = asked++
      const written = await log.value.append([
        {
          requestId: `r${id}`,
          row: 0,
          at: Math.round(at),
          model,
          guard: 'accepted',
          clauses: [],
          request: { id, age, income, city },
          answer: { risk, decision: risk >= 0.5 },
        },
      ])
      if (!written.ok) throw new Error(written.failure.kind)
      return id
    },
    label(id, label, at) {
      appendFileSync(join(folder, 'outcomes.csv'), `${id},${label},${new Date(at / 1000).toISOString()}\n`)
    },
    async evidence() {
      const records = await openLedger(nodeHost(), join(folder, '.plumb', 'ledger')).select(
        ({ body }) => body.kind === 'evidence',
      )
      if (!records.ok) throw new Error(records.failure.kind)
      return records.value.map(({ body }) => reviveTags(body['evidence'] ?? null) as unknown as Evidence)
    },
  }
}
