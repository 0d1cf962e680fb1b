import { BOOL, DYN, INT, STRING, type Type } from '../../type.ts'
import { global, method, type RowFunction } from '../row-function.ts'

const TEXTS: Type = { kind: 'list', element: STRING }

/** CEL's extension for texts; places and lengths count code points. */
export const texts = {
  matches_any: method('matches', [STRING, STRING], BOOL, 'RE2 search for a pattern known only when it is evaluated.'),
  char_at: method(
    'charAt',
    [STRING, INT],
    STRING,
    'The character at a place; at the end empty; outside is `invalid-argument`.',
  ),
  index_of: method('indexOf', [STRING, STRING], INT, 'The place of the first occurrence, or -1.'),
  index_of_from: method(
    'indexOf',
    [STRING, STRING, INT],
    INT,
    'As indexOf, from a place on; outside is `invalid-argument`.',
  ),
  last_index_of: method('lastIndexOf', [STRING, STRING], INT, 'The place of the last occurrence, or -1.'),
  last_index_of_to: method(
    'lastIndexOf',
    [STRING, STRING, INT],
    INT,
    'As lastIndexOf, up to a place; outside is `invalid-argument`.',
  ),
  join: method('join', [TEXTS], STRING, 'The texts one after another.'),
  join_with: method('join', [TEXTS, STRING], STRING, 'The texts with a separator between them.'),
  quote: global('strings.quote', [STRING], STRING, 'The text in double quotes, with escapes.'),
  replace: method('replace', [STRING, STRING, STRING], STRING, 'Every occurrence replaced.'),
  replace_some: method(
    'replace',
    [STRING, STRING, STRING, INT],
    STRING,
    'The first n occurrences replaced; all where n is negative.',
  ),
  reverse: method('reverse', [STRING], STRING, 'The characters in reverse order.'),
  split: method(
    'split',
    [STRING, STRING],
    TEXTS,
    'The parts between the separators; an empty separator divides into characters.',
  ),
  split_some: method('split', [STRING, STRING, INT], TEXTS, 'As split, into at most n parts; all where n is negative.'),
  substring: method('substring', [STRING, INT], STRING, 'From a place on; outside is `invalid-argument`.'),
  substring_to: method(
    'substring',
    [STRING, INT, INT],
    STRING,
    'From a place to before another; outside is `invalid-argument`.',
  ),
  is_json: method(
    'isJson',
    [STRING],
    BOOL,
    'The text is one JSON value by the grammar of RFC 8259, alone or between white space: NaN, comments and trailing commas are none.',
  ),
  trim: method('trim', [STRING], STRING, 'Without white space (of Unicode) at both ends.'),
  format: method(
    'format',
    [STRING, { kind: 'list', element: DYN }],
    STRING,
    'The text with %s %d %f %e %b %o %x %X replaced by the values.',
  ),
} as const satisfies Record<string, RowFunction>
