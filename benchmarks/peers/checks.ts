/** A check that all sides know. Missing cells are left to `not-null`; `mostly` is the least share of present cells that must hold. */
export type Check =
  | { readonly kind: 'not-null'; readonly column: string; readonly mostly?: number }
  | {
      readonly kind: 'between' | 'mean' | 'stdev' | 'distinct' | 'length'
      readonly column: string
      readonly least: number
      readonly most: number
      readonly mostly?: number
    }
  | { readonly kind: 'in-set'; readonly column: string; readonly values: readonly (string | number)[] }
  | { readonly kind: 'regex'; readonly column: string; readonly pattern: string }

const COUNTRIES = 'DE FR IT ES PL NL BE AT SE DK FI IE PT CZ GR HU RO BG HR SK'.split(' ')
const COMPLETE =
  'id customer placed_at age amount fee credit_limit temperature latitude longitude quantity status returning channel country product'.split(
    ' ',
  )

const between = (column: string, least: number, most: number, mostly?: number): Check => ({
  kind: 'between',
  column,
  least,
  most,
  ...(mostly === undefined ? {} : { mostly }),
})

/**
 * Sixty checks of the table of `plan/make-data.ts`, as suites have them: most hold; the ranges of age, amount, quantity and score do not.
 * (Pandera fails on polars where a check of a whole column fails beside one of its cells.)
 */
export const CHECKS: readonly Check[] = [
  ...COMPLETE.map((column): Check => ({ kind: 'not-null', column })),
  { kind: 'not-null', column: 'balance', mostly: 0.9 },
  { kind: 'not-null', column: 'score', mostly: 0.95 },
  between('id', 0, 1e12),
  between('customer', 0, 899_999),
  between('age', 18, 80),
  between('amount', 1, 5000),
  between('fee', 0, 900),
  between('credit_limit', 500, 50_000),
  between('balance', -6000, 60_000),
  between('score', 0, 0.99),
  between('temperature', -40, 40),
  between('latitude', 47, 55),
  between('longitude', 6, 15),
  between('quantity', 1, 39),
  between('days_to_delivery', 0, 20),
  { kind: 'in-set', column: 'status', values: [0, 1, 2, 3, 4] },
  { kind: 'in-set', column: 'channel', values: ['web', 'app', 'shop', 'phone'] },
  { kind: 'in-set', column: 'country', values: COUNTRIES },
  { kind: 'mean', column: 'age', least: 50, most: 55 },
  { kind: 'mean', column: 'amount', least: 500, most: 1500 },
  { kind: 'mean', column: 'fee', least: 10, most: 100 },
  { kind: 'mean', column: 'credit_limit', least: 20_000, most: 30_000 },
  { kind: 'mean', column: 'balance', least: 0, most: 50_000 },
  { kind: 'mean', column: 'score', least: 0.4, most: 0.6 },
  { kind: 'mean', column: 'temperature', least: -1, most: 1 },
  { kind: 'mean', column: 'latitude', least: 50, most: 52 },
  { kind: 'mean', column: 'quantity', least: 20, most: 21 },
  { kind: 'stdev', column: 'age', least: 15, most: 25 },
  { kind: 'stdev', column: 'amount', least: 500, most: 3000 },
  { kind: 'stdev', column: 'credit_limit', least: 10_000, most: 20_000 },
  { kind: 'stdev', column: 'score', least: 0.2, most: 0.3 },
  { kind: 'stdev', column: 'temperature', least: 5, most: 15 },
  { kind: 'stdev', column: 'latitude', least: 2, most: 3 },
  { kind: 'stdev', column: 'longitude', least: 2, most: 3 },
  { kind: 'distinct', column: 'channel', least: 4, most: 4 },
  { kind: 'distinct', column: 'country', least: 20, most: 20 },
  { kind: 'distinct', column: 'status', least: 5, most: 5 },
  { kind: 'distinct', column: 'product', least: 10_000, most: 50_000 },
  { kind: 'distinct', column: 'age', least: 60, most: 80 },
  { kind: 'regex', column: 'product', pattern: '^P[0-9]{6}$' },
  { kind: 'regex', column: 'coupon', pattern: '^C[0-9]+$' },
  { kind: 'length', column: 'product', least: 7, most: 7 },
  { kind: 'length', column: 'channel', least: 3, most: 5 },
  { kind: 'length', column: 'country', least: 2, most: 2 },
]
