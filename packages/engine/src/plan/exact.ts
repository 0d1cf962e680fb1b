/** A decimal text (`0.995`, `1`) as an exact fraction. */
function decimalFraction(text: string): { readonly numerator: bigint; readonly denominator: bigint } {
  const [whole = '0', decimals = ''] = text.split('.')
  return { numerator: BigInt(`${whole}${decimals}`), denominator: 10n ** BigInt(decimals.length) }
}

/** Whether `part` of `all` is at least the decimal `share`, in exact arithmetic. */
export function atLeastShare(part: number, all: number, share: string): boolean {
  const { numerator, denominator } = decimalFraction(share)
  return BigInt(part) * denominator >= numerator * BigInt(all)
}
