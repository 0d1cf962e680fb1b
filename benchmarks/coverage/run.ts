// `node benchmarks/coverage/run.ts` after a build: simulates every cell of the grid; with PLUMB_COVERAGE_ROUNDS it writes COVERAGE.md. With
// `--new` only cells that COVERAGE.md does not have, or not by this method; the other lines stay, for each cell has a seed of its own.
import { readFileSync, writeFileSync } from 'node:fs'
import { stats } from '@plumbline/core'
import type { Cell } from './cells.ts'
import { GRID } from './grid.ts'

const LEVEL = 0.95
const asked = process.env['PLUMB_COVERAGE_ROUNDS']
const rounds = Number(asked ?? 100)
/** Rows that the truth is measured on, where it is not known; its own error is then far below that of the simulation. */
const MANY = 400_000

interface Found {
  readonly cell: Cell
  readonly n: number
  readonly covered: number
  readonly decided: number
}

function simulate(cell: Cell, n: number, truth: number): Found {
  const random = stats.createRandom(`coverage ${cell.method} ${cell.name}`, String(n))
  let [covered, decided] = [0, 0]
  for (let round = 0; round < rounds; round++) {
    const estimation = cell.estimate(random, n)
    if (estimation.kind === 'undefined') continue
    const { low, high } = estimation.interval(LEVEL)
    decided++
    if (low <= truth && truth <= high) covered++
  }
  return { cell, n, covered, decided }
}

/** Whether the simulated share is as aimed at, allowing two standard errors of the simulation. */
function verdict({ cell, covered, decided }: Found): 'kept' | 'missed' {
  const share = covered / decided
  const slack = 2 * Math.sqrt((LEVEL * (1 - LEVEL)) / decided)
  if (cell.exact) return share >= LEVEL - slack ? 'kept' : 'missed'
  return share >= 0.935 - slack && share <= 0.97 + slack ? 'kept' : 'missed'
}

const PAGE = new URL('COVERAGE.md', import.meta.url)
/** Lines of before, of as many samples. */
const before = process.argv.includes('--new')
  ? readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => / \| (kept|missed) \|$/.test(line))
  : []
const linesBefore = ({ method, name }: Cell): readonly string[] =>
  before.filter((line) => line.startsWith(`| ${method} | ${name} |`))
const isNew = (cell: Cell): boolean => linesBefore(cell).length === 0

const found = GRID.filter(isNew).flatMap((cell) => {
  const truth = cell.truth ?? cell.value(stats.createRandom(`truth ${cell.name}`, cell.method), MANY)
  if (truth === undefined) throw new Error(`${cell.name} has no truth.`)
  return cell.sizes.map((n) => {
    const result = simulate(cell, n, truth)
    process.stderr.write(
      `${cell.method}: ${cell.name}, n = ${n}: ${((100 * result.covered) / result.decided).toFixed(1)} %\n`,
    )
    return result
  })
})

const lineOf = (each: Found): string =>
  `| ${each.cell.method} | ${each.cell.name} | ${each.n} | ${((100 * each.covered) / each.decided).toFixed(1)} % | ${each.decided} | ${each.cell.exact ? 'exact' : ''} | ${verdict(each)} |`
const lines = GRID.flatMap((cell) =>
  isNew(cell) ? found.filter((each) => each.cell === cell).map(lineOf) : linesBefore(cell),
)
const missed = lines.filter((line) => line.endsWith('| missed |'))
const page = `# Coverage of 95 % intervals

<!-- Written by \`PLUMB_COVERAGE_ROUNDS=${rounds} node benchmarks/coverage/run.ts\`; do not edit. -->

${rounds} samples a line on the grid of [grid.ts](grid.ts), which was fixed beforehand. Aims: exact methods at least 95 %, others 93.5 to 97 %; a line is *missed*
where it lies outside by more than two standard errors of the simulation (${(200 * Math.sqrt((LEVEL * (1 - LEVEL)) / rounds)).toFixed(1)} points). Samples without an interval are left out of the share; how many had one is shown.
${lines.length - missed.length} of ${lines.length} lines are kept. Bands (marked so) are wide by construction: above 97 % they are on the safe side, and count as missed all the same.

| method | number | n | coverage | samples | | aim |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`
process.stdout.write(page)
if (asked !== undefined) writeFileSync(PAGE, page)
