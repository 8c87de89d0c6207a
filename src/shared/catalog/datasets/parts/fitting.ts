import { ALPHABETS, COMMON, WIDE, type Alphabet } from './alphabets'
import { decodeOld } from './oldText'

/** Different words with letters beyond ASCII that are looked at, and below which these are few. */
const WORDS = 300
const FEW = 8
/** Share of many words that fit where an encoding does; and of characters that are common ones of a language. */
const MOST = 0.9
const COMMONLY = 0.3
/** The same of kana of half the width, which are bytes that letters of other scripts have. */
const HALF_WIDE = 0.3

/** An encoding that words may be in, and how they read in it. */
interface Fit {
  encoding: string
  words: string[]
  /** The language is one of those that most tables are in. */
  common: boolean
  /** Share of its characters that are common ones, where it has several bytes for each. */
  score?: number
}
/** Words of a text that have bytes beyond ASCII, each once. */
function highWords(bytes: Uint8Array): Uint8Array[] {
  const known = new Map<string, Uint8Array>()
  // What separates words is below 0x40, where no second byte of a character is.
  const ends = (b: number): boolean => b < 0x20 || (b < 0x40 && b !== 0x27 && b !== 0x2e)
  let from = 0
  let high = false
  for (let i = 0; i <= bytes.length && known.size < WORDS; i++) {
    const b = bytes[i] ?? 10
    high ||= b >= 0x80
    if (!ends(b)) continue
    if (high) known.set(bytes.subarray(from, i).join(), bytes.subarray(from, i))
    from = i + 1
    high = false
  }
  return [...known.values()]
}
/** Signs beside letters: a degree or micro before them, powers behind a unit, quotes and dashes at their edges. */
const SIGNS =
  /°(?=[A-Z]?$)|^[µμ]|(?<=^[a-zA-Z]{0,3}[a-zA-Z])[²³]$|^[²³±×§€£¥«»“”„‘’–—…·•‰½¼¾©®™\u00a0ºª°]+$|^[«“„‘]+|^[¿¡](?=\p{L}{2})|[»”“’…]+$|(?<=[a-z])[’·](?=\p{L})|(?<=[NnMm])[ºª°]|(?<=\p{L}{4})[®™]$|\u00a0/gu
/** A capital behind a small letter, one of them beyond ASCII. */
const ODD_CASE = /\p{Ll}[^\P{Lu}\u0000-\u007f]|[^\P{Ll}\u0000-\u007f]\p{Lu}/u

const lettersOf = (word: string): string => word.replace(SIGNS, '')
/** Whether a word, as read, is one of a language. */
function isOf({ letters, not }: Alphabet, word: string): boolean {
  const text = lettersOf(word)
  if (/[^\p{L}\p{M}'.\u0000-\u007f]/u.test(text) || ODD_CASE.test(text)) return false
  const own = [...text.toLowerCase()].filter((c) => c > '\u007f')
  // Letters of two scripts stand in no word.
  if (own.length && /[\u0370-\u0fff]/.test(letters) && /[a-z]/i.test(text)) return false
  return own.every((c) => letters.includes(c)) && !not?.test(text.toLowerCase())
}
function narrow(words: readonly Uint8Array[]): Fit[] {
  const out: Fit[] = []
  const read = new Map<string, string[]>()
  for (const { encodings, languages } of ALPHABETS)
    for (const encoding of encodings) {
      const texts = read.get(encoding) ?? words.map((w) => decodeOld(w, encoding))
      read.set(encoding, texts)
      if (texts.some((t) => /[\ufffd\u0080-\u009f]/.test(t)) || out.some((f) => f.encoding === encoding)) continue
      const whole = languages.find((language) => texts.every((t) => isOf(language, t)))
      const fitting = texts.filter((t) => languages.some((language) => isOf(language, t))).length
      if (whole ?? (texts.length >= FEW && fitting >= MOST * texts.length))
        out.push({ encoding, words: texts, common: !!(whole ?? languages[0]!).common })
    }
  return out
}
/** Share of characters of every day that words of a language are made of. */
const EVERYDAY = 0.9
/** Where encodings have the characters of every day: first bytes from and to, and the least second byte. */
const LEVELS: Readonly<Record<string, readonly [from: number, to: number, second: number]>> = {
  gb18030: [0xb0, 0xd7, 0xa1],
  big5: [0xa4, 0xc6, 0x40],
  shift_jis: [0x88, 0x97, 0x40],
  'euc-jp': [0xb0, 0xcf, 0xa1],
  cp949: [0xb0, 0xc8, 0xa1]
}
/** Whether nearly all characters of two bytes are ones of every day, as the order of an encoding has them. */
function areEveryday(words: readonly Uint8Array[], encoding: string): boolean {
  const [from, to, second] = LEVELS[encoding]!
  let [all, usual] = [0, 0]
  for (const word of words)
    for (let i = 0; i < word.length; i++) {
      const letter = word[i]! | 0x20
      // No such word has Latin letters in it.
      if (letter > 0x60 && letter < 0x7b) return false
      if (word[i]! < 0x80) continue
      all++
      if (word[i]! >= from && word[i]! <= to && (word[i + 1] ?? 0) >= second) usual++
      i++
    }
  return all > 1 && usual >= EVERYDAY * all
}
function wide(words: readonly Uint8Array[]): Fit[] {
  return WIDE.flatMap(([encoding, list]) => {
    const texts = words.map((w) => decodeOld(w, encoding))
    const all = [...texts.join('')].filter((c) => c > '\u007f')
    if (texts.some((t) => /[\ufffd\ue000-\uf8ff\u0080-\u00ff\u2500-\u257f]|^[ｧ-ｰﾞﾟ]|[ｦ-ﾟ][a-z]|[a-z][ｦ-ﾟ]/iu.test(t)))
      return []
    const known = all.filter((c) => COMMON[list]!.includes(c) || (list === 'japanese' && /[ぁ-ヺー]/.test(c))).length
    const share = all.every((c) => /[ｦ-ﾟ]/.test(c)) ? HALF_WIDE : known / Math.max(1, all.length)
    const score = areEveryday(words, encoding) ? Math.max(share, COMMONLY) : share
    return [{ encoding, words: texts, common: false, score }]
  })
}
/**
 * The encodings in which these words are ones of a language, the likeliest first. Those in which they read alike come
 * once.
 */
function fitting(words: readonly Uint8Array[]): Fit[] {
  const east = wide(words).sort((a, b) => b.score! - a.score!)
  const [known, others] = [east.filter(isSure), east.filter((f) => !isSure(f))]
  const seen = new Set<string>()
  return [...known, ...narrow(words), ...others].filter((f) => {
    const key = f.words.join('\n')
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
const isSure = ({ score }: Fit): boolean => score !== undefined && score > COMMONLY
const isKnown = ({ score }: Fit): boolean => score === undefined || score >= COMMONLY

/** What encoding words are in. */
export interface Choice {
  /** Undefined where nothing tells. */
  encoding?: string | undefined
  /** How the words read in it, and in others that they may be in as well; none where there are words enough. */
  words: string[]
  others: Fit[]
}
/**
 * Chooses the encoding in which the words of a text are ones of a language.
 * @param told by a detector that counts letters, which decides where several fit
 */
export function choose(bytes: Uint8Array, told: string | undefined): Choice {
  const words = highWords(bytes)
  const few = words.length < FEW
  const fits = fitting(words)
  const likely = fits.filter(isKnown)
  const [first] = likely
  const detected = told === undefined ? undefined : words.map((w) => decodeOld(w, told)).join('\n')
  const same = (few ? likely : fits).find((f) => f.words.join('\n') === detected)
  const sure = first && (first.common || isSure(first) || likely.length === 1)
  const short = words.every((w) => w.length < 2)
  const found = sure ? first : short && likely.length > 1 ? undefined : same
  if (!found) return few ? { words: [], others: likely } : { encoding: told, words: [], others: [] }
  return {
    encoding: found === same ? told : found.encoding,
    words: found.words,
    others: few ? likely.filter((f) => f !== found) : []
  }
}
