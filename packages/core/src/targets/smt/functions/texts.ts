import type { Encoded } from '../encoding.ts'
import { exact, type SmtSpelling } from '../spelling.ts'
import { characters, equal, ite, join, not, or, smt, type Term } from '../term.ts'
import { applied } from './applied.ts'

type Pair = (a: Term, b: Term) => Term

const pure = (write: Pair): SmtSpelling =>
  exact((_, [a, b]) => {
    const left = (a as Encoded).value
    return { value: write(left, b?.value ?? left) }
  })
const values = (args: readonly Encoded[]): readonly Term[] => args.map(({ value }) => value)
const SIGNED = smt`(re.++ (re.opt (re.union (str.to_re "+") (str.to_re "-"))) (re.+ (re.range "0" "9")))`
const DECIMAL = smt`(re.++ ${SIGNED} (re.opt (re.++ (str.to_re ".") (re.+ (re.range "0" "9")))) (re.opt (re.++ (str.to_re "e") ${SIGNED})))`
const isOneOf = (text: Term, words: readonly Term[]): Term => or(...words.map((word) => equal(text, word)))
const range = (first: number, last: number): Term => smt`(re.range ${characters([first])} ${characters([last])})`
/** White space of Unicode, as the reference evaluator trims it. */
const WHITE = smt`(re.union ${join([
  range(0x9, 0xd),
  range(0x20, 0x20),
  range(0x85, 0x85),
  range(0xa0, 0xa0),
  range(0x1680, 0x1680),
  range(0x2000, 0x200a),
  range(0x2028, 0x2029),
  range(0x202f, 0x202f),
  range(0x205f, 0x205f),
  range(0x3000, 0x3000),
])})`
const TRIMMED = smt`(re.comp (re.union (re.++ ${WHITE} re.all) (re.++ re.all ${WHITE})))`
const LETTERS = 'known exactly only where no letter changes'

/** `ABC` to `abc` or back: as long as before, without letters of the one case, and the same where it had none. */
const recased = (others: Term): SmtSpelling =>
  applied(LETTERS, ({ script, guides }, [a], { value }) => {
    const text = (a as Encoded).value
    const none = (of: Term): Term => smt`(str.in_re ${of} (re.* ${others}))`
    script.assert(
      smt`(and (= (str.len ${value}) (str.len ${text})) ${none(value)} (=> ${none(text)} (= ${value} ${text})))`,
    )
    guides.push(none(text))
  })

/** Texts; places and lengths count code points, as SMT-LIB's do. */
export const texts = {
  add_string: pure((a, b) => smt`(str.++ ${a} ${b})`),
  size_string: pure((a) => smt`(str.len ${a})`),
  contains: pure((a, b) => smt`(str.contains ${a} ${b})`),
  starts_with: pure((a, b) => smt`(str.prefixof ${b} ${a})`),
  ends_with: pure((a, b) => smt`(str.suffixof ${b} ${a})`),
  index_of: pure((a, b) => smt`(str.indexof ${a} ${b} 0)`),
  string_of_string: pure((a) => a),
  lower_ascii: recased(smt`(re.union ${range(0, 0x40)} ${range(0x5b, 0x2ffff)})`),
  upper_ascii: recased(smt`(re.union ${range(0, 0x60)} ${range(0x7b, 0x2ffff)})`),
  reverse: applied('known exactly only of one character', ({ script, guides }, [a], { value }) => {
    const text = (a as Encoded).value
    script.assert(
      smt`(and (= (str.len ${value}) (str.len ${text})) (=> (<= (str.len ${text}) 1) (= ${value} ${text})))`,
    )
    guides.push(smt`(<= (str.len ${text}) 1)`)
  }),
  trim: applied('known exactly only where nothing is left out', ({ script, guides }, [a], { value }) => {
    const text = (a as Encoded).value
    script.assert(
      smt`(and (str.contains ${text} ${value}) (str.in_re ${value} ${TRIMMED}) (=> (str.in_re ${text} ${TRIMMED}) (= ${value} ${text})))`,
    )
    guides.push(smt`(str.in_re ${text} ${TRIMMED})`)
  }),
  replace: applied('known exactly only where nothing is replaced', ({ script, guides }, [a, from], { value }) => {
    const [text, part] = [(a as Encoded).value, (from as Encoded).value]
    script.assert(smt`(=> (not (str.contains ${text} ${part})) (= ${value} ${text}))`)
    guides.push(not(smt`(str.contains ${text} ${part})`))
  }),
  char_at: exact((_, args) => {
    const [text, at] = values(args) as [Term, Term]
    return { value: smt`(str.at ${text} ${at})`, error: smt`(or (< ${at} 0) (> ${at} (str.len ${text})))` }
  }),
  substring: exact((_, args) => {
    const [text, from] = values(args) as [Term, Term]
    return {
      value: smt`(str.substr ${text} ${from} (- (str.len ${text}) ${from}))`,
      error: smt`(or (< ${from} 0) (> ${from} (str.len ${text})))`,
    }
  }),
  substring_to: exact((_, args) => {
    const [text, from, to] = values(args) as [Term, Term, Term]
    return {
      value: smt`(str.substr ${text} ${from} (- ${to} ${from}))`,
      error: smt`(or (< ${from} 0) (> ${to} (str.len ${text})) (> ${from} ${to}))`,
    }
  }),
  string_of_int: pure((a) => smt`(ite (< ${a} 0) (str.++ "-" (str.from_int (- ${a}))) (str.from_int ${a}))`),
  string_of_bool: pure((a) => ite(a, smt`"true"`, smt`"false"`)),
  bool_of_string: exact(({ script }, args) => {
    const [text] = values(args) as [Term]
    const yes = script.define('Bool', isOneOf(text, [smt`"1"`, smt`"t"`, smt`"true"`, smt`"TRUE"`, smt`"True"`]))
    const no = isOneOf(text, [smt`"0"`, smt`"f"`, smt`"false"`, smt`"FALSE"`, smt`"False"`])
    return { value: yes, error: not(or(yes, no)) }
  }),
  int_of_string: exact(({ script }, args) => {
    const [text] = values(args) as [Term]
    const negative = smt`(str.prefixof "-" ${text})`
    const digits = script.define(
      'Int',
      smt`(str.to_int (ite (or ${negative} (str.prefixof "+" ${text})) (str.substr ${text} 1 (- (str.len ${text}) 1)) ${text}))`,
    )
    const value = script.define('Int', smt`(ite ${negative} (- ${digits}) ${digits})`)
    const beyond = smt`(or (< ${value} (- 9223372036854775808)) (> ${value} 9223372036854775807))`
    return { value, error: or(not(smt`(str.in_re ${text} ${SIGNED})`), beyond) }
  }),
  double_of_string: applied('which number a text is stays open', ({ script, guides }, [a], { value, error }) => {
    const text = (a as Encoded).value
    script.assert(smt`(=> (not (str.in_re ${text} ${DECIMAL})) ${error})`)
    // Of digits alone the number is known.
    const plain = smt`(str.in_re ${text} ((_ re.loop 1 15) (re.range "0" "9")))`
    script.assert(smt`(=> ${plain} (and (not ${error}) (= ${value} (to_real (str.to_int ${text})))))`)
    guides.push(or(error, plain))
  }),
}
