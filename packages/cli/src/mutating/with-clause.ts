import { analyse, type Program, type SourceSet } from '@plumbline/core'

/** Compiles the spec of a project with clauses added to it, as a file that extends it; undefined where that does not compile. */
export function clauseAdder(
  sources: SourceSet,
  params: Readonly<Record<string, string>>,
): (yaml: string) => Program | undefined {
  const { main, others } = sources
  return (yaml) => {
    const text = `plumbline: 1\nextends: [${JSON.stringify(main.path)}]\nclauses:\n${yaml}`
    const overlay = { ...sources, main: { path: 'plumb.mutate.yaml', text }, others: [main, ...others] }
    return analyse(overlay, params).value?.identify()
  }
}
