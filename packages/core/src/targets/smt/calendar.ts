import { exact, type SmtSpelling } from './spelling.ts'
import { smt, type Term } from './term.ts'

const DAY = smt`86400000000`

/** A part of a timestamp's civil date, from the days since 1970. */
const civil = (write: (date: CivilDate) => Term): SmtSpelling =>
  exact(({ script }, [at]) => {
    const name = (term: Term): Term => script.define('Int', term)
    const days = name(smt`(+ (div ${(at as { value: Term }).value} ${DAY}) 719468)`)
    const ofEra = name(smt`(mod ${days} 146097)`)
    const year = name(
      smt`(div (- (+ (- ${ofEra} (div ${ofEra} 1460)) (div ${ofEra} 36524)) (div ${ofEra} 146096)) 365)`,
    )
    const ofYear = name(smt`(- ${ofEra} (- (+ (* 365 ${year}) (div ${year} 4)) (div ${year} 100)))`)
    const month = name(smt`(div (+ (* 5 ${ofYear}) 2) 153)`)
    return { value: write({ days, year, ofYear, month, name }) }
  })

/** Years begin in March: `month` 0 is March, `ofYear` counts days from its first, `year` years of the era of 400. */
interface CivilDate {
  readonly days: Term
  readonly year: Term
  readonly ofYear: Term
  readonly month: Term
  readonly name: (term: Term) => Term
}

const dayOf = ({ ofYear, month }: CivilDate): Term => smt`(- ${ofYear} (div (+ (* 153 ${month}) 2) 5))`
const yearOf = ({ days, year, month }: CivilDate): Term =>
  smt`(+ ${year} (* 400 (div ${days} 146097)) (ite (>= ${month} 10) 1 0))`
const clock = (unit: Term, modulus: Term): SmtSpelling =>
  exact((_, [at]) => ({ value: smt`(mod (div ${(at as { value: Term }).value} ${unit}) ${modulus})` }))

/**
 * Parts of a timestamp in UTC. The date follows Howard Hinnant, "chrono-compatible low-level date algorithms"
 * (civil_from_days); `div` of SMT-LIB rounds down for positive divisors, as it has to for times before 1970.
 */
export const calendarParts = {
  get_full_year: civil(yearOf),
  get_month: civil(({ month }) => smt`(ite (< ${month} 10) (+ ${month} 2) (- ${month} 10))`),
  get_date: civil((date) => smt`(+ ${dayOf(date)} 1)`),
  get_day_of_month: civil(dayOf),
  get_day_of_year: civil((date) => {
    const year = date.name(yearOf(date))
    const leap = smt`(ite (and (= (mod ${year} 4) 0) (or (not (= (mod ${year} 100) 0)) (= (mod ${year} 400) 0))) 1 0)`
    return smt`(ite (>= ${date.month} 10) (- ${date.ofYear} 306) (+ ${date.ofYear} 59 ${leap}))`
  }),
  get_day_of_week: exact((_, [at]) => ({
    value: smt`(mod (+ (div ${(at as { value: Term }).value} ${DAY}) 4) 7)`,
  })),
  get_hours: clock(smt`3600000000`, smt`24`),
  get_minutes: clock(smt`60000000`, smt`60`),
  get_seconds: clock(smt`1000000`, smt`60`),
  get_milliseconds: clock(smt`1000`, smt`1000`),
}
