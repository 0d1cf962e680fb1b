import type { Type } from '../type.ts'

/** Types found so far for the names that stand for any type. One for a whole expression. */
export interface Inference {
  /** What a name has turned out to be; made with the first, since most expressions have none. */
  bound: Map<string, Type> | undefined
  /** Names given out, so that each use of an overload has its own. */
  readonly count: { fresh: number }
}

/** Nothing is known yet. */
export function createInference(): Inference {
  return { bound: undefined, count: { fresh: 0 } }
}

/** A name of its own for an unknown type. */
export function freshType({ count }: Inference): Type {
  count.fresh += 1
  return { kind: 'param', name: `#${count.fresh}` }
}

/** The types of an overload with names of their own. */
export function instantiate(inference: Inference, types: readonly Type[]): readonly Type[] {
  const names = new Map<string, Type>()
  const named = (name: string): Type => {
    const known = names.get(name) ?? freshType(inference)
    names.set(name, known)
    return known
  }
  return types.map((type) => replaceParams(type, named))
}

/** A type with what is known put in for its names; those that stay open are left. */
export function known(inference: Inference, type: Type): Type {
  return replaceParams(type, (name) => {
    const found = inference.bound?.get(name)
    return found === undefined ? { kind: 'param', name } : known(inference, found)
  })
}

/** A type without names: what is still open is dyn. */
export function settled(inference: Inference, type: Type): Type {
  return replaceParams(known(inference, type), () => ({ kind: 'dyn' }))
}

function replaceParams(type: Type, replace: (name: string) => Type): Type {
  switch (type.kind) {
    case 'param':
      return replace(type.name)
    case 'list':
      return { kind: 'list', element: replaceParams(type.element, replace) }
    case 'map':
      return { kind: 'map', key: replaceParams(type.key, replace), value: replaceParams(type.value, replace) }
    case 'optional':
    case 'type':
      return { kind: type.kind, of: replaceParams(type.of, replace) }
    default:
      return type
  }
}

/** A copy of what names have turned out to be, to go back to. */
export function settledSoFar({ bound }: Inference): Inference['bound'] {
  return bound === undefined ? undefined : new Map(bound)
}

/** Makes two types the same by settling names, or leaves all as it was and is false. `dyn` fits anything. */
export function unify(inference: Inference, a: Type, b: Type): boolean {
  const before = settledSoFar(inference)
  if (same(inference, a, b)) return true
  inference.bound = before
  return false
}

function same(inference: Inference, left: Type, right: Type): boolean {
  const [a, b] = [known(inference, left), known(inference, right)]
  if (a.kind === 'param' || b.kind === 'param') {
    const [name, other] = a.kind === 'param' ? [a.name, b] : [(b as { readonly name: string }).name, a]
    if (other.kind === 'param' && other.name === name) return true
    if (mentions(other, name)) return false
    inference.bound ??= new Map()
    inference.bound.set(name, other)
    return true
  }
  if (a.kind === 'dyn' || b.kind === 'dyn') return true
  if (a.kind === 'list' && b.kind === 'list') return same(inference, a.element, b.element)
  if (a.kind === 'map' && b.kind === 'map') return same(inference, a.key, b.key) && same(inference, a.value, b.value)
  if (a.kind === 'optional' && b.kind === 'optional') return same(inference, a.of, b.of)
  // Types as values are all of the type `type`.
  if (a.kind === 'record' && b.kind === 'record') return a.of === b.of
  return a.kind === b.kind
}

function mentions(type: Type, name: string): boolean {
  switch (type.kind) {
    case 'param':
      return type.name === name
    case 'list':
      return mentions(type.element, name)
    case 'map':
      return mentions(type.key, name) || mentions(type.value, name)
    case 'optional':
    case 'type':
      return mentions(type.of, name)
    default:
      return false
  }
}

/** The type of values of several types: theirs where it is one, else dyn. */
export function joined(inference: Inference, types: readonly Type[]): Type {
  const [first, ...rest] = types
  if (first === undefined) return freshType(inference)
  return rest.reduce<Type>(
    (all, type) =>
      all.kind !== 'dyn' && known(inference, type).kind !== 'dyn' && unify(inference, all, type)
        ? moreGeneral(inference, all, type)
        : { kind: 'dyn' },
    first,
  )
}

/** Of two types that fit, the one that says dyn where the other says more. */
function moreGeneral(inference: Inference, left: Type, right: Type): Type {
  const [a, b] = [known(inference, left), known(inference, right)]
  if (a.kind === 'dyn') return a
  if (b.kind === 'dyn') return b
  if (a.kind === 'list' && b.kind === 'list')
    return { kind: 'list', element: moreGeneral(inference, a.element, b.element) }
  if (a.kind === 'map' && b.kind === 'map') {
    const [key, value] = [moreGeneral(inference, a.key, b.key), moreGeneral(inference, a.value, b.value)]
    return { kind: 'map', key, value }
  }
  if (a.kind === 'optional' && b.kind === 'optional')
    return { kind: 'optional', of: moreGeneral(inference, a.of, b.of) }
  return a
}
