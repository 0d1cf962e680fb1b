import { columnText, type Expression, quotedText, type Spec } from '@plumbline/core'
import { slug } from '../scenario/ids.ts'
import { textAt } from '../text/placed-text.ts'

/** The slice that a state names: one of the spec, or a new one with its condition. */
export interface StateSlice {
  readonly name: string
  readonly condition?: Expression
}

const COMPARED: readonly (readonly [RegExp, string])[] = [
  [/^(?:below|under|less than)$/i, '<'],
  [/^(?:above|over|more than|greater than)$/i, '>'],
  [/^at least$/i, '>='],
  [/^at most$/i, '<='],
]

/** `young`, `the applicant is young`, `age < 25`, `age is below 25`, `country is DE` → a slice; undefined for anything else. */
export function stateSlice(state: string, spec: Spec): StateSlice | undefined {
  const known = [...spec.slices.keys()].find((name) => new RegExp(`(?:^|\\s)${escaped(name)}$`, 'i').test(state))
  if (known !== undefined) return { name: known }
  const text = conditionOf(state, spec)
  if (text === undefined) return undefined
  return { name: slug(state).replaceAll('-', '_') || 'part', condition: textAt(text, 'proposal', 0) }
}

function conditionOf(state: string, spec: Spec): string | undefined {
  const columns = new Map([...spec.data.values()].flatMap((dataset) => [...dataset.columns]))
  const words =
    /^(?:the )?(.+?) is (?:(below|under|less than|above|over|more than|greater than|at least|at most) )?(\S.*)$/i.exec(
      state,
    )
  const column = columns.get(words?.[1] ?? '')
  if (words !== null && column !== undefined) {
    const operator = COMPARED.find(([pattern]) => pattern.test(words[2] ?? ''))?.[1] ?? '=='
    const value = words[3] ?? ''
    const code = column.values?.value.find((each) => each.label === value || String(each.code) === value)?.code
    const isText = typeof code === 'string' || (code === undefined && !/^[-+]?[\d_.]+$|^(?:true|false)$/.test(value))
    const literal = isText ? quotedText(String(code ?? value)) : String(code ?? value)
    return `${columnText(column.name)} ${operator} ${literal}`
  }
  // CEL as it stands: whatever compares a column.
  return /[<>=!]/.test(state) ? state : undefined
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
