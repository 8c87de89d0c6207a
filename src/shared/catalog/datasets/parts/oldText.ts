import iconv from 'iconv-lite'
import { detectAll } from 'jschardet'

/** What the bytes may be encoded in, the likeliest first, by the detector's names. */
export const detect = (
  bytes: Uint8Array,
  among: readonly string[]
): { encoding: string | null; confidence: number }[] =>
  detectAll(bytes, { detectEncodings: [...among], minimumThreshold: 0 })

/** The text of bytes in an encoding that iconv-lite knows. A byte-order mark stays. */
export const decodeOld = (bytes: Uint8Array, encoding: string): string =>
  iconv.decode(bytes as Buffer, encoding, { stripBOM: false })
