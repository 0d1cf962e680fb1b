/** Every choice of t factors, and a number for each combination of their values. */
export interface TupleSpace {
  readonly strength: number
  readonly levels: readonly number[]
  /** Choices of t factors: `factors[i * t … i * t + t − 1]`, ascending. */
  readonly factors: Int32Array
  readonly choices: number
  /** Number of the first combination of a choice. */
  readonly base: Int32Array
  /** The combination of values v is base + Σ v[m] × stride[i * t + m]. */
  readonly stride: Int32Array
  /** Combinations in all. */
  readonly total: number
}

/** How many combinations of values there are of every t factors: the elementary symmetric polynomial of the levels. */
export function countTuples(levels: readonly number[], strength: number): number {
  const sums = [1, ...Array.from({ length: strength }, () => 0)]
  for (const level of levels) for (let t = strength; t > 0; t--) sums[t] = (sums[t] ?? 0) + (sums[t - 1] ?? 0) * level
  return sums[strength] ?? 0
}

/** The space of a model; `countTuples` says beforehand how large it is. */
export function tupleSpace(levels: readonly number[], strength: number): TupleSpace {
  const chosen = [...choicesOf(levels.length, strength)]
  const factors = Int32Array.from(chosen.flat())
  const base = new Int32Array(chosen.length)
  const stride = new Int32Array(chosen.length * strength)
  let total = 0
  for (const [i, choice] of chosen.entries()) {
    base[i] = total
    let size = 1
    for (let m = strength - 1; m >= 0; m--) {
      stride[i * strength + m] = size
      size *= levels[choice[m] ?? 0] ?? 1
    }
    total += size
  }
  return { strength, levels, factors, choices: chosen.length, base, stride, total }
}

/** Every ascending choice of `size` of the numbers 0 … `of` − 1, in lexicographic order. */
export function* choicesOf(of: number, size: number): Generator<readonly number[]> {
  const at = Array.from({ length: size }, (_, i) => i)
  if (size > of) return
  for (;;) {
    yield [...at]
    let last = size - 1
    while (last >= 0 && at[last] === of - size + last) last--
    if (last < 0) return
    at[last] = (at[last] ?? 0) + 1
    for (let i = last + 1; i < size; i++) at[i] = (at[i - 1] ?? 0) + 1
  }
}

/** The choice of factors a combination belongs to. */
export function choiceOf({ base, choices }: TupleSpace, tuple: number): number {
  let low = 0
  let high = choices - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((base[middle] as number) <= tuple) low = middle
    else high = middle - 1
  }
  return low
}

/** Writes the values of a combination into a row. */
export function writeTuple(space: TupleSpace, tuple: number, row: Int16Array): void {
  const { strength, factors, stride, base } = space
  const choice = choiceOf(space, tuple)
  let rest = tuple - (base[choice] as number)
  for (let m = choice * strength; m < (choice + 1) * strength; m++) {
    const value = Math.floor(rest / (stride[m] as number))
    row[factors[m] as number] = value
    rest -= value * (stride[m] as number)
  }
}
