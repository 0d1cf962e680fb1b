/** The order signs of a comparison. */
export type Op = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne'

/** A value a leaf is compared with: int and time → bigint, double → number. */
export type Scalar = bigint | number | string | boolean

/** How a condition ends: true, false, the error `missing`, or another error. */
export type Truth = true | false | 'missing' | 'error'

/** What is asked of one leaf. */
export type Atom =
  | { readonly kind: 'bound'; readonly leaf: string; readonly op: Op; readonly value: Scalar }
  | { readonly kind: 'member'; readonly leaf: string; readonly values: readonly Scalar[] }
  | { readonly kind: 'missing'; readonly leaf: string; readonly negated: boolean }

/** A condition over atoms, with CEL's absorption of errors by `and`, `or` and `if`. */
export type Formula =
  | { readonly kind: 'constant'; readonly value: Truth }
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'not'; readonly of: Formula }
  | { readonly kind: 'and' | 'or'; readonly of: readonly [Formula, Formula] }
  | { readonly kind: 'if'; readonly of: readonly [Formula, Formula, Formula] }

/** A leaf's value in one world: a scalar, missing (null), or an error other than `missing`. */
export type LeafValue = Scalar | null | { readonly failed: true }

/** One representative combination of values of leaves, by key. */
export type World = ReadonlyMap<string, LeafValue>

/** The truth of a formula in a world. A leaf that the world does not hold is missing. */
export function truthOf(formula: Formula, world: World): Truth {
  switch (formula.kind) {
    case 'constant':
      return formula.value
    case 'atom':
      return truthOfAtom(formula.atom, world)
    case 'not': {
      const inner = truthOf(formula.of, world)
      return typeof inner === 'boolean' ? !inner : inner
    }
    case 'and':
      return absorbed(false, truthOf(formula.of[0], world), () => truthOf(formula.of[1], world))
    case 'or':
      return absorbed(true, truthOf(formula.of[0], world), () => truthOf(formula.of[1], world))
    case 'if': {
      const condition = truthOf(formula.of[0], world)
      if (typeof condition !== 'boolean') return condition
      return truthOf(formula.of[condition ? 1 : 2], world)
    }
  }
}

/** `&&` (deciding value false) and `||` (true): the deciding value wins over errors, the left error over the right. */
function absorbed(deciding: boolean, left: Truth, other: () => Truth): Truth {
  if (left === deciding) return deciding
  const right = other()
  if (right === deciding) return deciding
  return typeof left === 'boolean' ? right : left
}

function truthOfAtom(atom: Atom, world: World): Truth {
  const value = world.get(atom.leaf) ?? null
  if (atom.kind === 'missing') return (value === null) !== atom.negated
  if (value === null) return 'missing'
  if (typeof value === 'object') return 'error'
  if (atom.kind === 'member') return atom.values.some((element) => order(value, element) === 0)
  return holds(atom.op, order(value, atom.value))
}

const holds = (op: Op, sign: number): boolean => {
  switch (op) {
    case 'lt':
      return sign < 0
    case 'le':
      return sign <= 0
    case 'gt':
      return sign > 0
    case 'ge':
      return sign >= 0
    case 'eq':
      return sign === 0
    case 'ne':
      return sign !== 0
  }
}

/** The order of two values of one kind; int and double compare as exact numbers, texts by code point. */
export function order(a: Scalar, b: Scalar): number {
  if (typeof a === 'string' && typeof b === 'string') return orderTexts(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}

function orderTexts(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const sign = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (sign !== 0) return sign
  }
  return left.length - right.length
}

/** The atoms of a formula, left to right. */
export function atomsOf(formula: Formula): readonly Atom[] {
  switch (formula.kind) {
    case 'constant':
      return []
    case 'atom':
      return [formula.atom]
    case 'not':
      return atomsOf(formula.of)
    default:
      return formula.of.flatMap(atomsOf)
  }
}

/** The parts that all have to be true for a formula to be true. */
export function conjuncts(formula: Formula): readonly Formula[] {
  return formula.kind === 'and' ? formula.of.flatMap(conjuncts) : [formula]
}
