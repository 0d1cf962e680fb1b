/** The columns of the table as a spec declares them; `make-data.ts` makes them. */
const COLUMNS = `
      id: { type: integer }
      customer: { type: integer, range: [0, 899_999] }
      placed_at: { type: timestamp }
      age: { type: integer, range: [18, 100] }
      amount: { type: number, range: [0, 10_000] }
      fee: { type: number }
      credit_limit: { type: number, range: [500, 50_000] }
      balance: { type: number, optional: true }
      score: { type: number, optional: true, range: [0, 1] }
      temperature: { type: number }
      latitude: { type: number, range: [-90, 90] }
      longitude: { type: number, range: [-180, 180] }
      quantity: { type: integer, range: [1, 40] }
      status: { type: category, values: [0, 1, 2, 3, 4] }
      returning: { type: boolean }
      channel: { type: category, values: [web, app, shop, phone] }
      country: { type: text }
      product: { type: text }
      coupon: { type: text, optional: true }
      days_to_delivery: { type: integer, optional: true }`

/**
 * 60 clauses as teams write them: 30 `every` (ranges, comparisons of two columns, lists, missing cells) and 30 `must`
 * (counts, means, shares, missing cells, distinct values, quantiles, one correlation). Beside each stands what it costs
 * a hand-written plan: see `peer.ts`.
 */
export const CLAUSES: readonly { readonly form: 'every' | 'must'; readonly text: string; readonly more?: string }[] = [
  { form: 'every', text: 'id >= 0' },
  { form: 'every', text: 'customer >= 0 && customer < 900_000' },
  { form: 'every', text: 'age >= 18 && age <= 99' },
  { form: 'every', text: 'age < 85', more: 'mostly: 90%' },
  { form: 'every', text: 'amount > 0.0 && amount < 10_000.0' },
  { form: 'every', text: 'amount < 5_000.0', more: 'mostly: 90%' },
  { form: 'every', text: 'fee >= 0.0' },
  { form: 'every', text: 'fee < amount' },
  { form: 'every', text: 'fee <= 0.09 * amount' },
  { form: 'every', text: 'credit_limit >= 500.0 && credit_limit <= 50_000.0' },
  { form: 'every', text: 'balance <= credit_limit', more: 'missing: exclude' },
  { form: 'every', text: 'balance > -0.2 * credit_limit', more: 'missing: exclude' },
  { form: 'every', text: 'has(balance)', more: 'mostly: 90%' },
  { form: 'every', text: 'score >= 0.0 && score < 1.0', more: 'missing: exclude' },
  { form: 'every', text: 'score > 0.01', more: 'missing: pass\n    mostly: 95%' },
  { form: 'every', text: 'has(score)', more: 'mostly: 95%' },
  { form: 'every', text: 'temperature > -40.0 && temperature < 40.0' },
  { form: 'every', text: 'latitude >= 47.0 && latitude <= 55.0' },
  { form: 'every', text: 'longitude >= 6.0 && longitude <= 15.0' },
  { form: 'every', text: 'latitude > longitude' },
  { form: 'every', text: 'quantity >= 1 && quantity <= 40' },
  { form: 'every', text: 'quantity < 40', more: 'mostly: 90%' },
  { form: 'every', text: 'status in [0, 1, 2, 3, 4]' },
  { form: 'every', text: 'status != 4', more: 'mostly: 70%' },
  { form: 'every', text: 'channel in ["web", "app", "shop", "phone"]' },
  {
    form: 'every',
    text: 'country in ["DE", "FR", "IT", "ES", "PL", "NL", "BE", "AT", "SE", "DK", "FI", "IE", "PT", "CZ", "GR", "HU", "RO", "BG", "HR", "SK"]',
  },
  { form: 'every', text: 'size(product) == 7' },
  { form: 'every', text: 'coupon == null || coupon.startsWith("C")' },
  { form: 'every', text: 'days_to_delivery >= 0 && days_to_delivery <= 20', more: 'missing: exclude' },
  { form: 'every', text: 'status == 4 || age >= 18' },
  { form: 'must', text: 'count() >= 1_000' },
  { form: 'must', text: 'null_share(balance) < 0.05' },
  { form: 'must', text: 'null_share(score) < 0.05' },
  { form: 'must', text: 'null_share(coupon) < 0.35' },
  { form: 'must', text: 'null_share(days_to_delivery) < 0.2' },
  { form: 'must', text: 'distinct(status) == 5' },
  { form: 'must', text: 'distinct(channel) == 4' },
  { form: 'must', text: 'distinct(country) == 20' },
  { form: 'must', text: 'distinct(age) <= 100' },
  { form: 'must', text: 'distinct(quantity) == 40' },
  { form: 'must', text: 'mean(age) > 40.0 && mean(age) < 60.0' },
  { form: 'must', text: 'mean(amount) > 500.0 && mean(amount) < 2_000.0' },
  { form: 'must', text: 'mean(fee) < 200.0' },
  { form: 'must', text: 'mean(credit_limit) > 20_000.0' },
  { form: 'must', text: 'mean(balance) > 5_000.0' },
  { form: 'must', text: 'mean(score) > 0.4 && mean(score) < 0.6' },
  { form: 'must', text: 'mean(temperature) > -1.0 && mean(temperature) < 1.0' },
  { form: 'must', text: 'stddev(temperature) < 15.0' },
  { form: 'must', text: 'mean(quantity) < 25.0' },
  { form: 'must', text: 'sum(quantity) > 1_000' },
  { form: 'must', text: 'min(latitude) >= 47.0' },
  { form: 'must', text: 'max(longitude) <= 15.0' },
  { form: 'must', text: 'share(returning) > 0.3 && share(returning) < 0.4' },
  { form: 'must', text: 'share(channel == "web") < 0.3' },
  { form: 'must', text: 'share(amount > 1_000.0) < 0.3' },
  { form: 'must', text: 'share(score > 0.5) > 0.45' },
  { form: 'must', text: 'share(status == 0 && quantity > 20) < 0.15' },
  { form: 'must', text: 'median(age) < 60.0' },
  { form: 'must', text: 'quantile(amount, 0.99) < 9_000.0' },
  { form: 'must', text: 'correlation(amount, fee) > 0.5' },
]

/** The spec: the table at `source` (relative to the spec's folder), its column contracts, and the 60 clauses; `before` stands before the data. */
export function planSpec(source: string, before = '', asked = CLAUSES): string {
  const clauses = asked.map(
    ({ form, text, more }, i) =>
      `  c${i}:\n    of: orders\n    ${form}: '${text}'\n${more === undefined ? '' : `    ${more}\n`}`,
  )
  return `plumbline: 1
system: { name: orders, version: 1.0.0 }
${before}data:
  orders:
    source: ${source}
    columns:${COLUMNS}
clauses:
${clauses.join('')}`
}
