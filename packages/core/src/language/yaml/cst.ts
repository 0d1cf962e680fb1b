import type { CST } from 'yaml'

/** The tokens directly inside a token of the parser's concrete syntax tree. */
export function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value]
  if (!('items' in token)) return []
  const found: CST.Token[] = []
  for (const { key, value } of token.items as readonly CST.CollectionItem[]) {
    if (key != null) found.push(key)
    if (value != null) found.push(value)
  }
  return found
}

/** The quoted scalar that ends at an offset; walks without recursion. */
export function quotedEndingAt(tokens: readonly CST.Token[], offset: number): CST.FlowScalar | undefined {
  const stack = [...tokens]
  for (let token = stack.pop(); token !== undefined; token = stack.pop()) {
    if (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar')
      if (token.offset + token.source.length === offset) return token
    for (const child of childrenOf(token)) stack.push(child)
  }
  return undefined
}

/** The innermost bracket or brace that is never closed; walks without recursion. */
export function unclosedBracket(tokens: readonly CST.Token[]): CST.FlowCollection | undefined {
  let found: CST.FlowCollection | undefined
  const stack = [...tokens]
  for (let token = stack.pop(); token !== undefined; token = stack.pop()) {
    if (token.type === 'flow-collection' && !token.end.some(({ source }) => source === ']' || source === '}'))
      if (found === undefined || token.offset > found.offset) found = token
    for (const child of childrenOf(token)) stack.push(child)
  }
  return found
}
