/** Sizes beyond which a file is refused before anything of it is unpacked. */
export const LIMITS = {
  /** Of the file. */
  bytes: 64 * 2 ** 20,
  /** Width × height. Four bytes each is what decoding one takes, at least. */
  pixels: 40_000_000,
  /** Of either side. */
  side: 30_000,
} as const
