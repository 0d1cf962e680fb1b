/** A token of a foreign condition. */
export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** A name, quoted or bare; `bare` ones may be words of the notation. */
  | { readonly kind: 'name'; readonly value: string; readonly bare: boolean }
  | { readonly kind: 'sign'; readonly value: string }

const PARTS =
  /\s+|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|'(?<single>(?:[^'\\]|\\.|'')*)'|"(?<double>(?:[^"\\]|\\.)*)"|`(?<tick>[^`]*)`|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>==|!=|<>|<=|>=|&&|\|\||[-=<>&|~!()[\],.{}+*/%])/y

/** Reads a condition of pandas (`"…"` is a text) or SQL (`"…"` is a name); undefined where it has something else. */
export function tokensOf(condition: string, notation: 'pandas' | 'sql'): readonly Token[] | undefined {
  const tokens: Token[] = []
  PARTS.lastIndex = 0
  while (PARTS.lastIndex < condition.length) {
    const groups = PARTS.exec(condition)?.groups
    if (groups === undefined) {
      PARTS.lastIndex = 0
      return undefined
    }
    const { number, single, double, tick, name, sign } = groups
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) })
    else if (single !== undefined) tokens.push({ kind: 'text', value: unescaped(single.replaceAll("''", "'")) })
    else if (double !== undefined && notation === 'pandas') tokens.push({ kind: 'text', value: unescaped(double) })
    else if (double !== undefined) tokens.push({ kind: 'name', value: double, bare: false })
    else if (tick !== undefined) tokens.push({ kind: 'name', value: tick, bare: false })
    else if (name !== undefined) tokens.push({ kind: 'name', value: name, bare: true })
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign })
  }
  return tokens
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/g, '$1')
