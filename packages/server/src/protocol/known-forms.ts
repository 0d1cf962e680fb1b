import type { GuardPlan } from '@plumbline/guard'
import type { InferRequest } from './infer-request.ts'
import { formOf, type ReadForm } from './request-form.ts'

/** The forms of request that a server has seen. */
export interface KnownForms {
  /** The request in a text of one of these forms; undefined where it has none of them. */
  read(text: string): InferRequest | undefined
  /** Remembers the form of a request that was read in full: `body` is its JSON. */
  learn(body: unknown, request: InferRequest): void
}

/** As many as clients of different makes may have. */
const MOST_FORMS = 8
/** Of requests of no known form, at least one in so many is looked at. */
const LONGEST_WAIT = 1024

/** Begins with no form. Whoever sends ever new ones makes nobody's request wrong, only slower. */
export function knownForms(plan: GuardPlan): KnownForms {
  const forms: ReadForm[] = []
  let wait = 0
  let left = 0
  return {
    read(text) {
      for (let i = 0; i < forms.length; i++) {
        const form = forms[i] as ReadForm
        const request = form(text)
        if (request === undefined) continue
        // The next request is most likely like this one.
        if (i > 0) forms.unshift(...forms.splice(i, 1))
        return request
      }
      return undefined
    },
    learn(body, request) {
      if (left-- > 0) return
      // Looking costs more than reading: where requests keep having no form, ever fewer are looked at.
      left = wait
      wait = Math.min(LONGEST_WAIT, 2 * wait + 1)
      const form = formOf(body, request, plan)
      if (form === undefined) return
      if (forms.length === MOST_FORMS) forms.pop()
      forms.push(form)
    },
  }
}
