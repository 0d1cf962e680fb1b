import type { Program, ProgramColumn } from '../clause/program.ts'
import { draftsForModel, draftsForServing, metricDrafts } from './answer-drafts.ts'
import { asNumber, bonds, codeText, columnText, MOST_OTHERS, type Must, slug } from './draft-text.ts'
import type { DataFault, Fault } from './fault.ts'
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

/** Where a column lies, and how wide it is; of codes, how frequent each of the first is. */
function levels(column: ProgramColumn, must: Must): readonly Draft[] {
  const { name, type, values } = column
  const cell = columnText(column)
  if (values !== undefined) return values.slice(0, MOST_OTHERS).map(({ code }) => shareOf(column, code, must))
  if (type.kind === 'bool') return [must(`${name}-share`, `${name} is as frequent as it was.`, `share(${cell})`)]
  if (type.kind !== 'int' && type.kind !== 'double') return []
  const ends = (id: string, says: string, term: string): Draft => ({
    ...must(`${name}-${id}`, says, term),
    form: 'every',
    cell: { text: cell, whole: type.kind === 'int', optional: column.optional === true },
  })
  return [
    must(`${name}-level`, `${name} is of the order it was.`, `mean(${cell})`),
    must(`${name}-middle`, `The middle of ${name} is where it was.`, `median(${cell})`),
    must(`${name}-top`, `The upper end of ${name} is where it was.`, `quantile(${cell}, 0.9)`),
    must(`${name}-width`, `${name} is spread as it was.`, `stddev(${cell})`),
    ends('most', `No ${name} is beyond what it was.`, `max(${cell})`),
    ends('least', `No ${name} is below what it was.`, `min(${cell})`),
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
