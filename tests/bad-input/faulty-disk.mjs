// Loaded before the command (`node --import`): makes the disk under `.plumb` fail after a number of bytes, as a full one
// does. What is written up to there stays, so that the last line may be cut.
import fsp from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

const room = { left: Number(process.env.PLUMB_TEST_ROOM ?? '0') }
const full = (operation) =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${operation}`), { code: 'ENOSPC' })
const ours = (path) => String(path).includes('.plumb')

const open = fsp.open
fsp.open = async (path, ...rest) => {
  const handle = await open(path, ...rest)
  if (!ours(path)) return handle
  for (const method of ['write', 'writeFile', 'appendFile', 'writev']) {
    const original = handle[method].bind(handle)
    handle[method] = async (data, ...more) => {
      const bytes = Buffer.byteLength(data)
      if (bytes <= room.left) {
        room.left -= bytes
        return original(data, ...more)
      }
      const part = Buffer.from(data).subarray(0, room.left)
      room.left = 0
      if (part.length > 0) await original(part)
      throw full('write')
    }
  }
  return handle
}
for (const method of ['writeFile', 'appendFile', 'copyFile']) {
  const original = fsp[method]
  fsp[method] = async (...args) => {
    if (!ours(method === 'copyFile' ? args[1] : args[0])) return original(...args)
    throw full(method)
  }
}
syncBuiltinESMExports()
