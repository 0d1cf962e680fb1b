/** One constraint, as an expression of the language and as JSON Schema says it. */
interface Constraint {
  readonly column: string
  readonly every: string
  readonly schema: Readonly<Record<string, unknown>>
}

/** The columns of a request and how many constraints each has: 20 columns, 30 constraints, none a pattern. */
export const CONSTRAINTS: readonly Constraint[] = [
  { column: 'age', every: 'age >= 18', schema: { minimum: 18 } },
  { column: 'age', every: 'age <= 120', schema: { maximum: 120 } },
  { column: 'income', every: 'income >= 0.0', schema: { minimum: 0 } },
  { column: 'income', every: 'income < 1_000_000.0', schema: { exclusiveMaximum: 1_000_000 } },
  { column: 'amount', every: 'amount > 0.0', schema: { exclusiveMinimum: 0 } },
  { column: 'amount', every: 'amount <= 50_000.0', schema: { maximum: 50_000 } },
  { column: 'term', every: 'term in [12, 24, 36, 48, 60]', schema: { enum: [12, 24, 36, 48, 60] } },
  { column: 'rate', every: 'rate >= 0.0 && rate <= 0.3', schema: { minimum: 0, maximum: 0.3 } },
  { column: 'children', every: 'children >= 0 && children < 20', schema: { minimum: 0, exclusiveMaximum: 20 } },
  { column: 'tenure', every: 'tenure >= 0', schema: { minimum: 0 } },
  { column: 'tenure', every: 'tenure <= 60', schema: { maximum: 60 } },
  { column: 'accounts', every: 'accounts >= 0 && accounts <= 50', schema: { minimum: 0, maximum: 50 } },
  { column: 'delays', every: 'delays >= -2', schema: { minimum: -2 } },
  { column: 'delays', every: 'delays <= 8', schema: { maximum: 8 } },
  { column: 'utilisation', every: 'utilisation >= 0.0', schema: { minimum: 0 } },
  { column: 'utilisation', every: 'utilisation <= 1.5', schema: { maximum: 1.5 } },
  { column: 'balance', every: 'balance > -100_000.0', schema: { exclusiveMinimum: -100_000 } },
  { column: 'balance', every: 'balance < 1_000_000.0', schema: { exclusiveMaximum: 1_000_000 } },
  { column: 'country', every: 'country in ["DE", "FR", "IT", "ES"]', schema: { enum: ['DE', 'FR', 'IT', 'ES'] } },
  { column: 'currency', every: 'currency == "EUR"', schema: { const: 'EUR' } },
  { column: 'purpose', every: 'purpose != "gambling"', schema: { not: { const: 'gambling' } } },
  { column: 'purpose', every: 'size(purpose) <= 40', schema: { maxLength: 40 } },
  { column: 'channel', every: 'channel in ["web", "app", "branch"]', schema: { enum: ['web', 'app', 'branch'] } },
  { column: 'product', every: 'size(product) >= 3', schema: { minLength: 3 } },
  { column: 'product', every: 'size(product) <= 12', schema: { maxLength: 12 } },
  { column: 'consent', every: 'consent', schema: { const: true } },
  { column: 'guaranteed', every: 'has(guaranteed)', schema: {} },
  { column: 'segment', every: 'segment in [1, 2, 3]', schema: { enum: [1, 2, 3] } },
  { column: 'score', every: 'score >= 300 && score <= 850', schema: { minimum: 300, maximum: 850 } },
  { column: 'version', every: 'version >= 2 && version != 5', schema: { minimum: 2, not: { const: 5 } } },
]

/** The declared type of each column. */
const TYPES: Readonly<Record<string, 'integer' | 'number' | 'text' | 'boolean'>> = {
  ...Object.fromEntries(
    ['age', 'term', 'children', 'tenure', 'accounts', 'delays', 'segment', 'score', 'version'].map((c) => [
      c,
      'integer',
    ]),
  ),
  ...Object.fromEntries(['income', 'amount', 'rate', 'utilisation', 'balance'].map((c) => [c, 'number'])),
  ...Object.fromEntries(['country', 'currency', 'purpose', 'channel', 'product'].map((c) => [c, 'text'])),
  consent: 'boolean',
  guaranteed: 'boolean',
}

/** The spec whose clauses are compiled. */
export function guardSpec(): string {
  const columns = Object.entries(TYPES).map(([name, type]) => `      ${name}: { type: ${type} }`)
  const clauses = CONSTRAINTS.map(({ every }, i) => `  c${i}: { of: requests, every: '${every}' }`)
  return `plumbline: 1
system: { name: guard, version: 1.0.0 }
data:
  applications:
    source: applications.parquet
    columns:
      defaulted: { type: boolean, role: label }
${columns.join('\n')}
models:
  champion:
    artifact: model.onnx
    task: binary-classification
    input: { from: applications, columns: [${Object.keys(TYPES).join(', ')}] }
    outputs: { risk: { type: number, range: [0, 1] } }
    label: defaulted
    decision: risk >= 0.5
clauses:
${clauses.join('\n')}
`
}

/** The same constraints as one JSON Schema; a schema object per constraint, so that neither side merges any. */
export function guardSchema(): object {
  const types = { integer: 'integer', number: 'number', text: 'string', boolean: 'boolean' } as const
  return {
    type: 'object',
    required: Object.keys(TYPES),
    properties: Object.fromEntries(
      Object.entries(TYPES).map(([name, type]) => [
        name,
        {
          type: types[type],
          ...Object.assign({}, ...CONSTRAINTS.filter((c) => c.column === name).map((c) => c.schema)),
        },
      ]),
    ),
  }
}

/** A seeded stream of numbers in [0, 1): a 32-bit linear congruential generator (Numerical Recipes) is enough for rows. */
function stream(seed: number): () => number {
  let state = seed >>> 0
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}

/**
 * Rows as a server has them: parsed from JSON, one object each. `invalid` of them break one constraint, by a value, by
 * a null, or by a member that is not there (which is another shape of object).
 */
export function makeRows(count: number, invalid: number): readonly object[] {
  const random = stream(7)
  const int = (low: number, high: number) => low + Math.floor(random() * (high - low + 1))
  const pick = <T>(values: readonly T[]): T => values[int(0, values.length - 1)] as T
  return Array.from({ length: count }, () => {
    const row: Record<string, unknown> = {
      age: int(18, 90),
      income: random() * 200_000,
      amount: 1 + random() * 40_000,
      term: pick([12, 24, 36, 48, 60]),
      rate: random() * 0.3,
      children: int(0, 5),
      tenure: int(0, 40),
      accounts: int(0, 20),
      delays: int(-2, 8),
      utilisation: random() * 1.2,
      balance: random() * 90_000 - 10_000,
      country: pick(['DE', 'FR', 'IT', 'ES']),
      currency: 'EUR',
      purpose: pick(['car', 'home', 'travel', 'education', 'a kitchen']),
      channel: pick(['web', 'app', 'branch']),
      product: pick(['basic', 'premium', 'student']),
      consent: true,
      guaranteed: random() < 0.5,
      segment: int(1, 3),
      score: int(300, 850),
      version: pick([2, 3, 4, 6]),
    }
    if (random() < invalid) {
      const broken = pick(CONSTRAINTS).column
      const how = int(0, 2)
      if (how === 0) row[broken] = null
      else if (how === 1) delete row[broken]
      else
        row[broken] = { integer: -1_000, number: -1e9, text: '', boolean: broken === 'consent' ? false : null }[
          TYPES[broken] ?? 'number'
        ]
    }
    return JSON.parse(JSON.stringify(row)) as object
  })
}
