import { DOUBLE, INT, STRING } from '../../type.ts'
import { global, type RowFunction } from '../row-function.ts'

const CHANCE = 'A number in [0, 1) that follows from the value and the seed: equal ones give equal numbers.'

/** What goes wrong on the way to a model, by a seed and a level: the rungs of a ladder of corruption. */
export const corruptions = {
  corrupt_typos: global(
    'corrupt.typos',
    [STRING, INT, INT],
    STRING,
    'The text with so many typing errors (two letters exchanged, one left out, doubled, or its neighbour on the keyboard), placed by the seed and the text; n errors are the first n of n + 1. Fewer than 0 or more than 1000 are `invalid-argument`.',
  ),
  corrupt_noise: global(
    'corrupt.noise',
    [DOUBLE, DOUBLE, INT],
    DOUBLE,
    'The number plus so many times a draw from the standard normal distribution, which follows from the seed and the number: a greater level is the same noise, louder. An infinite number is `non-finite`; a level below 0 or infinite is `invalid-argument`.',
  ),
  corrupt_chance_double: global('corrupt.chance', [DOUBLE, INT], DOUBLE, CHANCE),
  corrupt_chance_int: global('corrupt.chance', [INT, INT], DOUBLE, CHANCE),
  corrupt_chance_string: global('corrupt.chance', [STRING, INT], DOUBLE, CHANCE),
} as const satisfies Record<string, RowFunction>
