import { type Aggregate, metric } from '../aggregate.ts'

const ofTexts = (doc: string, interval: 'bca' | 'wilson' = 'bca'): Aggregate =>
  metric('texts', interval, 'higher', [0, 1], doc, { args: ['column', 'column'] })
const PLAIN = 'without case, punctuation and English articles, as the script of SQuAD'
const ROUGE = 'words of a to z and digits, no stemming, as the package rouge-score'

/** How like generated texts (the second column) are to references (the first). */
export const textMetrics = {
  exact_match: ofTexts(`Share of texts equal to their reference, ${PLAIN}.`, 'wilson'),
  token_f1: ofTexts(`Mean F1 of the words shared with the reference, ${PLAIN}.`),
  rouge_1: ofTexts(`Mean ROUGE-1 (F1 of shared words; ${ROUGE}).`),
  rouge_2: ofTexts(`Mean ROUGE-2 (F1 of shared pairs of words; ${ROUGE}).`),
  rouge_l: ofTexts(
    `Mean ROUGE-L (F1 of the longest common subsequence of words; ${ROUGE}; of a text the first 10 000).`,
  ),
} as const satisfies Record<string, Aggregate>
