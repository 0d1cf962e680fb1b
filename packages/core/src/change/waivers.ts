import type { ProgramWaiver } from '../clause/program.ts'
import { canonicalJson } from '../evidence/canonical-json.ts'
import { digestOf } from '../evidence/digest.ts'
import type { GateReason, Waived } from '../gate/decision.ts'
import type { Change, SpecChange } from './change.ts'
import { losesSomething } from './compare-specs.ts'

/** Who committed something: the author, those who took part, and who put it into the repository. E-mail addresses in lower case. */
export interface Committed {
  readonly commit: string
  readonly authors: readonly string[]
  readonly committer: string
  /** Whose listed keys the commit is signed with. */
  readonly signedBy?: readonly string[]
}

/** What history says of a weakening or a waiver as it stands here. */
export type History =
  | { readonly kind: 'committed'; readonly by: readonly Committed[] }
  /** It stands only in the folder. */
  | { readonly kind: 'uncommitted' }
  /** There is no git, or not enough history. */
  | { readonly kind: 'unknown'; readonly why: string }

/** What has to be known to judge weakenings. */
export interface WaiverFacts {
  /** Milliseconds since 1970 UTC. */
  readonly now: number
  /** Addresses that may waive: those the spec in production names. */
  readonly people: ReadonlySet<string>
  /** Those of them with a listed key: what git says of who made a commit is not enough for them. */
  readonly keyed: ReadonlySet<string>
  /** By id of the clause or setting. */
  readonly weakenings: ReadonlyMap<string, History>
  /** By id of the waiver. */
  readonly waivers: ReadonlyMap<string, History>
  /** Ids of waivers whose commit has that of the weakening before it. */
  readonly after: ReadonlySet<string>
  /** Whether the signature of a waiver is of this text by a key listed for the person. */
  readonly signed: (waiver: ProgramWaiver, text: string) => 'valid' | 'invalid' | 'no-key' | 'none'
}

/** What a gate has to refuse: what blocked and is weaker, gone or something else. */
export function refusable({ changes }: SpecChange): readonly Change[] {
  return changes.filter(
    (change) => losesSomething(change) && (change.subject === 'setting' || change.severity.before === 'block'),
  )
}

/**
 * The text that a signature is of: the waiver without it, and the change it allows. Another change, and the signature is of
 * something else.
 */
export function waiverText(system: string, waiver: ProgramWaiver, change: Change): string {
  const { signature: _, ...words } = waiver
  const { kind, facets, severity } = change
  return `${canonicalJson({ purpose: 'plumbline/waiver/1', system, ...words, change: changeDigest({ kind, facets, severity }) })}\n`
}

/** What changed, without the row that shows it. */
function changeDigest({ kind, facets, severity }: Pick<Change, 'kind' | 'facets' | 'severity'>): string {
  return digestOf({
    kind,
    severity,
    facets: facets.map(({ name, order, before, after }) => ({
      name,
      order,
      before: before ?? null,
      after: after ?? null,
    })),
  })
}

/**
 * Judges each weakening: waived by a waiver that counts, or refused with what would change that. `plain`: the same comparison
 * without a solver. Signatures are of what it says, so that they hold where z3 is installed and where it is not.
 */
export function judgeWeakenings(
  change: SpecChange,
  waivers: readonly ProgramWaiver[],
  facts: WaiverFacts,
  plain: SpecChange = change,
): { readonly refused: readonly GateReason[]; readonly waived: readonly Waived[] } {
  const refused: GateReason[] = []
  const waived: Waived[] = []
  for (const weakening of refusable(change)) {
    const named = waivers.filter(({ clause }) => clause === weakening.id)
    const signed = plain.changes.find(({ id }) => id === weakening.id) ?? weakening
    const judged = named.map((waiver) => ({
      waiver,
      answer: judge(waiver, weakening, waiverText(change.after.name, waiver, signed), facts),
    }))
    const counting = judged.find(({ answer }) => 'by' in answer)
    if (counting !== undefined && 'by' in counting.answer) {
      const { id, clause, person, reason, expires } = counting.waiver
      waived.push({ clause, waiver: id, person, reason, expires, by: counting.answer.by })
    } else
      refused.push(
        refusal(
          weakening,
          judged.map(({ waiver, answer }) => ({ waiver, answer: 'why' in answer ? answer : undefined })),
          change,
        ),
      )
  }
  return { refused, waived }
}

type Refused = { readonly why: string; readonly change: string }

function judge(
  waiver: ProgramWaiver,
  weakening: Change,
  text: string,
  facts: WaiverFacts,
): { readonly by: Waived['by'] } | Refused {
  const { id, person, expires } = waiver
  if (facts.now >= Date.parse(`${expires}T00:00:00Z`) + 86_400_000)
    return {
      why: `the waiver ${id} expired on ${expires}`,
      change: `Restore the clause, or have ${person} renew the waiver.`,
    }
  if (!facts.people.has(person))
    return {
      why: `${person}, whom the waiver ${id} names, may not waive`,
      change: 'Name an owner of the system or a person of plumb.signers, as the spec in production lists them.',
    }
  const signed = facts.signed(waiver, text)
  if (signed === 'valid') return { by: 'signature' }
  if (signed !== 'none')
    return {
      why:
        signed === 'no-key'
          ? `no key is listed for ${person}, who is said to have signed the waiver ${id}`
          : `the signature of the waiver ${id} is not of this change by a key of ${person}`,
      change: `Have ${person} sign what \`plumb gate --waiver-text ${id}\` prints, or commit the waiver without a signature.`,
    }
  return committedBy(waiver, weakening, facts)
}

function committedBy(
  waiver: ProgramWaiver,
  weakening: Change,
  facts: WaiverFacts,
): { readonly by: 'commit' } | Refused {
  const { id, person } = waiver
  const weakened = facts.weakenings.get(weakening.id) ?? { kind: 'unknown', why: 'no history was read' }
  const waived = facts.waivers.get(id) ?? { kind: 'unknown', why: 'no history was read' }
  const sign = `Or have ${person} sign it (\`plumb gate --waiver-text ${id}\`).`
  for (const [what, history] of [
    ['the weakening', weakened],
    [`the waiver ${id}`, waived],
  ] as const) {
    if (history.kind === 'uncommitted')
      return { why: `${what} is not committed, so who made it is not known`, change: `Commit it. ${sign}` }
    if (history.kind === 'unknown')
      return { why: `who made ${what} is not known: ${history.why}`, change: `Keep the spec in git. ${sign}` }
  }
  if (weakened.kind !== 'committed' || waived.kind !== 'committed')
    return { why: 'its history is not known', change: sign }
  const authors = new Set(weakened.by.flatMap((by) => by.authors))
  const own = waived.by.find((by) => by.authors.some((author) => authors.has(author)) || authors.has(by.committer))
  if (own !== undefined)
    return {
      // A commit may say that somebody else wrote it.
      why: `${own.authors.find((author) => authors.has(author)) ?? own.committer}, who weakened the clause, committed the waiver ${id} as well (${short(own)})`,
      change: 'Have somebody else commit the waiver, in a commit of their own after the weakening.',
    }
  if (authors.has(person))
    return {
      why: `${person}, whom the waiver ${id} names, weakened the clause`,
      change: 'Have somebody else waive it.',
    }
  const other = waived.by.find((by) => by.authors.length !== 1 || by.authors[0] !== person)
  if (other !== undefined)
    return {
      why: `the waiver ${id} names ${person} and was committed by ${other.authors.join(', ')} (${short(other)})`,
      change: `Have ${person} commit it themselves. ${sign}`,
    }
  if (!facts.after.has(id))
    return {
      why: `the waiver ${id} was committed before the weakening, which ${person} has therefore not seen`,
      change: `Have ${person} commit the waiver again, after the weakening.`,
    }
  if (facts.keyed.has(person) && !waived.by.every(({ signedBy = [] }) => signedBy.includes(person)))
    return {
      why: `a key is listed for ${person}, and neither the waiver ${id} nor its commit is signed with it`,
      change: `Have ${person} commit it with \`git commit -S\` (gpg.format=ssh) by that key. ${sign}`,
    }
  return { by: 'commit' }
}

const short = ({ commit }: Committed): string => commit.slice(0, 12)

const WORDS: Partial<Record<Change['kind'], string>> = {
  removed: 'is gone, and stands in',
  weakened: 'is weaker than in',
  incomparable: 'asks something else than in',
}

function refusal(
  weakening: Change,
  judged: readonly { readonly waiver: ProgramWaiver; readonly answer: Refused | undefined }[],
  change: SpecChange,
): GateReason {
  const { id, kind, facets, subject } = weakening
  const what = facets
    .map(
      ({ name, order, before, after, note }) =>
        `${name}: ${before ?? 'none'} → ${after ?? 'none'}${order === 'incomparable' && note !== undefined ? ` (${note})` : ''}`,
    )
    .join('; ')
  const first = judged.find(({ answer }) => answer !== undefined)?.answer
  return {
    code: 'weakened',
    clause: id,
    message: `${id} ${WORDS[kind] ?? 'differs from'} the spec of the version in production (${change.before.version})${what === '' ? '' : `: ${what}`}${first === undefined ? '' : `; ${first.why}`}.`,
    change:
      first?.change ??
      `Restore ${subject === 'setting' ? 'the setting' : 'the clause'}, or have somebody other than its author waive it: \`waivers: { W-1: { clause: ${id}, person: …, reason: …, expires: … } }\`.`,
  }
}
