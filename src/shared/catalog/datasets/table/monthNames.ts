// cspell:ignore listopad
/** Languages whose months the platform names. Croatian is none: its listopad is October, and November elsewhere. */
const LOCALES = ['tr', 'cs', 'sk', 'fi', 'hu', 'da', 'nb', 'ro', 'id', 'lt', 'el', 'uk', 'bg', 'hi', 'ar', 'fa']
/** A Latin word with fewer letters may be any word. */
const SHORTEST = 4

/** Names of months in small letters, as they stand alone and behind a day. */
function build(): Map<string, number> {
  const names = new Map<string, number>()
  for (const locale of LOCALES)
    for (let month = 1; month <= 12; month++)
      for (const day of [undefined, 'numeric'] as const) {
        const format = new Intl.DateTimeFormat(`${locale}-u-ca-gregory`, { month: 'long', day, timeZone: 'UTC' })
        const part = format.formatToParts(Date.UTC(2023, month - 1, 15)).find((p) => p.type === 'month')
        const name = part?.value.toLowerCase() ?? ''
        if (name.length >= SHORTEST || /[^\u0000-\u024f]/.test(name)) if (!names.has(name)) names.set(name, month)
      }
  return names
}
let known: Map<string, number> | undefined
/** 1 to 12 for the name of a month in a language that is asked of the platform. @param word in small letters */
export function monthElsewhere(word: string): number | undefined {
  known ??= build()
  return known.get(word)
}
