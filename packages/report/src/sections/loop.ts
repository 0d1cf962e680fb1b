import { type Html, html } from '../html.ts'
import type { LoopStep } from '../production/loop.ts'
import { instantText } from '../words/time.ts'

const SIGNS: Readonly<Record<LoopStep['state'], string>> = { good: '✓', bad: '✗', open: '?', none: '–' }

/** The loop in ten boxes, each with what is known of it last; `has` says which sections there are to lead to. */
export function loop(steps: readonly LoopStep[], has: (section: string) => boolean): Html {
  const items = steps.map((step) => {
    const { name, state, words, at } = step
    const body = html`<span class="step">${name}</span><span class="state"><span class="sign" aria-hidden="true">${SIGNS[state]}</span> ${words}</span><span class="when">${at === undefined ? html`&#160;` : html`<time datetime="${new Date(at).toISOString()}">${instantText(at)}</time>`}</span>`
    return html`<li class="${state === 'none' ? 'idle' : state}">${has(step.section) ? html`<a href="#${step.section}">${body}</a>` : html`<span class="box">${body}</span>`}</li>`
  })
  return html`<div class="loop" role="navigation" aria-label="The loop, step by step"><ol>${items}</ol></div>`
}
