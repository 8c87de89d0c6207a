import type { Text } from '../../../base/text'
import { decodeOld, detect } from './codecs'

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
  'windows-1252': 'Windows-1252 (Latin-1)',
  'iso-8859-15': 'ISO 8859-15 (Latin-9)',
  'windows-1250': 'Windows-1250',
  'windows-1251': 'Windows-1251',
  'windows-1253': 'Windows-1253',
  'windows-1254': 'Windows-1254',
  'windows-1255': 'Windows-1255',
  'windows-1256': 'Windows-1256',
  'windows-1257': 'Windows-1257',
  'windows-1258': 'Windows-1258',
  'windows-874': 'Windows-874',
  'koi8-r': 'KOI8-R',
  gb18030: 'GB18030 (GBK)',
  big5: 'Big5',
  shift_jis: 'Shift-JIS',
  'euc-jp': 'EUC-JP',
  cp949: 'EUC-KR (CP949)',
  macintosh: 'Mac Roman',
  cp437: 'CP437 (DOS)',
  cp850: 'CP850 (DOS)',
  cp866: 'CP866 (DOS)'
} as const
export type Encoding = keyof typeof NAMES
/** The encodings with the names that people know them by. */
export const encodings = Object.entries(NAMES) as [Encoding, string][]

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

/** Whether most letters are kana in Shift-JIS, whose two bytes hardly any word in other encodings has. */
function holdsKana(sample: Uint8Array): boolean {
  let high = 0
  let kana = 0
  for (let i = 0; i < sample.length; i++) {
    const [a, b] = [sample[i]!, sample[i + 1] ?? 0]
    if (a < 0x80) continue
    high++
    if (!(a === 0x82 && b >= 0x9f && b <= 0xf1) && !(a === 0x83 && b >= 0x40 && b <= 0x96)) continue
    kana++
    i++
  }
  return (
    kana > 2 &&
    kana * 2 > high &&
    !decodeOld(sample.subarray(0, sample.lastIndexOf(10) + 1), 'shift_jis').includes(REPLACEMENT)
  )
}

/** The encoding that the bytes are most likely in. */
function guessEncoding(bytes: Uint8Array): Encoding {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  const sample = bytes.subarray(0, SAMPLE)
  if (!sample.includes(0) && (strict(bytes) !== undefined || isDamagedUtf8(bytes))) return 'utf-8'
  const wide = unmarkedUtf16(sample)
  if (wide) return wide
  const told = detect(sample, Object.keys(DETECTED))
    .map(({ encoding, confidence }) => ({ encoding: DETECTED[encoding?.toLowerCase() ?? ''], confidence }))
    .filter((t): t is { encoding: Encoding; confidence: number } => t.encoding !== undefined)
  if (holdsKana(sample)) return 'shift_jis'
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
/**
 * Decodes a whole text.
 * @param encoding absent: the one it is most likely in
 * @returns the text without its byte-order mark, the encoding, and what of it could not be decoded
 */
export function decodeText(
  bytes: Uint8Array,
  encoding: Encoding = guessEncoding(bytes)
): { text: string; encoding: Encoding; mark: boolean; undecodable?: Undecodable } {
  const whole = decode(bytes, encoding)
  const mark = whole.startsWith('\ufeff')
  const text = mark ? whole.slice(1) : whole
  const at = text.indexOf(REPLACEMENT)
  // In UTF-8 the replacement character may be what the file really holds.
  if (at < 0 || (encoding === 'utf-8' && strict(bytes) !== undefined)) return { text, encoding, mark }
  const before = text.slice(0, at)
  const line = before.lastIndexOf('\n')
  return {
    text,
    encoding,
    mark,
    undecodable: {
      line: countOf(before, /\n/g) + 1,
      character: at - line,
      count: countOf(text, /\ufffd/g)
    }
  }
}
/** The name that people know it by. */
export const encodingName = (encoding: Encoding): Text => ({ en: NAMES[encoding], zh: NAMES[encoding] })
