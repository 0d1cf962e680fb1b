/** Endings of files of requirements that can be read. */
export const REQUIREMENT_ENDINGS: readonly string[] = [
  'csv',
  'tsv',
  'md',
  'markdown',
  'reqif',
  'reqifz',
  'xml',
  'yaml',
  'yml',
]
