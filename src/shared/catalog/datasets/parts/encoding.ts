import type { Text } from '../../../base/text'
import { choose, decodeOld, detect } from './codecs'

/**
 * Encodings that text is read in. All but Unicode is decoded by iconv-lite: `TextDecoder` differs between Chromium and
 * Node, which would give a window and a command line different classes.
 */
const NAMES = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'utf-32le': 'UTF-32 LE',
  'utf-32be': 'UTF-32 BE',
  'utf-7': 'UTF-7',
  'windows-1252': 'Windows-1252 (Latin-1)',
  'iso-8859-15': 'ISO 8859-15 (Latin-9)',
  'windows-1250': 'Windows-1250',
  'iso-8859-2': 'ISO 8859-2 (Latin-2)',
  'iso-8859-16': 'ISO 8859-16 (Latin-10)',
  'windows-1251': 'Windows-1251',
  'iso-8859-5': 'ISO 8859-5 (Cyrillic)',
  'windows-1253': 'Windows-1253',
  'windows-1254': 'Windows-1254',
  'windows-1255': 'Windows-1255',
  'windows-1256': 'Windows-1256',
  'windows-1257': 'Windows-1257',
  'windows-1258': 'Windows-1258',
  'windows-874': 'Windows-874',
  'koi8-r': 'KOI8-R',
  'koi8-u': 'KOI8-U',
  gb18030: 'GB18030 (GBK)',
  big5: 'Big5',
  shift_jis: 'Shift-JIS',
  'euc-jp': 'EUC-JP',
  cp949: 'EUC-KR (CP949)',
  macintosh: 'Mac Roman',
  cp437: 'CP437 (DOS)',
  cp850: 'CP850 (DOS)',
  cp852: 'CP852 (DOS)',
  cp866: 'CP866 (DOS)'
} as const
export type Encoding = keyof typeof NAMES
/** The encodings that can be chosen, with the names that people know them by. UTF-7 is told without a doubt. */
export const encodings = (Object.entries(NAMES) as [Encoding, string][]).filter(([id]) => id !== 'utf-7')

/** How the detector calls what it tells apart. DOS and Macintosh are not guessed: short texts are taken for them. */
const DETECTED: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  'utf-16-le': 'utf-16le',
  'utf-16-be': 'utf-16be',
  'utf-32-le': 'utf-32le',
  'utf-32-be': 'utf-32be',
  'windows-1252': 'windows-1252',
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  'windows-1255': 'windows-1255',
  'windows-1256': 'windows-1256',
  'windows-1257': 'windows-1257',
  cp1258: 'windows-1258',
  cp874: 'windows-874',
  'koi8-r': 'koi8-r',
  gb18030: 'gb18030',
  big5: 'big5',
  cp932: 'shift_jis',
  'euc-jp': 'euc-jp',
  cp949: 'cp949'
}
/** Bytes that the detector looks at. */
const SAMPLE = 200_000
/** Below it the detector has seen too few letters; what spreadsheets of the West write is assumed then. */
const DOUBT = 0.012
/** Encodings of Latin letters, which few letters hardly tell apart: the most common one wins when it is this close. */
const LATIN: readonly Encoding[] = ['windows-1250', 'windows-1254', 'windows-1257', 'windows-1258']
const CLOSE = 0.85

const strict = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
const REPLACEMENT = '\ufffd'
const countOf = (text: string, what: RegExp): number => text.match(what)?.length ?? 0

/** Whether text that isn't valid UTF-8 is UTF-8 with some bytes that are damaged: most of its letters are sound. */
function isDamagedUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, 4 * SAMPLE))
  const wrong = countOf(text, /\ufffd/g)
  return wrong > 0 && countOf(text, /[^\u0000-\u007f\ufffd]/g) >= wrong
}

/**
 * UTF-16 without a mark: the zero bytes of its digits and separators stand at odd places, or at even ones, and what
 * they stand in holds no control characters.
 */
function unmarkedUtf16(sample: Uint8Array): Encoding | undefined {
  const zeros = [0, 0]
  sample.forEach((byte, i) => byte || zeros[i & 1]!++)
  const [even, odd] = zeros as [number, number]
  if (Math.max(even, odd) < 0.3 * (sample.length / 2) || Math.min(even, odd) > 0) return undefined
  const encoding = odd ? 'utf-16le' : 'utf-16be'
  const start = new TextDecoder(encoding).decode(sample.subarray(0, sample.length & ~1))
  return /[^\P{Cc}\t\r\n]/u.test(start) ? undefined : encoding
}

/** What a text is most likely encoded in. */
export interface Guess {
  encoding: Encoding
  /** Words beyond ASCII as they read in it. */
  words: string[]
  /** Other encodings that these may be in as well, as they are few, and how they read there. */
  others: { encoding: Encoding; words: string[] }[]
  /** Nothing tells which of these it is. */
  doubtful: boolean
}
/** A letter beyond ASCII as UTF-7 has it: UTF-16 in Base64 between + and -. */
const SHIFTED = /\+([A-Za-z\d+/]{3,})(?:-|(?![A-Za-z\d+/=]))|\+-/g
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** Places in a text that all must be letters of UTF-7. */
const FEWEST_SHIFTED = 2
/**
 * Whether a text of ASCII is UTF-7: every plus in it opens letters beyond ASCII, as many bits as UTF-16 has. Of
 * blood groups (AB+), numbers (+5) and sums (a+b) none does.
 */
export function isUtf7(text: string): boolean {
  if (!text.includes('+') || /[^\t\n\r -~]/.test(text.slice(0, SAMPLE))) return false
  const shifted = [...text.matchAll(SHIFTED)]
  const letters = shifted.filter((m) => m[1])
  if (letters.length < FEWEST_SHIFTED || shifted.length < countOf(text.replace(SHIFTED, '+'), /\+/g)) return false
  const units = (code: string): number => Math.floor((code.length * 6) / 16)
  return letters.every(({ 0: all, 1: code = '' }) => {
    // What is behind the last letter is padding, and 0.
    const over = (code.length * 6) % 16
    if (over > 5 || BASE64.indexOf(code.at(-1)!) % 2 ** over) return false
    const read = decodeOld(new TextEncoder().encode(all), 'utf-7')
    return read.length === units(code) && /^[\p{L}\p{M}€£¥§°²³µ]+$/u.test(read) && /[^\0-\x7f]/.test(read)
  })
}
const certain = (encoding: Encoding): Guess => ({ encoding, words: [], others: [], doubtful: false })
/** The encoding that the bytes are most likely in. */
function guessEncoding(bytes: Uint8Array): Guess {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe) return certain(c === 0 && d === 0 ? 'utf-32le' : 'utf-16le')
  if (a === 0xfe && b === 0xff) return certain('utf-16be')
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return certain('utf-32be')
  const sample = bytes.subarray(0, SAMPLE)
  if (!sample.includes(0) && (strict(bytes) !== undefined || isDamagedUtf8(bytes))) return certain('utf-8')
  const wide = unmarkedUtf16(sample)
  if (wide) return certain(wide)
  const told = counted(sample)
  const { encoding, words, others } = choose(sample, told)
  return {
    encoding: (encoding ?? told) as Encoding,
    words,
    others: others as Guess['others'],
    doubtful: encoding === undefined
  }
}
/** The encoding that its letters are most often in, as a detector counts them. */
function counted(sample: Uint8Array): Encoding {
  const told = detect(sample, Object.keys(DETECTED))
    .map(({ encoding, confidence }) => ({ encoding: DETECTED[encoding?.toLowerCase() ?? ''], confidence }))
    .filter((t): t is { encoding: Encoding; confidence: number } => t.encoding !== undefined)
  const [first] = told
  if (!first || first.confidence < DOUBT) return 'windows-1252'
  const western = told.find((t) => t.encoding === 'windows-1252')?.confidence ?? 0
  return LATIN.includes(first.encoding) && western >= CLOSE * first.confidence ? 'windows-1252' : first.encoding
}

/** The text that the bytes hold in this encoding, with U+FFFD where they hold none. A byte-order mark stays. */
function decode(bytes: Uint8Array, encoding: Encoding): string {
  if (encoding === 'utf-8' || encoding === 'utf-16le' || encoding === 'utf-16be')
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes)
  return decodeOld(bytes, encoding)
}

/** Where a text has the first character that its bytes don't hold, 1-based. */
export interface Undecodable {
  line: number
  character: number
  count: number
}
/** A whole text, decoded. */
export interface Decoded {
  /** Without its byte-order mark. */
  text: string
  encoding: Encoding
  mark: boolean
  /** What could not be decoded. */
  undecodable?: Undecodable
  /** Given where the encoding was guessed. */
  guess?: Guess
}
/** Decodes a whole text. @param chosen its encoding; absent: the one it is most likely in */
export function decodeText(bytes: Uint8Array, chosen?: Encoding): Decoded {
  const guess = chosen ? undefined : guessEncoding(bytes)
  const encoding = chosen ?? guess!.encoding
  const whole = decode(bytes, encoding)
  const mark = whole.startsWith('\ufeff')
  const text = mark ? whole.slice(1) : whole
  const out: Decoded = { text, encoding, mark, ...(guess && { guess }) }
  const at = text.indexOf(REPLACEMENT)
  // In UTF-8 the replacement character may be what the file really holds.
  if (at < 0 || (encoding === 'utf-8' && strict(bytes) !== undefined)) return out
  const before = text.slice(0, at)
  const line = before.lastIndexOf('\n')
  const undecodable = {
    line: countOf(before, /\n/g) + 1,
    character: at - line,
    count: countOf(text, /\ufffd/g)
  }
  return { ...out, undecodable }
}
/** The name that people know it by. */
export const encodingName = (encoding: Encoding): Text => ({ en: NAMES[encoding], zh: NAMES[encoding] })
