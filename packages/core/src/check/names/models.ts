import {
  badPixels,
  labelRoleMissing,
  modelIncomplete,
  notForType,
  outputNamedLikeColumn,
  pixelsMissing,
  unknownName,
} from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import type { ProgramColumn } from '../../clause/program.ts'
import { BOOL, type Type } from '../../expr/type.ts'
import type { Model, ModelTask, Spec } from '../../language/spec.ts'
import type { Pixels } from '../../language/spec-models.ts'
import type { Located, Span } from '../../source/span.ts'
import type { NamedDataset, NamedModel } from './names.ts'
import { resolveClasses } from './classes.ts'
import { resolveOutput } from './columns.ts'
import { isAnswer, resolveJudged } from './judged.ts'
import { resolveRunner } from './runners.ts'

type Report = (d: Diagnostic) => void

/** Resolves every model, `like` included, and adds the role `challenger` beside a declared `champion`. */
export function resolveModels(
  spec: Spec,
  datasets: ReadonlyMap<string, NamedDataset>,
  report: Report,
): ReadonlyMap<string, NamedModel> {
  const models = new Map<string, NamedModel>()
  for (const [name, source] of spec.models) {
    const whole = followLike(source, spec, report)
    if (whole === undefined) continue
    const model = resolveModel(name, whole, { spec, datasets }, report)
    if (model !== undefined) models.set(name, model)
  }
  const champion = models.get('champion')
  if (champion !== undefined && !models.has('challenger')) {
    models.set('challenger', {
      ...champion,
      name: 'challenger',
      info: { ...champion.info, name: 'challenger', outputs: outputsType('challenger', champion) },
    })
  }
  return models
}

function followLike(source: Model, spec: Spec, report: Report): Model | undefined {
  if (source.like === undefined) return source
  const seen = new Set([source.name])
  let merged = source
  let like: Located<string> | undefined = source.like
  while (like !== undefined) {
    const other = spec.models.get(like.value)
    if (other === undefined || seen.has(like.value)) {
      const known = [...spec.models.keys()].filter((k) => k !== source.name)
      report(
        diagnose(unknownName, like.span, {
          what: 'model',
          name: like.value,
          near: nearestName(like.value, known),
          known,
        }),
      )
      return undefined
    }
    seen.add(like.value)
    // What runs a model goes with where it is: a model of its own artifact is not run like the other one.
    const place = merged.artifact === undefined && merged.runner === undefined ? other : {}
    const { artifact: _, runner: __, ...rest } = other
    merged = {
      ...rest,
      ...pick(place),
      ...definedOf(merged),
      outputs: merged.outputs.size > 0 ? merged.outputs : other.outputs,
    }
    like = other.like
  }
  return merged
}

function pick({ artifact, runner }: Pick<Model, 'artifact' | 'runner'>): Pick<Model, 'artifact' | 'runner'> {
  return { ...(artifact === undefined ? {} : { artifact }), ...(runner === undefined ? {} : { runner }) }
}

function definedOf(model: Model): Model {
  return Object.fromEntries(Object.entries(model).filter(([, v]) => v !== undefined)) as unknown as Model
}

function resolveModel(
  name: string,
  source: Model,
  { spec, datasets }: { readonly spec: Spec; readonly datasets: ReadonlyMap<string, NamedDataset> },
  report: Report,
): NamedModel | undefined {
  const lacks = (missing: string, why: string, fix: string): undefined => {
    report(diagnose(modelIncomplete, source.nameSpan, { model: name, missing, why, fix }))
  }
  if (source.input === undefined)
    return lacks(
      'input',
      'Its predictions are made on rows, and nothing says which.',
      'Add `input: { from: <dataset>, columns: […] }`.',
    )
  if (source.outputs.size === 0)
    return lacks(
      'outputs',
      'Nothing says what it answers.',
      'Add `outputs: { risk: { type: number, range: [0, 1] } }`.',
    )
  const dataset = datasets.get(source.input.from.value)
  if (dataset === undefined) {
    unknown(report, 'dataset', source.input.from, datasets.keys())
    return undefined
  }
  const input: string[] = []
  const answers: Located<string>[] = []
  for (const column of source.input.columns) {
    if (!dataset.columns.has(column.value) && isAnswer(spec, column.value)) answers.push(column)
    else if (!dataset.columns.has(column.value)) unknown(report, 'column', column, dataset.columns.keys())
    else if (dataset.columns.get(column.value)?.columnType === 'list')
      report(diagnose(notForType, column.span, { key: `input: ${column.value}`, type: 'list' }))
    else input.push(column.value)
  }
  checkImages(source, source.input, input, dataset, report)
  const judges = resolveJudged(name, source, answers, spec, report)
  const outputs = new Map<string, ProgramColumn>()
  for (const [output, declared] of source.outputs) {
    // Of every dataset whose rows it can answer for: `champion.fresh` has the columns of both.
    for (const [answered, { columns }] of datasets) {
      if (columns.has(output) && (columns === dataset.columns || input.every((column) => columns.has(column))))
        report(diagnose(outputNamedLikeColumn, declared.nameSpan, { output, dataset: answered }))
    }
    outputs.set(output, resolveOutput(declared, report))
  }
  const runner =
    source.runner === undefined ? undefined : resolveRunner(source.runner, source, outputs, dataset, report)
  const label = source.label?.value ?? dataset.label
  if (source.label !== undefined && !dataset.columns.has(source.label.value))
    unknown(report, 'column', source.label, dataset.columns.keys())
  if (label !== undefined && input.includes(label))
    report(diagnose(labelRoleMissing, source.input.span, { column: label }))
  const classes = resolveClasses(source, outputs, label === undefined ? undefined : dataset.columns.get(label), report)
  const task = classes.task
  // What a regression answers is an amount: no metric may read it as the probability of an event.
  const number = [...outputs.values()].find((o) => o.columnType === 'number')?.name
  const answer = number === undefined ? {} : ANSWERED_BY[task](number)
  const named = classes.info === undefined ? {} : { classes: classes.info }
  const partial = { outputs, ...(source.decision === undefined ? {} : { decision: source.decision }) }
  return {
    name,
    source,
    task,
    from: source.input.from.value,
    input,
    ...partial,
    ...(judges === undefined ? {} : { judges }),
    ...(source.input.pixels === undefined ? {} : { pixels: source.input.pixels.value }),
    ...(source.artifact === undefined ? {} : { artifact: source.artifact.value }),
    ...(runner === undefined ? {} : { runner }),
    ...answer,
    ...named,
    ...(label === undefined ? {} : { label }),
    info: { name, input, from: source.input.from.value, outputs: outputsType(name, partial), ...named },
  }
}

/** What asks a model of tensors has to know how a picture becomes numbers, and what has no picture needs no such thing. */
function checkImages(
  { runner }: Model,
  { columns, pixels }: NonNullable<Model['input']>,
  input: readonly string[],
  dataset: NamedDataset,
  report: Report,
): void {
  const isImage = (name: string): boolean => dataset.columns.get(name)?.columnType === 'image'
  const image = columns.find(({ value }) => isImage(value))
  if (pixels !== undefined) {
    const problem = image === undefined ? 'no input is an image' : pixelProblem(pixels.value)
    if (problem !== undefined) report(diagnose(badPixels, pixels.span, { problem }))
    if (runner?.kind === 'http' && runner.protocol === 'openai-chat')
      report(diagnose(badPixels, pixels.span, { problem: 'a chat is sent the picture itself' }))
  } else if (image !== undefined && input.length > 0 && takesTensors(runner))
    report(diagnose(pixelsMissing, image.span, { column: image.value }))
}

const takesTensors = (runner: Model['runner']): boolean =>
  runner === undefined || (runner.kind === 'http' && runner.protocol === 'oip-v2')

function pixelProblem({ channels, range, mean, stddev }: Pixels): string | undefined {
  if (range[0] >= range[1]) return 'the least of `range` is not below the greatest'
  for (const [key, numbers] of [
    ['mean', mean],
    ['stddev', stddev],
  ] as const)
    if (numbers !== undefined && numbers.length !== 1 && numbers.length !== channels)
      return `\`${key}\` has ${numbers.length} numbers for ${channels} channels`
  return stddev?.some((each) => each <= 0) === true ? '`stddev` is divided by, and has to be above 0' : undefined
}

const ANSWERED_BY: Readonly<Record<ModelTask, (output: string) => Pick<NamedModel, 'amount' | 'score'>>> = {
  regression: (amount) => ({ amount }),
  'binary-classification': (score) => ({ score }),
  'multiclass-classification': () => ({}),
}

function outputsType(name: string, model: Pick<NamedModel, 'outputs' | 'decision'>): Type {
  const fields = Object.fromEntries([...model.outputs].map(([output, column]) => [output, column.type]))
  return { kind: 'record', of: name, fields: model.decision === undefined ? fields : { ...fields, decision: BOOL } }
}

function unknown(report: Report, what: string, name: Located<string>, names: Iterable<string>): void {
  const known = [...names]
  report(
    diagnose(unknownName, name.span as Span, { what, name: name.value, near: nearestName(name.value, known), known }),
  )
}
