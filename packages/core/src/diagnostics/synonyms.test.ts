import { expect, it } from 'vitest'
import { nearestWord } from './synonyms.ts'

it.each([
  ['auc', ['roc_auc', 'mean'], 'roc_auc'],
  ['Float', ['integer', 'number'], 'number'],
  ['date', ['text', 'timestamp'], 'timestamp'],
  ['len', ['size', 'matches'], 'size'],
  ['reccall', ['recall', 'precision'], 'recall'],
  ['auc', ['mean', 'median'], undefined],
  ['constructor', ['mean'], undefined],
])('%s among %j means %s', (word, known, meant) => {
  expect(nearestWord(word, known)).toBe(meant)
})
