import type { ProgramColumn, ProgramRelation } from '../../clause/program.ts'
import { eventKinds } from '../../evidence/events.ts'
import type { RelationInfo } from '../../expr/environment.ts'
import { BOOL, STRING, TIMESTAMP, type ColumnType, type Type } from '../../expr/type.ts'
import type { NamedDataset, NamedModel, NamedRelation } from './names.ts'

/** Every relation a name can stand for: data, splits, models on them, `requests`, `release`, `system`. */
export function resolveRelations(
  datasets: ReadonlyMap<string, NamedDataset>,
  models: ReadonlyMap<string, NamedModel>,
): ReadonlyMap<string, NamedRelation> {
  const relations = new Map<string, NamedRelation>()
  for (const [name, dataset] of datasets) {
    const add = (relation: ProgramRelation): void => {
      relations.set(relation.name, {
        relation,
        info: { name: relation.name, kind: 'data', columns: dataset.columns, ...placeOf(dataset) },
      })
    }
    add({ kind: 'data', name, dataset: name })
    for (const split of dataset.source.splits.keys())
      add({ kind: 'data', name: `${name}.${split}`, dataset: name, split })
  }
  for (const model of models.values()) addModelRelations(relations, model, datasets)
  const champion = models.get('champion')
  if (champion !== undefined) {
    relations.set('requests', requests(champion, datasets))
    relations.set('release', release(champion, datasets))
  }
  relations.set('system', {
    relation: { kind: 'system', name: 'system' },
    info: { name: 'system', kind: 'system', columns: eventColumns() },
  })
  return relations
}

const placeOf = ({ engine }: NamedDataset): Pick<RelationInfo, 'engine' | 'database'> =>
  engine === undefined ? {} : { engine: engine.dialect, database: engine.name }

function addModelRelations(
  relations: Map<string, NamedRelation>,
  model: NamedModel,
  datasets: ReadonlyMap<string, NamedDataset>,
): void {
  const add = (relation: Extract<ProgramRelation, { kind: 'model' }>): void => {
    const dataset = datasets.get(relation.dataset)
    if (dataset === undefined || relations.has(relation.name)) return
    const columns = new Map<string, ProgramColumn>([
      ...dataset.columns,
      ...answerColumns(model),
      ...(isAsked(model) ? callColumns() : readsImages(model, datasets) ? [errorColumn()] : []),
    ])
    relations.set(relation.name, {
      relation,
      info: { name: relation.name, kind: 'model', columns, ...metricsOf(model) },
    })
  }
  const splitsOf = (dataset: string): readonly string[] => [...(datasets.get(dataset)?.source.splits.keys() ?? [])]
  add({ kind: 'model', name: model.name, model: model.name, dataset: model.from })
  for (const split of splitsOf(model.from))
    add({ kind: 'model', name: `${model.name}.${split}`, model: model.name, dataset: model.from, split })
  for (const [dataset, { columns }] of datasets) {
    if (!model.input.every((column) => columns.has(column))) continue
    add({ kind: 'model', name: `${model.name}.${dataset}`, model: model.name, dataset })
    for (const split of splitsOf(dataset))
      add({ kind: 'model', name: `${model.name}.${dataset}.${split}`, model: model.name, dataset, split })
  }
}

/** Whether somebody outside this process answers: what that took and what failed is then worth a column. */
function isAsked({ runner }: NamedModel): boolean {
  return runner !== undefined && runner.kind !== 'column'
}

/** What is known of the call that answered a row: its time, the size of the answer, and why there is none. */
export function callColumns(): readonly (readonly [string, ProgramColumn])[] {
  return [
    ['_latency_ms', { ...plainColumn('_latency_ms', 'number', { kind: 'double' }), optional: true }],
    ['_bytes', { ...plainColumn('_bytes', 'number', { kind: 'double' }), optional: true }],
    errorColumn(),
  ]
}

/** Why a row has no answer: of a model that pictures are read for, too. */
const errorColumn = (): readonly [string, ProgramColumn] => [
  '_error',
  { ...plainColumn('_error', 'text', STRING), optional: true },
]

const readsImages = ({ from, input }: NamedModel, datasets: ReadonlyMap<string, NamedDataset>): boolean =>
  input.some((name) => datasets.get(from)?.columns.get(name)?.columnType === 'image')

function metricsOf(model: NamedModel): Pick<RelationInfo, 'model' | 'label' | 'score' | 'amount' | 'classes'> {
  return {
    model: model.name,
    ...(model.label === undefined ? {} : { label: model.label }),
    ...(model.score === undefined ? {} : { score: model.score }),
    ...(model.amount === undefined ? {} : { amount: model.amount }),
    ...(model.classes === undefined ? {} : { classes: model.classes }),
  }
}

function answerColumns(model: NamedModel): Map<string, ProgramColumn> {
  const columns = new Map<string, ProgramColumn>(model.outputs)
  if (model.decision !== undefined) columns.set('decision', plainColumn('decision', 'boolean', BOOL))
  return columns
}

function requests(champion: NamedModel, datasets: ReadonlyMap<string, NamedDataset>): NamedRelation {
  const columns = servedColumns(champion, datasets)
  const label = champion.label === undefined ? undefined : datasets.get(champion.from)?.columns.get(champion.label)
  if (label !== undefined) columns.set(label.name, { ...label, optional: true })
  return {
    relation: { kind: 'requests', name: 'requests' },
    info: { name: 'requests', kind: 'requests', columns, ...metricsOf(champion) },
  }
}

/** As `requests`; no label ever arrives for what was generated. */
function release(champion: NamedModel, datasets: ReadonlyMap<string, NamedDataset>): NamedRelation {
  const { label: _, ...metrics } = metricsOf(champion)
  return {
    relation: { kind: 'release', name: 'release' },
    info: { name: 'release', kind: 'release', columns: servedColumns(champion, datasets), ...metrics },
  }
}

/** What a server knows of a request and its answer: keys, inputs, outputs, decision, and how it was served. */
function servedColumns(champion: NamedModel, datasets: ReadonlyMap<string, NamedDataset>): Map<string, ProgramColumn> {
  const dataset = datasets.get(champion.from)
  const columns = new Map<string, ProgramColumn>()
  for (const name of [...(dataset?.key ?? []), ...champion.input]) {
    const column = dataset?.columns.get(name)
    // Requests carry cells and no files: what an image shows is not logged.
    if (column !== undefined && column.columnType !== 'image') columns.set(name, column)
  }
  for (const [name, column] of answerColumns(champion)) columns.set(name, column)
  for (const name of ['_request_id', '_model', '_guard']) columns.set(name, plainColumn(name, 'text', STRING))
  columns.set('_at', plainColumn('_at', 'timestamp', TIMESTAMP))
  return columns
}

/** The kinds of events are a closed list, so a mistyped one is a mistake and not a wait for ever. */
function eventColumns(): Map<string, ProgramColumn> {
  const kind: ProgramColumn = {
    ...plainColumn('kind', 'category', { kind: 'string', category: true }),
    values: Object.keys(eventKinds).map((code) => ({ code })),
  }
  const columns = [plainColumn('at', 'timestamp', TIMESTAMP), kind]
  for (const name of ['subject', 'digest']) columns.push(plainColumn(name, 'text', STRING))
  return new Map(columns.map((column) => [column.name, column]))
}

function plainColumn(name: string, columnType: ColumnType, type: Type): ProgramColumn {
  return { name, columnType, type, optional: false, protected: false, role: 'output' }
}
