import {
  otherwiseValue,
  predictionColumn,
  promptColumn,
  promptMissing,
  versionUnread,
} from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { ProgramColumn, ProgramRunner } from '../../clause/program.ts'
import type { Model } from '../../language/spec.ts'
import type { ModelRunner } from '../../language/spec-models.ts'
import type { NamedDataset } from './names.ts'

type Report = (d: Diagnostic) => void

/** What runs a model, with its names resolved: columns of predictions exist and hold what is declared; a chat has a prompt of inputs. */
export function resolveRunner(
  runner: ModelRunner,
  source: Model,
  outputs: ReadonlyMap<string, ProgramColumn>,
  dataset: NamedDataset,
  report: Report,
): ProgramRunner | undefined {
  switch (runner.kind) {
    case 'column':
      return columnsOfOutputs(runner, outputs, dataset, report)
    case 'command':
      return {
        kind: 'command',
        command: runner.command,
        files: runner.files.map(({ value }) => value),
        ...(runner.file === undefined ? {} : { file: runner.file.value }),
        ...(runner.format === undefined ? {} : { format: runner.format }),
        ...limits(runner),
      }
    case 'http':
      checkPrompt(runner, source, report)
      checkOtherwise(runner, outputs, report)
      if (runner.version !== undefined && runner.protocol !== 'openai-chat')
        report(diagnose(versionUnread, runner.version.span, { protocol: runner.protocol }))
      return {
        kind: 'http',
        address: runner.address.value,
        protocol: runner.protocol,
        ...(runner.model === undefined ? {} : { model: runner.model.value }),
        ...(runner.token === undefined ? {} : { token: runner.token.value }),
        ...limits(runner),
        ...(runner.retries === undefined ? {} : { retries: runner.retries.value }),
        ...(runner.prompt === undefined ? {} : { prompt: runner.prompt.value }),
        ...(runner.budget === undefined ? {} : { budget: runner.budget.value }),
        ...(runner.after === undefined ? {} : { after: runner.after.value }),
        ...(runner.otherwise === undefined ? {} : { otherwise: runner.otherwise.value }),
        ...(runner.version === undefined ? {} : { version: runner.version.value }),
      }
  }
}

function limits({ timeout, batch }: Extract<ModelRunner, { kind: 'command' | 'http' }>): {
  readonly timeoutMs?: number
  readonly batch?: number
} {
  return {
    // Less than a millisecond is none that anybody could answer in; it is rounded up.
    ...(timeout === undefined ? {} : { timeoutMs: Math.max(1, Math.ceil(Number(timeout.value) / 1000)) }),
    ...(batch === undefined ? {} : { batch: batch.value }),
  }
}

/** The column of each output: that of its `tensor`, else the one of the artifact, which only one output can have. */
function columnsOfOutputs(
  runner: Extract<ModelRunner, { kind: 'column' }>,
  outputs: ReadonlyMap<string, ProgramColumn>,
  dataset: NamedDataset,
  report: Report,
): ProgramRunner {
  const columns: Record<string, string> = {}
  const unnamed = [...outputs.values()].filter(({ tensor }) => tensor === undefined)
  const complain = (output: string, problem: string, fix: string): void =>
    report(diagnose(predictionColumn, runner.column.span, { output, problem, fix }))
  for (const output of outputs.values()) {
    const name = output.tensor ?? runner.column.value
    if (output.tensor === undefined && unnamed.length > 1) {
      const names = unnamed.map((each) => `\`${each.name}\``).join(' and ')
      complain(output.name, `${names} would read the same one`, 'Say which by `tensor: COLUMN` of each output.')
      break
    }
    const column = dataset.columns.get(name)
    if (column === undefined)
      complain(output.name, `the dataset has no column \`${name}\``, 'Declare it under `columns` of the dataset.')
    else if (!fits(column, output))
      complain(
        output.name,
        `\`${name}\` is ${column.columnType}, and the output ${output.columnType}`,
        'Declare both of one type.',
      )
    columns[output.name] = name
  }
  return { kind: 'column', columns }
}

function fits({ type: column }: ProgramColumn, { type: output }: ProgramColumn): boolean {
  return column.kind === output.kind || (column.kind === 'int' && output.kind === 'double')
}

const PLACE = /\{([^{}]*)\}/g

function checkPrompt(runner: Extract<ModelRunner, { kind: 'http' }>, source: Model, report: Report): void {
  if (runner.protocol !== 'openai-chat') return
  if (runner.prompt === undefined || runner.model === undefined) {
    report(diagnose(promptMissing, runner.address.span, { model: source.name }))
    return
  }
  const known = source.input?.columns.map(({ value }) => value) ?? []
  for (const [, name = ''] of runner.prompt.value.matchAll(PLACE))
    if (!known.includes(name) && name !== 'nonce') report(diagnose(promptColumn, runner.prompt.span, { name, known }))
}

/** What stands for an answer that is none has to be a text or code that the only output declares. */
function checkOtherwise(
  { otherwise }: Extract<ModelRunner, { kind: 'http' }>,
  outputs: ReadonlyMap<string, ProgramColumn>,
  report: Report,
): void {
  if (otherwise === undefined) return
  const [output, ...more] = outputs.values()
  if (output === undefined) return
  const complain = (problem: string): void =>
    report(diagnose(otherwiseValue, otherwise.span, { value: otherwise.value, problem }))
  const { values, type } = output
  if (more.length > 0) complain('the model has several outputs')
  else if (type.kind !== 'string') complain(`\`${output.name}\` is no text or category of texts`)
  else if (values?.every(({ code }) => code !== otherwise.value) === true)
    complain(`\`${output.name}\` declares ${values.map(({ code }) => `\`${code}\``).join(', ')}`)
}
