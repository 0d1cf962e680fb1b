// The measured process: SHA-256 of a file, read as the engine reads it for the evidence. Argument: path of the file.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

const hash = createHash('sha256')
for await (const chunk of createReadStream(process.argv[2] ?? '', { highWaterMark: 1 << 20 }))
  hash.update(chunk as Buffer)
process.stdout.write(hash.digest('hex'))
