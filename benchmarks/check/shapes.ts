import { NUMBERS } from './make-spec.ts'

/** Columns of whole numbers, and of others; see `makeSpec`. */
const whole = (i: number): string => NUMBERS[3 * (i % 13)] as string
const real = (i: number): string => REALS[i % REALS.length] as string
const REALS = NUMBERS.filter((_, i) => i % 3 !== 0)

/** Specs of 200 clauses each of one kind, as teams have them; what of them is decided depends on the kind. */
export const SHAPES: Readonly<Record<string, (i: number) => string>> = {
  implications: (i) =>
    every(
      [
        `${whole(i)} <= ${i} || ${real(i + 3)} >= ${i % 40}.0`,
        `${whole(i)} > ${i} ? ${real(i)} > 0.0 : ${real(i)} < ${1500 + i}.0`,
        `!(${whole(i)} > ${i % 30} && ${whole(i + 4)} > ${i % 70}) || ${real(i + 7)} <= ${1000 + i}.0`,
        `${real(i)} < ${i}.0 || ${whole(i + 1)} == ${i % 5} || ${whole(i + 2)} > ${i % 100}`,
      ],
      i,
    ),
  texts: (i) =>
    every(
      [
        `size(name${i % 12}) >= ${1 + (i % 4)} && size(name${i % 12}) <= ${30 + i}`,
        `name${i % 12}.startsWith("${'ABC'[i % 3]}") || region == "north"`,
        `name${i % 12}.contains("${'abcxyz'[i % 6]}") || ${whole(i)} < ${i}`,
        `name${i % 12}.endsWith("${i}") || region != "south"`,
      ],
      i,
    ),
  sums: (i) =>
    every(
      [
        `${real(i)} + ${real(i + 1)} + ${real(i + 2)} <= ${5000 + i}.0`,
        `${real(i)} <= ${1 + (i % 7)}.5 * ${real(i + 9)} + ${1000 + i}.0`,
        `${real(i)} - 0.5 * ${real(i + 2)} >= -${1200 + i}.0 || ${whole(i)} > ${i}`,
        `math.abs(${real(i)} - ${real(i + 4)}) <= ${1500 + i}.0`,
      ],
      i,
    ),
  aggregates: (i) =>
    must(
      [
        `share(${whole(i)} > ${i}) < 0.${50 + (i % 40)}`,
        `mean(${real(i)}) >= ${i % 50}.0`,
        `quantile(${real(i)}, 0.95) < ${1800 + i}.0`,
        `null_share(${real(i)}) < 0.${10 + (i % 30)}`,
        `max(${real(i)}) - min(${real(i)}) > ${i % 50}.0`,
      ],
      i,
    ),
  metrics: (i) =>
    must(
      [
        `recall() >= 0.${50 + (i % 30)}`,
        `precision() >= 0.${40 + (i % 30)}`,
        `positive_rate() <= 0.${45 + (i % 40)}`,
        `gap_across(region, recall()) <= 0.${10 + (i % 20)}`,
      ],
      i,
      'champion.test',
    ),
}

const of = <T>(items: readonly T[], i: number): T => items[(i * 7 + Math.floor(i / items.length)) % items.length] as T
const every = (conditions: readonly string[], i: number): string =>
  `    of: customers\n    every: '${of(conditions, i)}'`
const must = (conditions: readonly string[], i: number, relation = 'customers.test'): string =>
  `    of: ${relation}\n    must: '${of(conditions, i)}'`
