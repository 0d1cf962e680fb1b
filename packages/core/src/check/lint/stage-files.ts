const plain = (path: string): string => path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')

/** Whether a path that a stage declares is a file, or the folder or pattern in which it stands. */
export function holds(declared: string, file: string): boolean {
  const [path, asked] = [plain(declared), plain(file)]
  if (path === asked || asked.startsWith(`${path}/`)) return true
  const star = path.indexOf('*')
  return star >= 0 && asked.startsWith(path.slice(0, star))
}
