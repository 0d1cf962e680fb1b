import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compared, type Measure, spread } from '../support/figures.ts'
import { type Cost, measure } from '../support/process.ts'
import { makeData } from './make-data.ts'

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const VARIANTS = ['fused', 'per-column', 'statistics'] as const

/** How large, and how often. */
export interface PlanSize {
  readonly rows: number
  readonly rounds: number
}

/**
 * 60 clauses over Parquet against DuckDB by hand. Each round runs every side once, in its own process, each time in
 * another order; the peer of a round is the cheapest of the three hand-written plans in it.
 */
export async function benchPlan(folder: string, { rows, rounds }: PlanSize): Promise<readonly Measure[]> {
  const file = `orders-${rows}.parquet`
  const path = join(folder, file)
  await makeData(path, rows)
  const sides: Readonly<Record<string, () => Cost>> = {
    ours: () => measure([script('ours.ts'), folder, file]),
    digest: () => measure([script('digest.ts'), path]),
    bare: () => measure(['-e', '0']),
    ...Object.fromEntries(VARIANTS.map((name) => [name, () => measure([script('peer.ts'), path, name])])),
  }
  const costs: Record<string, Cost[]> = Object.fromEntries(Object.keys(sides).map((name) => [name, []]))
  // One round more than asked: the first one fills the page cache and counts for nothing.
  for (let round = -1; round < rounds; round++) {
    const order = Object.keys(sides)
    for (let i = 0; i < order.length; i++) {
      const name = order[(i + round + 1) % order.length] as string
      const cost = sides[name]?.() as Cost
      if (round >= 0) costs[name]?.push(cost)
    }
    agree(costs)
  }
  const whole = (name: string): readonly number[] => (costs[name] ?? []).map((cost) => cost.cpuMs)
  const inside = (name: string): readonly number[] => (costs[name] ?? []).map((cost) => inProcess(cost).cpuMs)
  const bestOf = (cpu: (name: string) => readonly number[]): readonly number[] =>
    Array.from({ length: rounds }, (_, round) => Math.min(...VARIANTS.map((name) => cpu(name)[round] as number)))
  const digest = whole('digest').map((own, round) => own - (whole('bare')[round] as number))
  const size = `${(rows / 1e6).toLocaleString('en')} M rows × 20 columns`
  const medians = VARIANTS.map((name) => `${name} ${spread(inside(name)).median.toFixed(0)}`).join(', ')
  return [
    compared(
      '60 clauses, digest of the file included',
      'ms CPU',
      inside('ours'),
      bestOf(inside),
      1.3,
      `${size} of Parquet; from the call of \`runDataStage\` to its end, opening DuckDB included on both sides; peer = the cheapest hand-written plan of each round (medians: ${medians} ms).`,
    ),
    compared(
      '60 clauses, the plan alone',
      'ms CPU',
      inside('ours').map((own, i) => own - (digest[i] as number)),
      bestOf(inside),
      undefined,
      `The same without the SHA-256 of all bytes that evidence needs and the peer does not make: measured in a process of its own (median ${spread(digest).median.toFixed(0)} ms) and subtracted.`,
    ),
    compared(
      '60 clauses, whole processes',
      'ms CPU',
      whole('ours'),
      bestOf(whole),
      undefined,
      'With the digest, the start of Node, loading the modules and compiling the spec: what does not grow with the data.',
    ),
    {
      name: '60 clauses, peak memory',
      unit: 'MiB',
      ours: spread((costs['ours'] ?? []).map((cost) => cost.peakMb)),
      peer: spread((costs['fused'] ?? []).map((cost) => cost.peakMb)),
      limit: 2048,
      note: 'Largest resident set of the process; peer = the fused plan. The limit is on ours.',
    },
  ]
}

/** What a measured process says of itself. */
function inProcess(cost: Cost): { readonly cpuMs: number; readonly answers: readonly (number | null)[] } {
  return JSON.parse(cost.output) as ReturnType<typeof inProcess>
}

/** Both sides must have come to the same numbers, or the comparison means nothing. */
function agree(costs: Readonly<Record<string, readonly Cost[]>>): void {
  const answers = (name: string): readonly (number | null)[] | undefined => {
    const last = costs[name]?.at(-1)
    return last === undefined ? undefined : inProcess(last).answers
  }
  const ours = answers('ours')
  for (const variant of VARIANTS) {
    answers(variant)?.forEach((theirs, clause) => {
      const own = ours?.[clause]
      const near =
        typeof own === 'number' && theirs !== null && Math.abs(own - theirs) <= 1e-9 * Math.max(1, Math.abs(theirs))
      if (!near) throw new Error(`Clause ${clause}: ours ${own}, ${variant} ${theirs}.`)
    })
  }
}
