/** Packs of `plumb init --template`, by name: the templates that each extends, itself last. */
export const templatePacks: Readonly<Record<string, readonly string[]>> = {
  'binary-classification': ['binary-classification'],
  'credit-scoring': ['binary-classification', 'credit-scoring'],
  'fraud-detection': ['binary-classification', 'fraud-detection'],
  regression: ['regression'],
  'multiclass-classification': ['multiclass-classification'],
  forecasting: ['forecasting'],
  ranking: ['ranking'],
  'anomaly-detection': ['anomaly-detection'],
  'text-classification': ['text-classification'],
  'image-classification': ['multiclass-classification', 'image-classification'],
  'image-files': ['image-files'],
  'llm-answers': ['llm-answers'],
}

/** The names, in the order in which they are offered. */
export const templateNames: readonly string[] = Object.keys(templatePacks)

/** The model that a pack brings: a file, or a program that plays a server. */
export const templateModel = (name: string): string =>
  name === 'llm-answers' ? 'models/chat.mjs' : 'models/champion.onnx'

/** The rows that a pack brings: pictures are bytes of Parquet, which a file of text cannot hold. */
export const templateData = (name: string): string => (name === 'image-files' ? 'data/cases.parquet' : 'data/cases.csv')

/** Whether what a pack tests is served by the guard and can be staged: a chat is a server itself, and requests hold no pictures. */
export const isServed = (name: string): boolean => name !== 'llm-answers' && name !== 'image-files'
