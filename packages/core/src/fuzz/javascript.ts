import type { Expr } from '../expr/expr.ts'
import type { Type } from '../expr/type.ts'
import type { List, RecordValue, Value } from '../expr/value.ts'
import { compileRow, type JavascriptOptions, javascriptSupport } from '../targets/javascript/compile.ts'
import { render } from '../targets/javascript/js.ts'
import { compileEvaluators } from '../targets/javascript/module.ts'
import { answerText, type RowAnswer } from './answer.ts'
import type { Implementation } from './implementation.ts'

/** Loads the text of an ES module, as a service loads the file; what it exports is looked at, not trusted. */
export type LoadModule = (text: string) => Promise<Readonly<Record<string, unknown>>>

/** The generated JavaScript, which `load` runs; `options` are the target's own tables, in which a test plants a bug. */
export function javascriptImplementation(load: LoadModule, options: JavascriptOptions = {}): Implementation {
  return {
    name: 'javascript',
    errors: 'code',
    refuses: (expr) => {
      const support = javascriptSupport(expr)
      return support.supported ? undefined : support.reason
    },
    cannotHold: () => undefined,
    answers: async ({ exprs, rows }) => {
      const module = await load(compileEvaluators(exprs, {}, options))
      const functions = module['evaluate'] as readonly ((row: unknown) => unknown)[]
      const requests = rows.map((row) => FORMS.map((form) => requestRow(row, form)))
      return exprs.map((expr, i) =>
        requests.map((forms) => agreed(forms.map((row) => answer(functions[i], row, expr.type)))),
      )
    },
    code: (expr: Expr) => render(compileRow(expr, options).fn),
  }
}

/** A row comes in several forms, and every one must give the same. */
function agreed(answers: readonly RowAnswer[]): RowAnswer {
  const [first] = answers
  const other = answers.find((each) => answerText(each) !== (first && answerText(first)))
  if (first === undefined || other === undefined) return first ?? { broken: 'no answer' }
  return { broken: `${answerText(first)}, and ${answerText(other)} for the same row in another form` }
}

function answer(evaluate: ((row: unknown) => unknown) | undefined, row: unknown, type: Type): RowAnswer {
  try {
    return read(evaluate?.(row), type)
  } catch (cause) {
    return { broken: String(cause) }
  }
}

function read(found: unknown, { kind }: Type): RowAnswer {
  if (typeof found === 'object' && found !== null && 'error' in found) return found as RowAnswer
  if (kind === 'int' || kind === 'timestamp' || kind === 'duration') {
    if (typeof found === 'bigint') return { value: found }
    return Number.isSafeInteger(found) ? { value: BigInt(found as number) } : { broken: `${kind} ${String(found)}` }
  }
  const expected = kind === 'double' ? 'number' : kind === 'bool' ? 'boolean' : 'string'
  return typeof found === expected && !Number.isNaN(found)
    ? { value: found as number }
    : { broken: `${kind} ${String(found)}` }
}

const ABSENT = Symbol('absent')

/**
 * A row as a service may have it: a missing cell is null, undefined or absent; a whole number a number where it is safe, or
 * a bigint. In the last form cells differ in that, by their place.
 */
function requestRow(row: RecordValue, form: number): Readonly<Record<string, unknown>> {
  const cells = [...row].map(([name, cell], i) => [name, requestCell(cell, form === 3 ? i % 3 : form)] as const)
  return Object.fromEntries(cells.filter(([, cell]) => cell !== ABSENT))
}

const FORMS = [0, 1, 2, 3] as const

function requestCell(cell: Value | null, form: number): unknown {
  if (cell === null) return [null, undefined, ABSENT][form]
  if (typeof cell === 'object' && 'list' in cell) return (cell as List).list.map((each) => requestCell(each, form))
  if (typeof cell !== 'object') return typeof cell === 'bigint' ? whole(cell, form) : cell
  if ('timestamp' in cell) return whole((cell as { timestamp: bigint }).timestamp, form)
  return whole((cell as { duration: bigint }).duration, form)
}

function whole(cell: bigint, form: number): number | bigint {
  return Number.isSafeInteger(Number(cell)) && form !== 2 ? Number(cell) : cell
}
