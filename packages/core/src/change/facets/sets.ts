import type { Facet, Order } from '../change.ts'

/** Order of two sets where each member asks for something more: fewer members are weaker. */
export function orderOfSets(before: Iterable<string>, after: Iterable<string>): Order {
  const [old, now] = [new Set(before), new Set(after)]
  const lost = [...old].some((member) => !now.has(member))
  const gained = [...now].some((member) => !old.has(member))
  return lost ? (gained ? 'incomparable' : 'weaker') : gained ? 'stronger' : 'same'
}

/** Order of two numbers where a greater one asks for more. */
export function orderOfNumbers(before: number, after: number): Order {
  return after === before ? 'same' : after < before ? 'weaker' : 'stronger'
}

/** A facet, unless nothing changed. */
export function facet(name: string, order: Order, before: string, after: string, note?: string): readonly Facet[] {
  if (order === 'same' && before === after) return []
  return [{ name, order, before, after, ...(note === undefined ? {} : { note }) }]
}

/** The facet of a list of which fewer members are weaker. */
export function setFacet(name: string, before: readonly string[], after: readonly string[]): readonly Facet[] {
  const order = orderOfSets(before, after)
  return order === 'same' ? [] : facet(name, order, listed(before), listed(after))
}

const listed = (members: readonly string[]): string => (members.length === 0 ? 'none' : members.join(', '))
