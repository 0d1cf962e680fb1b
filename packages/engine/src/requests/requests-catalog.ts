import type { OpenRelation, RelationCatalog } from '../relations/relation.ts'

/** Relations a clause on `requests` may name: the requests themselves, and data it compares them with. */
export function requestsCatalog(relation: OpenRelation, data: RelationCatalog): RelationCatalog {
  return {
    resolve: (name) => (name === relation.name ? Promise.resolve({ ok: true, value: relation }) : data.resolve(name)),
  }
}
