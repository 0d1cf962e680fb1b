import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Measure, spread } from '../support/figures.ts'
import { measure } from '../support/process.ts'
import { makeSpec } from './make-spec.ts'
import { SHAPES } from './shapes.ts'
import { cpuOfAll } from './cpu-of-all.ts'

const PLUMB = fileURLToPath(new URL('../../packages/cli/bin/plumb.js', import.meta.url))

/** `plumb check` on generated specs of 200 and 2 000 clauses, beyond what Node itself takes to start and end. */
export function benchCheck(folder: string, rounds: number): readonly Measure[] {
  const beyond = checked(folder, 200, rounds)
  const many = checked(folder, 2000, Math.max(2, Math.ceil(rounds / 2)))
  const note =
    'The built command on 200 clauses and 127 column contracts over 44 columns, less `node -e 0` of the same round; compile cache warm.'
  const expressions = Array.from({ length: rounds }, () =>
    measure([fileURLToPath(new URL('expressions.ts', import.meta.url)), '1000']),
  )
  return [
    { name: 'plumb check, 200 clauses', unit: 'ms CPU', ours: beyond('cpuMs'), limit: 300, note },
    {
      name: 'plumb check, 2 000 clauses',
      unit: 'ms CPU',
      ours: many('cpuMs'),
      limit: 3000,
      note: 'The same with ten times the clauses, without the solver.',
    },
    {
      name: 'plumb check, 200 clauses, main thread',
      unit: 'ms CPU',
      ours: beyond('mainMs'),
      note: 'The same without what V8 compiles and collects on other threads meanwhile: what a person waits for on an idle machine.',
    },
    {
      name: 'plumb check, 200 clauses, wall',
      unit: 'ms wall',
      ours: beyond('wallMs'),
      note: `${note} Wall time, for information.`,
    },
    {
      name: 'plumb check --solver, 200 clauses',
      unit: 'ms CPU',
      ours: spread(Array.from({ length: rounds }, () => withSolver(folder))),
      limit: 2_000,
      note: 'The first with all that `--solver` adds. 59 of the clauses follow from others, which bounds and cases show: no question is left for z3, and it is not started.',
    },
    ...Object.entries(SHAPES).map(([shape, bodyAt]) => ({
      name: `plumb check --solver, 200 clauses: ${shape}`,
      unit: 'ms wall' as const,
      ours: spread(Array.from({ length: Math.max(2, Math.ceil(rounds / 2)) }, () => withShape(folder, shape, bodyAt))),
      limit: 2_000,
      note: 'All clauses of one kind, by the clock, with the process of z3 where one is asked; what is not decided in the time it has is named.',
    })),
    {
      name: '1 000 expressions',
      unit: 'ms CPU',
      ours: spread(expressions.map((each) => (JSON.parse(each.output) as { cpuMs: number }).cpuMs)),
      limit: 200,
      note: 'Parsed, type-checked, compiled to SQL and to JavaScript, from cold; without the start of Node and of the modules.',
    },
  ]
}

/** The time of the command on 200 clauses of one kind, by the clock. */
function withShape(folder: string, shape: string, bodyAt: (i: number) => string): number {
  const cwd = join(folder, `check-${shape}`)
  mkdirSync(cwd, { recursive: true })
  writeFileSync(join(cwd, 'plumb.yaml'), makeSpec(200, bodyAt, shape === 'texts' ? 12 : 0))
  return measure([PLUMB, 'check', '--solver'], { cwd }).wallMs - measure(['-e', '0']).wallMs
}

/** CPU of the command with the solver's process, on the 200 clauses, less a bare Node. */
function withSolver(folder: string): number {
  const cwd = join(folder, 'check-200')
  return cpuOfAll([PLUMB, 'check', '--solver'], cwd) - cpuOfAll(['-e', '0'], cwd)
}

/** The command on a spec of so many clauses, less a bare Node of the same round. */
function checked(folder: string, clauses: number, rounds: number) {
  const cwd = join(folder, `check-${clauses}`)
  mkdirSync(cwd, { recursive: true })
  writeFileSync(join(cwd, 'plumb.yaml'), makeSpec(clauses))
  const run = () => measure([PLUMB, 'check'], { cwd })
  // The first start fills the compile cache; it is what every later one finds.
  const output = [run(), run()].at(-1)?.output ?? ''
  if (!output.replaceAll(' ', '').includes(`${clauses}clauses`)) throw new Error(`plumb check says: ${output}`)
  const turns = Array.from({ length: rounds }, () => ({ ours: run(), bare: measure(['-e', '0']) }))
  return (pick: 'cpuMs' | 'mainMs' | 'wallMs') => spread(turns.map(({ ours, bare }) => ours[pick] - bare[pick]))
}
