/** Findings about expressions, by area: how they are written, what they name and mix, what speaks of a whole relation. */
export * from './expr-syntax.ts'
export * from './expr-names.ts'
export * from './expr-types.ts'
export * from './expr-relation.ts'
