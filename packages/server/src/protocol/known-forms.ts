/** Reads a text of one form; undefined where it has another form, or cells that a full reader has to look at. */
export type ReadForm<T> = (text: string) => T | undefined

/** The forms of JSON that a reader has seen, each read as a T. */
export interface KnownForms<T> {
  /** What a text of one of these forms says; undefined where it has none of them. */
  read(text: string): T | undefined
  /** Remembers a form, if it is time to look for another one: only then is it made. */
  learn(make: () => ReadForm<T> | undefined): void
}

/** As many as clients of different makes may have. */
const MOST_FORMS = 8
/** Of texts of no known form, at least one in so many is looked at. */
const LONGEST_WAIT = 1024

/** Begins with no form. Whoever sends ever new ones makes nothing wrong, only slower. */
export function knownForms<T>(): KnownForms<T> {
  const forms: ReadForm<T>[] = []
  let wait = 0
  let left = 0
  return {
    read(text) {
      for (let i = 0; i < forms.length; i++) {
        const form = forms[i] as ReadForm<T>
        const said = form(text)
        if (said === undefined) continue
        // The next text is most likely like this one.
        if (i > 0) forms.unshift(...forms.splice(i, 1))
        return said
      }
      return undefined
    },
    learn(make) {
      if (left-- > 0) return
      // Looking costs more than reading: where texts keep having no form, ever fewer are looked at.
      left = wait
      wait = Math.min(LONGEST_WAIT, 2 * wait + 1)
      const form = make()
      if (form === undefined) return
      if (forms.length === MOST_FORMS) forms.pop()
      forms.push(form)
    },
  }
}
