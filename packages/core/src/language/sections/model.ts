import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import { anyName, byKind, identifier, list, mapOf, record } from '../reader/collections.ts'
import { expression } from '../reader/expression.ts'
import { present, type Reader, startOf, transform } from '../reader/reader.ts'
import { address, choice, number, path, rawText, text, word } from '../reader/scalars.ts'
import type { Model, OutputSource } from '../spec.ts'
import { code, range, values } from './column.ts'
import { outputType } from './common.ts'

/** Where a model is, and what runs it. */
interface Artifact {
  readonly artifact?: Located<string>
  readonly runner?: Located<'http' | 'command' | 'column'>
  readonly command?: readonly string[]
}

const ARTIFACT = 'the path of a model file, or { http: … }, { command: … }, { column: … }'

const artifact: Reader<Artifact> = byKind(ARTIFACT, {
  scalar: transform(path, (file): Artifact => ({ artifact: file })),
  map: transform(
    record('an artifact', { http: address, protocol: word, command: list(rawText), column: word }),
    ({ values: read, entries }, node, context): Artifact | undefined => {
      const kinds = (['http', 'command', 'column'] as const).filter((kind) => entries.has(kind))
      const [kind, other] = kinds
      if (kind === undefined) {
        const parameters = { key: 'http', of: 'an artifact', expects: "or 'command', or 'column'" }
        context.report(diagnose(catalog.missingKey, startOf(node), parameters))
        return undefined
      }
      if (other !== undefined) {
        const place = entries.get(other)?.keyNode.span ?? startOf(node)
        context.report(diagnose(catalog.severalRunners, place, { kinds }))
        return undefined
      }
      const runner = { value: kind, span: entries.get(kind)?.keyNode.span ?? startOf(node) }
      if (kind === 'command') return read.command && { runner, command: read.command.map((part) => part.value) }
      const where = kind === 'http' ? read.http : read.column
      return where && { runner, artifact: where }
    },
  ),
})

const outputs: Reader<ReadonlyMap<string, OutputSource>> = mapOf(
  anyName('an output'),
  record(
    'an output',
    {
      type: outputType,
      unit: word,
      range,
      values,
      says: text,
      class: code,
      tensor: word,
      index: number('an index from 0', { integer: true, atLeast: 0 }),
    },
    { required: ['type'] },
  ),
  (name, { values: read }) =>
    read.type && {
      ...name,
      type: read.type,
      ...present({
        unit: read.unit,
        range: read.range,
        values: read.values,
        says: read.says?.value,
        class: read.class,
        tensor: read.tensor?.value,
        index: read.index?.value,
      }),
    },
)

const input = transform(
  record("'input'", { from: word, columns: list(word) }, { required: ['from', 'columns'] }),
  ({ values: read, span }) => read.from && read.columns && { span, from: read.from, columns: read.columns },
)

/** `models`: roles (champion, challenger) and models of their own name. */
export const modelsSection: Reader<ReadonlyMap<string, Model>> = mapOf(
  identifier('a model'),
  record('a model', {
    artifact,
    like: word,
    task: choice('a task', ['binary-classification', 'multiclass-classification', 'regression'] as const),
    input,
    outputs,
    label: word,
    decision: expression,
  }),
  (name, { values: read, entries }, context) => {
    const runner = read.artifact?.runner
    if (runner !== undefined)
      context.leaveUnenforced(`models.${name.name}.artifact.${runner.value}`, runner.span, false)
    if (entries.has('input') && read.input === undefined) return undefined
    return {
      ...name,
      outputs: read.outputs ?? new Map(),
      ...read.artifact,
      ...present({
        like: read.like,
        task: read.task,
        input: read.input,
        label: read.label,
        decision: read.decision,
      }),
    }
  },
)
