import type { Random } from '../../packages/core/src/stats/prng.ts'

/** Kinds of the values that generated expressions have. */
type Kind = 'int' | 'uint' | 'double' | 'bool' | 'string' | 'ints' | 'strings' | 'map'

const pick = <T>(random: Random, items: readonly T[]): T => items[random.int(items.length)] as T

// biome-ignore format: a pool
const LITERALS: Readonly<Record<Kind, readonly string[]>> = {
  int: ['0', '1', '-1', '2', '7', '10', '9223372036854775807', '-9223372036854775808', '100'],
  uint: ['0u', '1u', '3u', '18446744073709551615u'],
  double: ['0.0', '1.5', '-2.25', '1e300', '0.1', '3.0'],
  bool: ['true', 'false'],
  string: ['""', '"a"', '"abc"', '"b"', '"é"', '"a,b,c"', '" x "', '"12"', '"true"'],
  ints: ['[]', '[1]', '[1, 2, 3]', '[0, -1, 7, 7]'],
  strings: ['["a"]', '["a", "b", "é"]', '["", "abc"]'],
  map: ['{"a": 1}', '{"a": 1, "b": 2}', '{"b": -1, "": 0}'],
}

/**
 * Left out, since the other implementation answers them wrongly: uints beyond int64 divided, `int("")`, an empty text or a
 * negative count in `replace`, places in texts beyond the basic plane; `-(-(-2^63))`; and `-2^63 % -1`, an overflow here.
 *
 * Forms by kind: each hole `$kind` is filled with an expression of that kind; `#` is a variable of its own. */
// biome-ignore format: a grammar
const FORMS: Readonly<Record<Kind, readonly string[]>> = {
  int: [
    '$int + $int', '$int - $int', '$int * $int', '$int / $int', '$int % 10', '0 - $int', 'size($string)', '$ints.size()', 'size($map)', '$ints[$int]',
    '$map[$string]', '$bool ? $int : $int', 'int($double)', 'int($uint)', '$string.indexOf($string)', '$string.lastIndexOf($string)',
    '$strings.map(#, size(#))[0]',
  ],
  uint: ['$uint + $uint', '$uint - $uint', '$uint * $uint', '$uint % $uint', 'uint($int)', '$bool ? $uint : $uint'],
  double: ['$double + $double', '$double - $double', '$double * $double', '$double / $double', '-($double)', 'double($int)', 'double($uint)'],
  bool: [
    '$int < $int', '$uint <= $uint', '$double > $double', '$string >= $string', '$bool && $bool', '$bool || $bool', '!($bool)', '$int == $int', '$ints == $ints',
    '$strings != $strings', '$map == $map', '$int in $ints', '$string in $strings', '$string in $map', '$ints.all(#, # > $int)', '$ints.exists(#, 10 / # == $int)',
    '$ints.exists_one(#, # == $int)', '$string.contains($string)', '$string.startsWith($string)', '$string.endsWith($string)', '$string.matches("^[a-c]+$")',
    '$bool ? $bool : $bool', '$map.all(#, # != $string)', 'type($int) == int', 'dyn($int) == $uint', 'dyn($int) < dyn($double)', 'has($map.a)', '$strings.exists(#, #.size() > $int)',
    'dyn($ints) == [1.0, 2.0, 3.0]', 'bool($string)',
  ],
  string: [
    '$string + $string', 'string($int)', 'string($uint)', 'string($bool)', '$bool ? $string : $string', '$strings[$int]', '$string.lowerAscii()', '$string.upperAscii()',
    '$string.substring($int)', '$string.substring($int, $int)', '$string.replace("a", $string)', '$string.trim()', '$string.charAt($int)', '$strings.join($string)',
    '$strings.join()', '$string.replace("a", $string, 2)',
  ],
  ints: ['$ints + $ints', '$ints.filter(#, # > $int)', '$ints.map(#, # * $int)', '$ints.map(#, # > 0, # + 1)', '[$int, $int]', '$bool ? $ints : $ints'],
  strings: ['$strings + $strings', '$strings.filter(#, #.contains($string))', '$ints.map(#, string(#))', '[$string]', '$string.split(",")', '$map.map(#, # + $string)'],
  map: ['{"k": $int}', '{$string: $int, $string: $int}', '$bool ? $map : $map'],
}

/** A well-typed CEL expression without variables of its own. */
export function generateCel(random: Random): string {
  let names = 0
  const write = (kind: Kind, depth: number): string => {
    if (depth <= 0 || random.float() < 0.15) return pick(random, LITERALS[kind])
    const own = `v${names}`
    names += 1
    const form = pick(random, FORMS[kind]).replaceAll('#', own)
    return form.replace(/\$(int|uint|double|bool|string|ints|strings|map)\b/g, (_, inner: Kind) => {
      const part = write(inner, depth - 1)
      return /^[\w."[\]{}]+$/.test(part) ? part : `(${part})`
    })
  }
  return write(pick(random, ['bool', 'bool', 'int', 'uint', 'double', 'string', 'ints', 'strings', 'map'] as const), 4)
}
