import type { Program, ProgramColumn, ProgramModel } from '@plumbline/core'
import { type LogColumns, logKind } from './columns.ts'

/** The relation `requests` as the spec declares it. */
export interface DeclaredRequests {
  readonly model: ProgramModel
  readonly key: readonly string[]
  /** Keys and inputs. */
  readonly request: readonly ProgramColumn[]
  /** Outputs and `decision`. */
  readonly answer: readonly ProgramColumn[]
  /** Missing until it arrives. */
  readonly label?: ProgramColumn
  /** The log's own that clauses may name: `_request_id`, `_at`, `_model`, `_guard`. */
  readonly own: readonly ProgramColumn[]
}

/** What the spec declares of `requests`; undefined where it has no champion, and so no requests. */
export function declaredRequests(program: Program): DeclaredRequests | undefined {
  const model = program.models.find(({ name }) => name === 'champion')
  const dataset = program.datasets.find(({ name }) => name === model?.from)
  if (model === undefined || dataset === undefined) return undefined
  const column = (name: string): readonly ProgramColumn[] => dataset.columns.filter((each) => each.name === name)
  const label = model.label === undefined ? undefined : column(model.label)[0]
  const plain = { optional: false, protected: false, role: 'output' } as const
  const text = (name: string): ProgramColumn => ({ name, columnType: 'text', type: { kind: 'string' }, ...plain })
  const decision: ProgramColumn = { name: 'decision', columnType: 'boolean', type: { kind: 'bool' }, ...plain }
  return {
    model,
    key: dataset.key,
    request: [...new Set([...dataset.key, ...model.input])].flatMap(column),
    answer: model.decision === undefined ? model.outputs : [...model.outputs, decision],
    ...(label === undefined ? {} : { label: { ...label, optional: true } }),
    own: [
      text('_request_id'),
      { name: '_at', columnType: 'timestamp', type: { kind: 'timestamp' }, ...plain },
      text('_model'),
      text('_guard'),
    ],
  }
}

/** The columns that a log of these requests has. */
export function logColumnsOf({ request, answer }: DeclaredRequests): LogColumns {
  const logged = (columns: readonly ProgramColumn[]) =>
    columns.flatMap((column) => {
      const kind = logKind(column)
      return kind === undefined ? [] : [{ name: column.name, kind }]
    })
  return { request: logged(request), answer: logged(answer) }
}
