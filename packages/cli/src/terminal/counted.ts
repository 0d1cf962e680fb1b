/** `1 row`, `1 000 rows`: how many of a thing, with the plural that most nouns have. */
export const counted = (n: number, noun: string): string =>
  `${String(n).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ')} ${noun}${n === 1 ? '' : 's'}`
