/** The value of an IEEE 754 half-precision number (binary16): 1 sign, 5 exponent, 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const view = new DataView(new ArrayBuffer(4))

/** The value of a bfloat16: the upper half of a single-precision number. */
export function bfloatToNumber(bits: number): number {
  view.setUint32(0, bits * 0x10000)
  return view.getFloat32(0)
}
