// Loaded before the command (`node --import`): while the file named by PLUMB_TEST_FULL is there, the log of requests cannot
// be written to, as on a full disk; what was written stays.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const full = process.env.PLUMB_TEST_FULL ?? ''
const ours = new Set()
const { open, writeSync } = fs
fs.open = (path, ...rest) => {
  const done = rest.pop()
  open(path, ...rest, (error, file) => {
    if (String(path).endsWith('.jsonl') && String(path).includes('requests')) ours.add(file)
    done(error, file)
  })
}
fs.writeSync = (file, ...rest) => {
  if (ours.has(file) && fs.existsSync(full))
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  return writeSync(file, ...rest)
}
syncBuiltinESMExports()
