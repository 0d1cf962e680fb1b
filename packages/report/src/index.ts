export * from './input.ts'
export { renderReport } from './report.ts'
export type * from './picture.ts'
export { shareAgainstBound } from './reading/bound.ts'
export { boundText, intervalText, valueText } from './svg/interval.ts'
export * from './words/clause.ts'
export * from './words/method.ts'
export * from './words/number.ts'
export * from './words/reason.ts'
export { spanOfWindow } from './words/time.ts'
export * from './words/verdict.ts'
export { renderModelCard } from './card/card.ts'
export { codeSpan, escapeMarkdown, escapeProse, markdownList, markdownTable } from './markdown.ts'
export {
  type CounterexampleInput,
  fieldsOf as counterexampleFields,
  inputsOf as counterexampleInputs,
} from './reading/counterexample.ts'
export { renderChangeMarkdown } from './change/markdown.ts'
export * from './change/words.ts'
