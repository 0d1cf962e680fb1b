import { BYTES, STRING } from '../../type.ts'
import { global, type RowFunction } from '../row-function.ts'

/** CEL's extension for encodings. */
export const encoders = {
  base64_encode: global('base64.encode', [BYTES], STRING, 'The octets in base64, padded.'),
  base64_decode: global('base64.decode', [STRING], BYTES, 'Base64 (padding may be left out), else `invalid-argument`.'),
} as const satisfies Record<string, RowFunction>
