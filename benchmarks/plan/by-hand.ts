/** A number that a clause of `spec.ts` needs: failing rows of an `every`, the term of a `must`. */
export interface Aggregate {
  readonly clause: number
  readonly columns: readonly string[]
  readonly sql: string
  /** Least and greatest value that no row fails beyond: then the statistics of the file are enough. */
  readonly within?: readonly [number, number]
}

const failing = (
  clause: number,
  columns: readonly string[],
  condition: string,
  within?: readonly [number, number],
) => ({
  clause,
  columns,
  sql: `count_if(${condition})`,
  ...(within === undefined ? {} : { within }),
})
const value = (clause: number, column: string, sql: string): Aggregate => ({ clause, columns: [column], sql })

/**
 * What each clause comes to. Only `score` holds NaN and only five columns hold null: whoever writes by hand knows that,
 * so no other column is guarded. What is missing in those is counted once for each clause that needs it.
 */
export const AGGREGATES: readonly Aggregate[] = [
  failing(0, ['id'], 'id < 0', [0, Infinity]),
  failing(1, ['customer'], 'customer < 0 OR customer >= 900000', [0, 899_999]),
  failing(2, ['age'], 'age < 18 OR age > 99', [18, 99]),
  failing(3, ['age'], 'age >= 85'),
  failing(4, ['amount'], 'amount <= 0 OR amount >= 10000', [Number.MIN_VALUE, 9_999.99]),
  failing(5, ['amount'], 'amount >= 5000'),
  failing(6, ['fee'], 'fee < 0', [0, Infinity]),
  failing(7, ['fee', 'amount'], 'fee >= amount'),
  failing(8, ['fee', 'amount'], 'fee > 0.09 * amount'),
  failing(9, ['credit_limit'], 'credit_limit < 500 OR credit_limit > 50000', [500, 50_000]),
  failing(10, ['balance', 'credit_limit'], 'balance > credit_limit'),
  failing(11, ['balance', 'credit_limit'], 'balance <= -0.2 * credit_limit'),
  value(12, 'balance', 'count(*) - count(balance)'),
  failing(13, ['score'], 'score < 0 OR (score >= 1 AND NOT isnan(score))'),
  failing(14, ['score'], 'score <= 0.01'),
  failing(15, ['score'], 'score IS NULL OR isnan(score)'),
  failing(16, ['temperature'], 'temperature <= -40 OR temperature >= 40', [-39.999, 39.999]),
  failing(17, ['latitude'], 'latitude < 47 OR latitude > 55', [47, 55]),
  failing(18, ['longitude'], 'longitude < 6 OR longitude > 15', [6, 15]),
  failing(19, ['latitude', 'longitude'], 'latitude <= longitude'),
  failing(20, ['quantity'], 'quantity < 1 OR quantity > 40', [1, 40]),
  failing(21, ['quantity'], 'quantity >= 40'),
  failing(22, ['status'], 'status NOT IN (0, 1, 2, 3, 4)', [0, 4]),
  failing(23, ['status'], 'status = 4'),
  failing(24, ['channel'], "channel NOT IN ('web', 'app', 'shop', 'phone')"),
  failing(
    25,
    ['country'],
    "country NOT IN ('DE', 'FR', 'IT', 'ES', 'PL', 'NL', 'BE', 'AT', 'SE', 'DK', 'FI', 'IE', 'PT', 'CZ', 'GR', 'HU', 'RO', 'BG', 'HR', 'SK')",
  ),
  failing(26, ['product'], 'length(product) <> 7'),
  failing(27, ['coupon'], "NOT starts_with(coupon, 'C')"),
  failing(28, ['days_to_delivery'], 'days_to_delivery < 0 OR days_to_delivery > 20', [0, 20]),
  failing(29, ['status', 'age'], 'status <> 4 AND age < 18'),
  { clause: 30, columns: [], sql: 'count(*)' },
  value(31, 'balance', '(count(*) - count(balance)) / count(*)'),
  value(32, 'score', 'count_if(score IS NULL OR isnan(score)) / count(*)'),
  value(33, 'coupon', '(count(*) - count(coupon)) / count(*)'),
  value(34, 'days_to_delivery', '(count(*) - count(days_to_delivery)) / count(*)'),
  value(35, 'status', 'count(DISTINCT status)'),
  value(36, 'channel', 'count(DISTINCT channel)'),
  value(37, 'country', 'count(DISTINCT country)'),
  value(38, 'age', 'count(DISTINCT age)'),
  value(39, 'quantity', 'count(DISTINCT quantity)'),
  value(40, 'age', 'avg(age)'),
  value(41, 'amount', 'avg(amount)'),
  value(42, 'fee', 'avg(fee)'),
  value(43, 'credit_limit', 'avg(credit_limit)'),
  value(44, 'balance', 'avg(balance)'),
  value(45, 'score', 'avg(CASE WHEN NOT isnan(score) THEN score END)'),
  value(46, 'temperature', 'avg(temperature)'),
  value(47, 'temperature', 'stddev_samp(temperature)'),
  value(48, 'quantity', 'avg(quantity)'),
  value(49, 'quantity', 'sum(quantity)'),
  value(50, 'latitude', 'min(latitude)'),
  value(51, 'longitude', 'max(longitude)'),
  value(52, 'returning', 'count_if("returning") / count(*)'),
  value(53, 'channel', "count_if(channel = 'web') / count(*)"),
  value(54, 'amount', 'count_if(amount > 1000) / count(*)'),
  value(55, 'score', 'count_if(score > 0.5 AND NOT isnan(score)) / count(*)'),
  { clause: 56, columns: ['status', 'quantity'], sql: 'count_if(status = 0 AND quantity > 20) / count(*)' },
  value(57, 'age', 'quantile_cont(age, 0.5)'),
  value(58, 'amount', 'quantile_cont(amount, 0.99)'),
  { clause: 59, columns: ['amount', 'fee'], sql: 'corr(amount, fee)' },
]

/** The declared columns that must have a cell in every row, and those with a declared range: the column contracts. */
export const REQUIRED =
  'id customer placed_at age amount fee credit_limit temperature latitude longitude quantity status returning channel country product'.split(
    ' ',
  )

/** What the column contracts ask beside: rows outside of a range or of the declared values, as the databases are asked. */
export const CONTRACTS = [
  'customer < 0 OR customer > 899999',
  'age < 18 OR age > 100',
  'amount < 0 OR amount > 10000',
  'credit_limit < 500 OR credit_limit > 50000',
  "score < 0 OR (score > 1 AND score <> 'NaN')",
  'latitude < -90 OR latitude > 90',
  'longitude < -180 OR longitude > 180',
  'quantity < 1 OR quantity > 40',
  'status NOT IN (0, 1, 2, 3, 4)',
  "channel NOT IN ('web', 'app', 'shop', 'phone')",
]
