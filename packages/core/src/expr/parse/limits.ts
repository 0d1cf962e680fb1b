/** Longest expression, in UTF-16 units. */
export const MAX_LENGTH = 65_536

/** Deepest tree. Every walk over a tree is recursive, here and in every target; DuckDB itself stops at 1 000. */
export const MAX_DEPTH = 256

/** Longest regular expression, in UTF-16 units; its program grows with it. */
export const MAX_PATTERN_LENGTH = 1_000
