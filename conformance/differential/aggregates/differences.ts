import { printExpr } from '../../../packages/core/src/expr/print/typed.ts'
import type { Expr } from '../../../packages/core/src/expr/expr.ts'
import { ask, askDuplicates, type Cell, type Engine, load } from './engines.ts'
import { type Expected, naive, naiveDuplicates, sliced } from './naive.ts'
import { duplicated, type Question, questions, slices } from './questions.ts'
import type { Row } from './tables.ts'

/** Not the least bit of difference for ints, texts and times; numbers within the tolerance. */
function agrees(expected: Expected, found: Cell | undefined): boolean {
  const { value, tolerance } = expected
  if (typeof value !== 'number' || typeof found !== 'number') return value === found
  return value === found || Math.abs(value - found) <= tolerance
}

const shown = (rows: readonly Row[]): string =>
  rows
    .map((row) =>
      JSON.stringify([...row], (_, part) =>
        typeof part === 'bigint' || typeof part === 'number' ? String(part) : part,
      ),
    )
    .join('\n')
const named = (question: Question, slice: Expr | undefined): string =>
  `${question.fn}(${[...question.args.map((arg) => printExpr(arg)), ...(question.q === undefined ? [] : [question.q])].join(', ')}) where ${slice === undefined ? 'true' : printExpr(slice)}`

/** What an engine says otherwise than the loop, on tables told apart by their place. */
export async function differences(
  engine: Engine,
  tables: readonly (readonly Row[])[],
  asked: readonly Question[] = questions,
): Promise<readonly string[]> {
  await load(engine, tables)
  const found: string[] = []
  for (const byGroup of [false, true]) {
    const answers = await ask(engine, asked, slices, byGroup)
    for (const [key, cells] of answers) {
      const [table, group] = key.split('/')
      const rows = (tables[Number(table)] ?? []).filter((row) => group === undefined || String(row.get('g')) === group)
      slices.forEach((slice, k) => {
        const picked = sliced(rows, slice)
        asked.forEach((question, n) => {
          const expected = naive(question, picked)
          const cell = cells[k * asked.length + n]
          if (agrees(expected, cell)) return
          found.push(
            `${engine.name} ${named(question, slice)}: ${String(cell)}, the loop ${String(expected.value)} ± ${expected.tolerance}\n${shown(picked)}`,
          )
        })
      })
    }
    const groups = tables.flatMap((rows) => (byGroup ? [...new Set(rows.map((row) => row.get('g')))] : [0]))
    if (answers.size !== groups.length) found.push(`${engine.name}: ${answers.size} groups, the loop ${groups.length}`)
  }
  return found
}

/** The same for rows in groups larger than one: of each table another choice of columns and slice. */
export async function duplicateDifferences(
  engine: Engine,
  tables: readonly (readonly Row[])[],
): Promise<readonly string[]> {
  const found: string[] = []
  for (const [t, rows] of tables.entries()) {
    const names = duplicated[t % duplicated.length] ?? []
    const slice = slices[t % slices.length]
    const [answer, expected] = [
      await askDuplicates(engine, names, t, slice),
      naiveDuplicates(names, sliced(rows, slice)),
    ]
    if (answer !== expected)
      found.push(`${engine.name} duplicates(${names.join()}): ${String(answer)}, the loop ${expected}\n${shown(rows)}`)
  }
  return found
}
