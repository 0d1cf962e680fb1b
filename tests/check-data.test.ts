import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { plumb, scratch } from './support/plumb.ts'
import { schemaJudge } from './support/schemas.ts'

const spec = (more = ''): string => `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  people: { source: people.csv, columns: { age: { type: integer, range: [0, 120] } } }
slices: { old: age >= 98, young: age < 98 }
clauses:
  adults: { says: Mostly adults., of: people, must: share(age >= 18) >= 0.8, slices: [young, old], confidence: 95% }
  few: { says: Few are old., of: people, must: share(age >= 98) >= 0.001, confidence: 95% }
${more}`

test('check --data says what rows can and cannot decide', () => {
  const folder = scratch('check-data')
  const rows = Array.from({ length: 100 }, (_, i) => i)
  writeFileSync(join(folder, 'people.csv'), `age\n${rows.join('\n')}\n`)
  writeFileSync(join(folder, 'plumb.yaml'), spec())
  const plain = plumb(folder, 'check', '--json')
  expect(plain.json<{ diagnostics: readonly unknown[] }>().diagnostics).toEqual([])
  const found = plumb(folder, 'check', '--data', '--json')
  expect(found.code).toBe(0)
  expect(schemaJudge()('check', found.json())).toEqual([])
  const { diagnostics } = found.json<{ diagnostics: readonly { code: string; message: string; fix: string }[] }>()
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'power/cannot-be-satisfied: `share(age >= 18) >= 0.8` cannot be satisfied on people [old]: 2 rows show it with no outcome at all.',
    'power/cannot-be-violated: `share(age >= 98) >= 0.001` cannot be violated on people: no outcome of 100 rows refutes it.',
  ])
  expect(diagnostics[0]?.fix).toContain('at least 16 rows')
  expect(plumb(folder, 'check', '--data').out).toMatch(
    /adults on people \[young\]: .* with 98 rows; 0\.9\d+ is shown at 80 % power/,
  )
  const both =
    '  both: { says: Of age., of: people, must: share(age >= 0) >= 0.8, slices: [first, last], confidence: 95% }\n'
  writeFileSync(
    join(folder, 'plumb.yaml'),
    spec(both).replace('slices: {', 'slices: { first: age < 18, last: age >= 82,'),
  )
  // Each of the two could be shown with 16 rows; one of the two has to be at half of the error.
  expect(plumb(folder, 'check', '--data').out).toContain(
    '`share(age >= 0) >= 0.8` cannot be satisfied on people [first] together with the other slices: 18 rows show it with no outcome at 1/2 of the error',
  )
  writeFileSync(
    join(folder, 'plumb.yaml'),
    spec('suppress: [{ code: power/cannot-be-satisfied, at: adults, reason: Two are enough for us. }]\n'),
  )
  expect(plumb(folder, 'check').out).not.toContain('dead-suppression')
  expect(plumb(folder, 'check', '--data').out).not.toContain('cannot-be-satisfied')
})

test('check --data tells the paths that lead nowhere, each at its column and once', () => {
  const folder = scratch('check-data-paths')
  const rows = Array.from({ length: 30 }, (_, i) => ({ id: i, address: { city: 'Ulm', zip: null } }))
  writeFileSync(join(folder, 'people.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  people:
    source: people.jsonl
    splits: { first: id < 15, last: id >= 15 }
    columns:
      id: { type: integer }
      city: { type: text, path: address.cty, optional: true }
      zip: { type: text, path: address.zip, optional: true }
clauses:
  named: { says: Cities have names., of: people, every: city == null || size(city) > 1 }
  first: { says: As many., of: people.first, must: count() == count_of(people.last) }
`,
  )
  const found = plumb(folder, 'check', '--data', '--json')
  expect(found.code).toBe(0)
  const { diagnostics } = found.json<{ diagnostics: readonly { code: string; message: string; line: number }[] }>()
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'power/dead-path: The path address.cty of the column city leads to no value in any row: address has no cty. Did you mean address.city?',
  ])
  expect(plumb(folder, 'check', '--data').out).toContain('plumb.yaml:9:7')
})

test('check --data says which mean would be shown, by how the numbers at hand spread', () => {
  const folder = scratch('check-data-means')
  const rows = Array.from({ length: 100 }, (_, i) => (i === 0 ? '' : `${i}`))
  writeFileSync(join(folder, 'people.csv'), `age\n${rows.map((age) => `"${age}"`).join('\n')}\n`)
  const clauses = `  grown: { says: Of age., of: people, must: mean(age) >= 30, slices: [all, young], confidence: 95% }
  double: { says: Of twice the age., of: people, must: mean(2 * age) <= 130, confidence: 95% }
  older: { says: Of age., of: people, must: mean(age) >= 90, slices: [oldest], confidence: 95% }
`
  const text = spec(clauses).replace('slices: {', 'slices: { oldest: age >= 99,')
  writeFileSync(join(folder, 'plumb.yaml'), text.replace('range: [0, 120]', 'range: [0, 120], optional: true'))
  const { out } = plumb(folder, 'check', '--data')
  // Half of the α for one of two slices; (t + t of the power) s / √n, by scipy.stats.t.
  expect(out).toContain('grown on people: mean(age) >= 30 with 99 rows; 39.0115 is shown')
  expect(out).toContain('double on people: mean(2 * age) <= 130 with 99 rows; 113.6623 is shown')
  expect(out).toContain('`mean(age) >= 90` cannot be satisfied on people [oldest]: 1 row')
})

test('check --data says what groups can show of a gap, and rows of F1', () => {
  const folder = scratch('check-data-groups')
  const rows = Array.from(
    { length: 400 },
    (_, i) => `${20 + (i % 40)},${1 + (i % 20 === 0 ? 1 : 0)},${i % 4 < 2 ? 1 : 0}`,
  )
  writeFileSync(join(folder, 'people.csv'), `age,sex,bought\n${rows.join('\n')}\n`)
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  people:
    source: people.csv
    columns:
      age: { type: integer, range: [0, 120] }
      sex: { type: category, values: [1, 2] }
      bought: { type: boolean, role: label }
models:
  champion:
    artifact: m.onnx
    task: binary-classification
    input: { from: people, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
clauses:
  alike: { says: Alike., of: champion.people, must: "gap_across(sex, positive_rate()) <= 0.05" }
  useful: { says: Useful., of: champion.people, must: f1() >= 0.7 }
  perfect: { says: Perfect., of: champion.people, must: f1() >= 0.999 }
`,
  )
  const { out } = plumb(folder, 'check', '--data')
  expect(out).toContain(
    '`gap_across(sex, positive_rate()) <= 0.05` cannot be satisfied on champion.people: 20 rows in the smallest group show it with no outcome at all.',
  )
  expect(out).toMatch(/Gather at least \d+ rows that count in each of the 2 groups/)
  expect(out).toMatch(/useful on champion\.people: .* with 400 rows; 0\.7\d+ is shown at 80 % power/)
  expect(out).toContain('`f1() >= 0.999` cannot be satisfied on champion.people')
})

test('check --data says what rows can show of errors, of two models and of precision and areas over groups', () => {
  const folder = scratch('check-data-models')
  const rows = Array.from(
    { length: 400 },
    (_, i) =>
      `${i % 97},${i % 97 < 40 ? 0 : 1},${1 + (i % 2)},${(i % 97) + (i % 7) - 3},${(i % 97) + 2 * ((i % 5) - 2)}`,
  )
  writeFileSync(join(folder, 'rows.csv'), `amount,bought,sex,ours,theirs\n${rows.join('\n')}\n`)
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
      amount: { type: number, role: label, optional: true }
      sex: { type: category, values: [1, 2] }
      ours: { type: number }
      theirs: { type: number }
  buyers: { source: rows.csv, columns: { bought: { type: boolean, role: label }, sex: { type: category, values: [1, 2] } } }
models:
  champion: { artifact: { column: ours }, task: regression, input: { from: rows, columns: [sex] }, outputs: { paid: { type: number } }, label: amount }
  other: { artifact: { column: theirs }, task: regression, input: { from: rows, columns: [sex] }, outputs: { paid: { type: number } }, label: amount }
  file: { artifact: m.onnx, task: regression, input: { from: rows, columns: [sex] }, outputs: { paid: { type: number } }, label: amount }
  decides:
    artifact: d.onnx
    task: binary-classification
    input: { from: buyers, columns: [sex] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
  rival:
    artifact: e.onnx
    task: binary-classification
    input: { from: buyers, columns: [sex] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
clauses:
  near: { says: Near., of: champion.rows, must: mae() <= 2 }
  nearer: { says: Nearer., of: champion.rows, must: mae() <= mae(other) }
  unseen: { says: Near., of: file.rows, must: rmse() <= 10 }
  explains: { says: Explains., of: file.rows, must: r2() >= 0.5 }
  middle: { says: Middle., of: file.rows, must: pinball(0.9) <= 3, confidence: 90% }
  compared: { says: Nearer., of: file.rows, must: mae() <= mae(other) - 1 }
  accurate: { says: No worse., of: decides.buyers, must: accuracy() >= accuracy(rival) - 0.01 }
  ranks: { says: No worse., of: decides.buyers, must: roc_auc() >= roc_auc(rival) - 0.01 }
  precise: { says: Alike., of: decides.buyers, must: "gap_across(sex, precision()) <= 0.3" }
  areas: { says: Alike., of: decides.buyers, must: "ratio_across(sex, roc_auc()) >= 0.8" }
`,
  )
  const { out } = plumb(folder, 'check', '--data')
  const line = (id: string): string => out.split('\n').find((each) => each.startsWith(`${id} on `)) ?? out
  // Mean and deviation of |ours − amount| are 1.7075 and 1.0313: 2 / (1 + …), below the one for normal errors.
  expect(line('near')).toMatch(/with 400 rows; 1\.\d+ is shown at 80 % power/)
  expect(line('nearer')).toMatch(/mae\(other\) with 400 rows; -0\.\d+ is shown at 80 % power/)
  expect(line('unseen')).toMatch(/with 400 rows; 9\.\d+ \(of normal errors\) is shown/)
  expect(line('explains')).toMatch(/; 0\.5\d+ \(of normal errors\) is shown/)
  expect(line('middle')).toMatch(/; 2\.\d+ \(of normal errors\) is shown/)
  expect(line('compared')).toContain(
    'a value 0.1404 standard deviations of what the losses of the two models differ by beyond the bound is shown',
  )
  expect(line('accurate')).toMatch(/; 0\.03\d+ \(where the two differ on 10 % of these rows\) is shown/)
  expect(line('ranks')).toMatch(/; 0\.0\d+ \(between areas about 0.8 whose errors correlate by 0.5\) is shown/)
  expect(line('precise')).toMatch(
    /in the smallest group; 0\.\d+ \(of rates about 0.5, were as many rows chosen as are posi/,
  )
  expect(line('areas')).toMatch(/with 200 rows in the smallest group; 0\.\d+ \(of areas about 0.8\) is shown/)
})

test('check --data names slices and premises that no row is, and gives the solver the labels of each group', () => {
  const folder = scratch('check-data-empty')
  const row = (i: number): string => `${20 + (i % 40)},${1 + (i % 2)},${i % 10 < (i % 2 === 0 ? 5 : 2)}`
  const rows = Array.from({ length: 1000 }, (_, i) => row(i))
  writeFileSync(join(folder, 'people.csv'), `age,sex,bought\n${rows.join('\n')}\n`)
  const text = (more: string): string => `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  people:
    source: people.csv
    columns:
      age: { type: integer, range: [0, 120] }
      sex: { type: category, values: [1, 2, 3] }
      bought: { type: boolean, role: label }
slices: { old: age >= 98, young: age < 30 }
models:
  champion:
    artifact: m.onnx
    task: binary-classification
    input: { from: people, columns: [age] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: bought
    decision: risk >= 0.5
clauses:
  old-ones: { says: Asked of the model only., of: champion.people, must: accuracy() >= 0.6, slices: [all, old] }
  also-old: { says: Rows., of: people, every: age < 130, slices: [old] }
  by-sex: { says: Each., of: champion.people, must: accuracy() >= 0.6, slices: [by sex], severity: warn }
  even: { says: Alike., of: champion.people, must: "ratio_across(sex, recall()) >= 0.5", severity: warn }
  implied: { says: If., of: people, every: '!(age > 90) || sex == 1' }
${more}`
  writeFileSync(join(folder, 'plumb.yaml'), text(''))
  const codes = (...args: readonly string[]): readonly string[] =>
    plumb(folder, 'check', '--data', ...args, '--json')
      .json<{ diagnostics: readonly { code: string; message: string }[] }>()
      .diagnostics.map(({ code, message }) => `${code}: ${message}`)
  expect(codes()).toEqual([
    'power/empty-slice: None of the 1000 rows of `people` is in the slice `old`.',
    'power/empty-slice: None of the 1000 rows of `people` is in the slice `sex=3`.',
    'power/empty-slice: None of the 1000 rows of `people` is in the slice `sex == 3`.',
    'power/premise-never-true: The premise of `implied`, age > 90, is true of none of the 1000 rows of `people`.',
  ])
  expect(plumb(folder, 'check', '--data').out).toContain('asked of it, too: `also-old`')
  const unfair = `  finds: { says: It finds most., of: champion.people, must: recall() >= 0.9, slices: [by sex] }
  spares: { says: It takes few., of: champion.people, must: positive_rate() <= 0.3 }
`
  writeFileSync(join(folder, 'plumb.yaml'), text(unfair))
  expect(codes('--solver', '--time', '20s').filter((each) => each.startsWith('check'))).toEqual([
    'check/impossible-metrics: No numbers measured on `champion.people`, with the labels that the data has, can satisfy `finds` and `spares` together.',
  ])
  expect(plumb(folder, 'check', '--data', '--solver', '--time', '20s').out).toMatch(
    /these bounds leave nothing: .*300 of 500 rows of `people` where sex == 1 are positive/,
  )
  expect(plumb(folder, 'check', '--solver', '--json').out).not.toContain('impossible-metrics')
})

test('check --data says what rows show of quantiles, correlations and resampled numbers, each with the way that its bound is eased', () => {
  const folder = scratch('check-data-ordered')
  const rows = Array.from({ length: 150 }, (_, i) => `${i % 53},${(i * 7) % 41},${i < 11 ? 'b' : 'a'}`)
  writeFileSync(join(folder, 'rows.csv'), `wait,cost,site\n${rows.join('\n')}\n`)
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  rows: { source: rows.csv, columns: { wait: { type: number }, cost: { type: number }, site: { type: category, values: [a, b] } } }
slices: { at-b: 'site == "b"' }
clauses:
  tail: { says: X., of: rows, must: "quantile(wait, 0.99) <= 60.0", confidence: 95% }
  middle: { says: X., of: rows, must: median(wait) <= 60.0, confidence: 95% }
  long: { says: X., of: rows, must: "quantile(wait, 0.9) >= 30.0", confidence: 95% }
  alike: { says: X., of: rows, must: "correlation(wait, cost) >= 0.6", confidence: 95% }
  steady: { says: X., of: rows, must: stddev(wait) <= 20.0, confidence: 95%, slices: [at-b] }
  few: { says: X., of: rows, must: share(wait > 50.0) <= 0.01, confidence: 95% }
  some: { says: X., of: rows, must: share(wait > 50.0) <= 0.99, confidence: 95%, slices: [at-b] }
`,
  )
  const { out } = plumb(folder, 'check', '--data')
  // By scipy.stats.binom: 0.99^368 is the first below 0.025; the 88th and the 127th of 150 as order statistics; tanh(atanh 0.6 + 2.8016 / √147).
  expect(out).toContain('`quantile(wait, 0.99) <= 60.0` cannot be satisfied on rows: 150 rows')
  expect(out).toContain('Gather at least 368 rows that count, or lower the confidence')
  expect(out).toMatch(/middle on rows: .*; the bound is shown at 80 % power where 61\.67 % of the rows are at most it/)
  expect(out).toMatch(/long on rows: .* where 18\.35 % of the rows are at least it/)
  expect(out).toMatch(/alike on rows: .*; 0\.7279 is shown at 80 % power/)
  expect(out).toContain('`stddev(wait) <= 20.0` cannot be satisfied on rows [at-b]: 11 rows')
  expect(out).toContain('Gather at least 20 rows that count: of fewer there is no interval')
  expect(out).toMatch(/Gather at least \d+ rows that count, or raise the bound, or lower the confidence\./)
  expect(out).toContain('`share(wait > 50.0) <= 0.99` cannot be violated on rows [at-b]')
  expect(out).toContain('Gather rows, lower the bound, or ask it of a larger slice.')
})

test('check --data says what the rows of one class of several can show', () => {
  const folder = scratch('check-data-classes')
  // 100 rows of a, 40 of b, 10 of c.
  const rows = Array.from({ length: 150 }, (_, i) => `${i % 9},${i < 100 ? 'a' : i < 140 ? 'b' : 'c'}`)
  writeFileSync(join(folder, 'rows.csv'), `x,kind\n${rows.join('\n')}\n`)
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns: { x: { type: number }, kind: { type: category, values: [a, b, c], role: label } }
models:
  champion:
    artifact: m.onnx
    task: multiclass-classification
    input: { from: rows, columns: [x] }
    outputs: { answer: { type: category, values: [a, b, c] } }
    label: kind
clauses:
  found: { says: Found., of: champion.rows, must: 'recall("b") >= 0.8' }
  rare: { says: Found., of: champion.rows, must: 'recall("c") >= 0.9' }
  mistaken: { says: Kept apart., of: champion.rows, must: 'confusion("a", "b") <= 0.1' }
  exact: { says: Exact., of: champion.rows, must: 'precision("a") >= 0.7' }
`,
  )
  const { out } = plumb(folder, 'check', '--data')
  const line = (id: string): string => out.split('\n').find((each) => each.startsWith(`${id} on `)) ?? ''
  // Wilson: of 40 rows 37 and more show 0.8 (37 / 40: [0.801, 0.974]), of 100 at most 4 show 0.1.
  expect(line('found')).toMatch(/with 40 rows; 0\.9\d+ is shown at 80 % power/)
  expect(line('mistaken')).toMatch(/with 100 rows; 0\.0\d+ is shown at 80 % power/)
  expect(line('exact')).toMatch(/with 150 rows; 0\.8\d* \(were as many rows chosen as are positive\) is shown/)
  // Were all ten found, the interval would begin at 0.722; 35 are needed.
  expect(out).toMatch(/10 rows/)
  expect(out).toMatch(/35/)
})

test('check --data counts queries, clusters, weights and images, says of an upper bound that it is one, and why nothing is known', () => {
  const folder = scratch('check-data-units')
  // 40 queries of 10 rows, of which 4 have no relevant row; 12 queries are of the shop b; 50 customers with 8 rows each.
  const row = (i: number): string => {
    const query = Math.floor(i / 10)
    return [
      query,
      query < 28 ? 'a' : 'b',
      i % 10 < 2 && query % 10 !== 0,
      i % 50,
      1 + (i % 3),
      i % 7 < 3,
      i % 2 === 0,
    ].join(',')
  }
  const rows = Array.from({ length: 400 }, (_, i) => row(i))
  writeFileSync(join(folder, 'rows.csv'), `query,shop,clicked,customer,weight,red,red_said\n${rows.join('\n')}\n`)
  // 60 images with three boxes of cars, and one of a dog in every other.
  const boxes = Array.from({ length: 60 }, (_, image) =>
    [...[0, 1, 2].map((box) => `${image},true,car,${box}`), ...(image % 2 === 0 ? [`${image},true,dog,5`] : [])].concat(
      `${image},false,car,0`,
    ),
  ).flat()
  writeFileSync(
    join(folder, 'boxes.csv'),
    `image,truth,kind,x1,y1,x2,y2,score\n${boxes.map((box) => `${box},0,9,9,0.5`).join('\n')}\n`,
  )
  writeFileSync(
    join(folder, 'plumb.yaml'),
    `plumbline: 1
system: { name: demo, version: 1.0.0 }
data:
  rows:
    source: rows.csv
    columns:
      query: { type: integer }
      shop: { type: category, values: [a, b] }
      clicked: { type: boolean, role: label }
      customer: { type: integer }
      weight: { type: number }
      red: { type: boolean }
      red_said: { type: boolean }
  boxes:
    source: boxes.csv
    columns:
      image: { type: integer }
      truth: { type: boolean }
      kind: { type: category, values: [car, dog] }
      x1: { type: number }
      y1: { type: number }
      x2: { type: number }
      y2: { type: number }
      score: { type: number }
slices: { shop-b: 'shop == "b"' }
models:
  ranks:
    artifact: m.onnx
    task: binary-classification
    input: { from: rows, columns: [weight] }
    outputs: { score: { type: number, range: [0, 1] } }
    label: clicked
    decision: score >= 0.5
clauses:
  orders: { says: X., of: ranks.rows, must: 'ndcg(query, 5) >= 0.6' }
  few: { says: X., of: ranks.rows, must: 'mrr(query) >= 0.99', slices: [shop-b] }
  grouped: { says: X., of: ranks.rows, must: accuracy() >= 0.6, cluster: customer }
  weighed: { says: X., of: ranks.rows, must: accuracy() >= 0.6, weights: weight }
  labels: { says: X., of: rows, must: 'multilabel_f1_micro(red, red_said) >= 0.6' }
  found: { says: X., of: boxes, must: 'detection_map_at(0.5, image, truth, kind, x1, y1, x2, y2, score) >= 0.5' }
  sure: { says: X., of: ranks.rows, must: calibration_error() <= 0.03 }
  total: { says: X., of: rows, must: sum(weight) >= 700, confidence: 95% }
  least: { says: X., of: ranks.rows, must: 'gap_across(shop, ndcg(query, 5)) <= 0.9' }
  odd: { says: X., of: ranks.rows, must: 'recall() * precision() >= 0.3' }
`,
  )
  const { out } = plumb(folder, 'check', '--data')
  const line = (id: string): string => out.split('\n').find((each) => each.startsWith(`${id} on `)) ?? out
  expect(line('orders')).toMatch(
    /with 36 groups of query; 0\.8\d+ is shown at 80 % power, at most: a value nearer to the bound may do/,
  )
  expect(out).toContain(
    '`mrr(query) >= 0.99` cannot be satisfied on ranks.rows [shop-b]: 12 groups of query show it with no outcome at all.',
  )
  expect(out).toContain('Gather at least 20 groups of query')
  // 400 rows, of which the largest of 50 clusters has 8: as 50 that are drawn one by one.
  expect(line('grouped')).toMatch(/with 50 clusters of customer; 0\.\d+ \(were rows of a cluster alike, .*at most/)
  // (Σ w)² / Σ w² of weights 1, 2, 3 is 6/7 of the rows.
  expect(line('weighed')).toMatch(
    /with 400 rows; 0\.6\d+ \(were weights to go with nothing that is measured\) is shown/,
  )
  expect(line('labels')).toMatch(/0\.\d+ \(were no label answered that is not true/)
  expect(line('found')).toMatch(/0\.\d+ \(taken to vary as a share of the true boxes does/)
  expect(line('sure')).toMatch(/nothing \(.*\) is sure to be shown at 80 % power; with at most \d+ rows 0\.0000 is/)
  expect(line('total')).toMatch(/with 400 rows; 8\d\d\.\d+ is shown|with 400 rows; 7\d\d\.\d+ is shown/)
  expect(line('least')).toMatch(/with 11 groups of query in the smallest group; 0\.\d+ \(.*at most/)
  expect(line('odd')).toContain('no smallest effect is known beforehand: a figure is given where one number')
})
