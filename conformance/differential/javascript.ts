import type { Expr } from '../../packages/core/src/expr/expr.ts'
import type { Type } from '../../packages/core/src/expr/type.ts'
import type { Value } from '../../packages/core/src/expr/value.ts'
import { compileModule, type JavascriptOptions } from '../../packages/core/src/targets/javascript/index.ts'
import type { Outcome } from './outcome.ts'
import type { GeneratedRow } from './rows.ts'

/** A module loaded from its text, as a service loads the file. */
export interface LoadedModule {
  readonly clauses: readonly { readonly id: string; readonly missing: string; evaluate(row: unknown): unknown }[]
  violations(row: unknown): readonly { readonly id: string; readonly error?: string }[] | undefined
}

/** Imports the text of a module (a data URL: nothing is written). */
export async function load(text: string): Promise<LoadedModule> {
  return (await import(
    /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
  )) as LoadedModule
}

/** A row as a service has it: whole numbers as numbers where safe; missing as null, undefined or absent. */
function requestRow(row: GeneratedRow, salt: number): Readonly<Record<string, unknown>> {
  const cells = [...row.cells].map(([name, cell], i) => [name, requestCell(cell, (salt + i) % 3)] as const)
  return Object.fromEntries(cells.filter(([, cell]) => cell !== ABSENT))
}

const ABSENT = Symbol('absent')

function requestCell(cell: Value | null, form: number): unknown {
  if (cell === null) return [null, undefined, ABSENT][form]
  if (typeof cell !== 'object') return typeof cell === 'bigint' ? whole(cell, form) : cell
  if ('timestamp' in cell) return whole((cell as { timestamp: bigint }).timestamp, form)
  return whole((cell as { duration: bigint }).duration, form)
}

/** A safe integer comes as a number, at times as a bigint; others as a bigint. */
function whole(cell: bigint, form: number): number | bigint {
  return Number.isSafeInteger(Number(cell)) && form !== 2 ? Number(cell) : cell
}

function outcome(answer: unknown, type: Type): Outcome {
  if (typeof answer === 'object' && answer !== null && 'error' in answer) return answer as Outcome
  switch (type.kind) {
    case 'int':
    case 'timestamp':
    case 'duration':
      if (typeof answer === 'bigint') return { value: answer }
      return Number.isSafeInteger(answer) ? { value: BigInt(answer as number) } : { broken: `int ${String(answer)}` }
    case 'double':
      return typeof answer === 'number' && !Number.isNaN(answer)
        ? { value: answer }
        : { broken: `double ${String(answer)}` }
    case 'bool':
      return typeof answer === 'boolean' ? { value: answer } : { broken: `bool ${String(answer)}` }
    default:
      return typeof answer === 'string' ? { value: answer } : { broken: `string ${String(answer)}` }
  }
}

/** The generated module's answers, by expression and row; every expression must be supported. */
export async function javascriptAnswers(
  exprs: readonly Expr[],
  rows: readonly GeneratedRow[],
  options: JavascriptOptions = {},
): Promise<readonly (readonly Outcome[])[]> {
  const module = await load(
    compileModule(
      exprs.map((expr, i) => ({ id: `c${i}`, expr })),
      options,
    ),
  )
  const requests = rows.map(requestRow)
  return exprs.map((expr, i) =>
    requests.map((row) => {
      try {
        return outcome(module.clauses[i]?.evaluate(row), expr.type)
      } catch (cause) {
        return { broken: String(cause) }
      }
    }),
  )
}
