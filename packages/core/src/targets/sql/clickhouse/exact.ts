import { compare, mixedComparison } from '../exact.ts'
import { clickhouseLiterals } from './literals.ts'

/** Compares the exact numbers of an int and a double: ClickHouse compares numbers of different types exactly. */
export const clickhouseMixed = mixedComparison(clickhouseLiterals, compare)
