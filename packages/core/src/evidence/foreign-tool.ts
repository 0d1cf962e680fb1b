/** Tools whose results are read, as clauses and results name them. */
export const FOREIGN_TOOLS = ['junit', 'great-expectations', 'deepchecks'] as const

/** One of them. */
export type ForeignTool = (typeof FOREIGN_TOOLS)[number]
