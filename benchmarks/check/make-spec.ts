/** Words for column names; a real table has names, not numbers. */
const NOUNS = ['limit', 'balance', 'payment', 'income', 'fee', 'rate', 'score', 'visits', 'age', 'tenure']
const PERIODS = ['jan', 'feb', 'mar', 'apr']

/** The numeric columns of the table: 40 of them. */
export const NUMBERS = NOUNS.flatMap((noun) => PERIODS.map((period) => `${noun}_${period}`))

/** The text of a spec with 40 numeric columns, some others, a model, slices, and `clauses` clauses, of the usual forms where no other is given. */
export function makeSpec(clauses: number, bodyAt: (i: number) => string = bodyOf, texts = 0): string {
  const numbers = NUMBERS.map((name, i) =>
    i % 3 === 0
      ? `      ${name}: { type: integer, range: [0, ${1000 + i}] }`
      : `      ${name}: { type: number, range: [-${i}.5, ${2000 + i}], optional: ${i % 4 === 1} }`,
  )
  const bodies = Array.from({ length: clauses }, (_, i) => `  clause-${i}:\n${bodyAt(i)}`)
  const names = Array.from({ length: texts }, (_, i) => `      name${i}: { type: text, optional: ${i % 3 === 0} }`)
  return `plumbline: 1
system: { name: generated, version: 1.0.0, purpose: A spec of the size of a large team's. }
requirements:
  R-1: { says: The data is what it is said to be. }
  R-2: { says: The model ranks. }
data:
  customers:
    source: data/customers.parquet
    key: [id]
    splits: { train: 'split == "train"', test: 'split == "test"' }
    columns:
      id: { type: integer, role: key }
      split: { type: category, values: [train, test], role: split }
      region: { type: category, values: [north, south, east, west] }
      churned: { type: boolean, role: label }
${[...numbers, ...names].join('\n')}
slices:
  young: age_jan < 25
  wealthy: income_jan >= 1_000
models:
  champion:
    artifact: models/champion.onnx
    task: binary-classification
    input: { from: customers, columns: [${NUMBERS.join(', ')}, region] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: churned
    decision: risk >= 0.5
clauses:
${bodies.join('\n')}
`
}

const column = (i: number): string => NUMBERS[i % NUMBERS.length] as string

/** An integer column, which `range:` clauses and slices compare with whole numbers. */
const integer = (i: number): string => column(3 * (i % 13))

function bodyOf(i: number): string {
  const [a, b] = [column(i), column(i * 7 + 3)]
  switch (i % 10) {
    case 0:
      return `    says: ${a} rarely exceeds ${b}.\n    of: customers\n    every: double(${a}) <= 2.0 * double(${b}) + ${i}.0\n    mostly: 99%\n    meets: [R-1]`
    case 1:
      return `    of: [customers, requests]\n    every: '${integer(i)} in [${i}, ${i + 1}, ${i + 2}] || ${integer(i)} > 3'\n    severity: warn`
    case 2:
      return `    of: customers.train\n    must: mean(${a}) >= ${i}.0 && mean(${a}) <= ${i + 500}.0\n    confidence: 95%`
    case 3:
      return `    of: customers\n    must: null_share(${a}) < 0.2 && distinct(${integer(i)}) >= 2\n    meets: [R-1]`
    case 4:
      return `    of: customers\n    every: 'has(${a}) || region == "north" && ${integer(i)} >= 0'\n    missing: pass`
    case 5:
      return `    of: customers.test\n    must: share(${integer(i)} > ${i}) < 0.${50 + (i % 40)}\n    slices: [all, young, by region]`
    case 6:
      return `    of: champion.test\n    must: roc_auc() >= 0.${60 + (i % 30)}\n    slices: [young, wealthy]\n    meets: [R-2]`
    case 7:
      return `    of: customers.test\n    must: psi(${a}, customers.train) < 0.2 && quantile(${b}, 0.95) < ${i + 2000}.0`
    case 8:
      return `    of: champion.test\n    must: ratio_across(region, recall()) >= 0.${50 + (i % 30)}`
    default:
      return `    of: champion\n    forall: { x: customers }\n    let: { y: "x.with({'${integer(i)}': x.${integer(i)} + 1})" }\n    holds: champion(y).risk >= champion(x).risk - 0.${10 + (i % 80)}`
  }
}
