/** A model, and the size aimed at. */
export interface CoveringTarget {
  /** `4^15 3^17`: fifteen factors of four values and seventeen of three. */
  readonly levels: string
  readonly strength: number
  readonly target: number
}

/** The models that the field compares tools by, and two sizes at strength 3 that are proven smallest. */
export const TARGETS: readonly CoveringTarget[] = [
  { levels: '3^4', strength: 2, target: 9 },
  { levels: '3^13', strength: 2, target: 15 },
  { levels: '4^15 3^17 2^29', strength: 2, target: 29 },
  { levels: '4^1 3^39 2^35', strength: 2, target: 21 },
  { levels: '2^100', strength: 2, target: 10 },
  { levels: '10^20', strength: 2, target: 180 },
  { levels: '3^6', strength: 3, target: 33 },
  { levels: '4^6', strength: 3, target: 64 },
  { levels: '6^6', strength: 3, target: 312 },
  { levels: '10^2 4^1 3^2 2^7', strength: 3, target: 400 },
]

/** The number of values of each factor. */
export function levelsOf(text: string): readonly number[] {
  return text.split(' ').flatMap((part) => {
    const [values = 0, times = 1] = part.split('^').map(Number)
    return Array.from({ length: times }, () => values)
  })
}
