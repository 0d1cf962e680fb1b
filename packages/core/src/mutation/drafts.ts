import type { Program, ProgramColumn, ProgramDataset, ProgramModel } from '../clause/program.ts'
import type { DataFault, Fault, ModelFault, ServingFault } from './fault.ts'
import type { Draft } from './propose.ts'

/**
 * What would notice a fault: numbers that it moves, the plainest first. Which of them tells it from what is usual shows when they
 * are measured. Empty where no clause of one number can.
 */
export function draftsFor(program: Program, fault: Fault): readonly Draft[] {
  switch (fault.group) {
    case 'data':
      return draftsForData(program, fault)
    case 'model':
      return draftsForModel(program, fault)
    case 'serving':
      return draftsForServing(program, fault)
  }
}

/** Other columns that one is held against, at most. */
const MOST_OTHERS = 3

function draftsForData(program: Program, fault: DataFault): readonly Draft[] {
  const dataset = program.datasets.find(({ name }) => name === fault.dataset)
  const [name = ''] = fault.columns
  const column = dataset?.columns.find((each) => each.name === name)
  if (dataset === undefined) return []
  const must = (id: string, says: string, term: string): Draft => ({
    id: slug(`${dataset.name}-${id}`),
    says,
    of: dataset.name,
    form: 'must',
    term,
  })
  const cell = column === undefined ? '' : columnText(column)
  switch (fault.operator) {
    case 'null-burst':
    case 'encoding':
      return [must(`${name}-complete`, `${name} is there, and can be read.`, `null_share(${cell})`)]
    case 'unit-change':
    case 'column-shift':
    case 'sampling-bias':
      return column === undefined ? [] : [...levels(column, must), ...bonds(dataset, column, must)]
    case 'category-swap':
    case 'slice-drop':
      return column === undefined
        ? []
        : [...(fault.codes ?? []).map((code) => shareOf(column, code, must)), ...bonds(dataset, column, must)]
    case 'duplicates': {
      const columns = dataset.columns.filter((each) => dataset.key.length === 0 || dataset.key.includes(each.name))
      const term = `duplicates(${columns.map(columnText).join(', ')})`
      return [{ ...must('no-row-twice', 'No row is there twice.', term), exactly: 0 }]
    }
    case 'label-flip':
      return column === undefined
        ? []
        : [...levels(column, must), ...bonds(dataset, column, must), ...metricDrafts(program, 'champion')]
    case 'label-leak': {
      const label = dataset.columns.find((each) => each.name === fault.columns[1])
      if (label === undefined || column === undefined) return []
      return [
        must(
          `${name}-no-leak`,
          `${name} does not know ${label.name}.`,
          `correlation(${asNumber(column)}, ${asNumber(label)})`,
        ),
        ...levels(column, must),
      ]
    }
    case 'key-overlap':
    case 'stale-partition': {
      const [from, to] = fault.splits ?? []
      const key = dataset.columns.find((each) => each.name === dataset.key[0])
      if (from === undefined || to === undefined || key === undefined) return []
      const term = `overlap(${dataset.name}.${from}, ${dataset.name}.${to}, ${columnText(key)})`
      return [{ ...must(`${from}-${to}-apart`, `No row of ${from} is in ${to}.`, term), exactly: 0 }]
    }
  }
}

type Must = (id: string, says: string, term: string) => Draft

/** Where a column lies, and how wide it is; of codes, how frequent each of the first is. */
function levels(column: ProgramColumn, must: Must): readonly Draft[] {
  const { name, type, values } = column
  const cell = columnText(column)
  if (values !== undefined) return values.slice(0, MOST_OTHERS).map(({ code }) => shareOf(column, code, must))
  if (type.kind === 'bool') return [must(`${name}-share`, `${name} is as frequent as it was.`, `share(${cell})`)]
  if (type.kind !== 'int' && type.kind !== 'double') return []
  return [
    must(`${name}-level`, `${name} is of the order it was.`, `mean(${cell})`),
    must(`${name}-middle`, `The middle of ${name} is where it was.`, `median(${cell})`),
    must(`${name}-top`, `The upper end of ${name} is where it was.`, `quantile(${cell}, 0.9)`),
    must(`${name}-width`, `${name} is spread as it was.`, `stddev(${cell})`),
  ]
}

function shareOf(column: ProgramColumn, code: string | number | boolean, must: Must): Draft {
  const { name } = column
  return must(
    `${name}-${String(code)}-share`,
    `${name} = ${String(code)} is as frequent as it was.`,
    `share(${columnText(column)} == ${codeText(code)})`,
  )
}

/** How a column goes with others: what is exchanged or mixed up may keep its own shares. */
function bonds(dataset: ProgramDataset, column: ProgramColumn, must: Must): readonly Draft[] {
  const own = asNumber(column)
  if (own === undefined) return []
  return dataset.columns
    .filter(({ name, role }) => name !== column.name && (role === undefined || role === 'label'))
    .toSorted((a, b) => Number(b.role === 'label') - Number(a.role === 'label'))
    .flatMap((other) => {
      const theirs = other.values === undefined ? asNumber(other) : undefined
      return theirs === undefined ? [] : [{ other, theirs }]
    })
    .slice(0, MOST_OTHERS)
    .map(({ other, theirs }) =>
      must(
        `${column.name}-goes-with-${other.name}`,
        `${column.name} goes with ${other.name} as it did.`,
        `correlation(${own}, ${theirs})`,
      ),
    )
}

/** A column as a number: a truth value is 1 or 0, a category whether it is its first code. */
function asNumber(column: ProgramColumn): string | undefined {
  const { type, values } = column
  const cell = columnText(column)
  const [first] = values ?? []
  if (first !== undefined) return `${cell} == ${codeText(first.code)} ? 1.0 : 0.0`
  if (type.kind === 'bool') return `${cell} ? 1.0 : 0.0`
  return type.kind === 'int' || type.kind === 'double' ? cell : undefined
}

/** Numbers that a model's answers have on labelled rows, by what it is for. */
const METRICS: Readonly<Record<ProgramModel['task'], readonly (readonly [id: string, says: string, term: string])[]>> =
  {
    'binary-classification': [
      ['ranks', 'It ranks as well as it did.', 'roc_auc()'],
      ['flags-as-often', 'As many are flagged as before.', 'positive_rate()'],
      ['calibrated', 'A score can be read as a probability.', 'calibration_error()'],
      ['unbiased', 'Scores are right on average.', 'calibration_bias()'],
      ['near', 'Scores are as near to the labels as they were.', 'brier()'],
      ['right', 'It decides as often rightly as it did.', 'accuracy()'],
    ],
    'multiclass-classification': [
      ['right', 'It answers as often rightly as it did.', 'accuracy()'],
      ['finds-each', 'It finds each class as often as it did.', 'recall_macro()'],
    ],
    regression: [
      ['near', 'It is as near to the label as it was.', 'mae()'],
      ['unbiased', 'It is right on average.', 'mean_error()'],
      ['explains', 'It explains as much as it did.', 'r2()'],
    ],
  }

/** The first metric that speaks of each fault of a model. */
const FIRST: Partial<Record<ModelFault['operator'], string>> = {
  'threshold-shift': 'flags-as-often',
  'over-confident': 'calibrated',
  'constant-on-slice': 'calibrated',
}

function draftsForModel(program: Program, { model, operator }: ModelFault): readonly Draft[] {
  const first = slug(`${model}-${FIRST[operator] ?? ''}`)
  return metricDrafts(program, model).toSorted((a, b) => Number(b.id === first) - Number(a.id === first))
}

function metricDrafts(program: Program, name: string): readonly Draft[] {
  const model = program.models.find((each) => each.name === name)
  if (model === undefined) return []
  const of = testedRelation(program, model)
  return METRICS[model.task].map(([id, says, term]) => ({ id: slug(`${name}-${id}`), says, of, form: 'must', term }))
}

function draftsForServing(program: Program, fault: ServingFault): readonly Draft[] {
  const reference = program.datasets.find((each) => each.name === fault.dataset)
  const column = reference?.columns.find((each) => each.name === fault.columns[0])
  if (reference === undefined || column === undefined) return []
  const [split] = reference.splits
  const of = split === undefined ? reference.name : `${reference.name}.${split.name}`
  const always = (id: string, says: string, term: string): Draft => ({
    id: slug(`requests-${id}`),
    says,
    of: 'requests',
    form: 'always',
    term,
  })
  const { name } = column
  const champion = program.models.find((each) => each.name === 'champion')
  return [
    always(
      `${name}-stable`,
      `${name} of the requests is distributed as in ${of}.`,
      `psi(${columnText(column)}, ${of})`,
    ),
    // A value that is another request's is distributed as it should be; only the labels show it.
    ...(program.monitor?.labels === undefined || champion === undefined
      ? []
      : METRICS[champion.task].slice(0, 1).map(([id, says, term]) => always(`${id}-in-production`, says, term))),
  ]
}

/** The relation of the model that most clauses ask about; where none does, its rows that were not learned from. */
function testedRelation(program: Program, { name: model, from }: ProgramModel): string {
  const names = program.clauses.flatMap(({ of }) =>
    of.filter(({ stage }) => stage === 'model').map(({ relation }) => relation),
  )
  const relations = program.relations.filter((each) => each.kind === 'model' && each.model === model)
  const count = (name: string): number => names.filter((each) => each === name).length
  const [asked] = relations
    .map(({ name }) => name)
    .filter((name) => count(name) > 0)
    .toSorted((a, b) => count(b) - count(a))
  if (asked !== undefined) return asked
  const splits = program.datasets.find(({ name }) => name === from)?.splits.map(({ name }) => name) ?? []
  const split = splits.find((name) => name === 'test') ?? splits.find((name) => name !== 'train')
  return split === undefined ? model : `${model}.${split}`
}

const isWord = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)

function columnText({ name }: ProgramColumn): string {
  return isWord(name) ? name : `row[${JSON.stringify(name)}]`
}

const codeText = (code: string | number | boolean): string =>
  typeof code === 'string' ? JSON.stringify(code) : String(code)

/** An id of a clause from names of columns, whatever they are. Dots are for the clauses that contracts stand for. */
function slug(text: string): string {
  return text.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '')
}
