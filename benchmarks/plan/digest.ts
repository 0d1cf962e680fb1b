// The measured process: SHA-256 of a file, read as the engine reads it for the evidence. Argument: path of the file.
import { createHash } from 'node:crypto'
import { openSync, readSync } from 'node:fs'

const hash = createHash('sha256')
const file = openSync(process.argv[2] ?? '', 'r')
const buffer = Buffer.allocUnsafe(1 << 20)
for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) hash.update(buffer.subarray(0, read))
process.stdout.write(hash.digest('hex'))
