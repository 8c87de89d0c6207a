/** Markup that is safe to put into a page: whatever came from a person is escaped in it. */
export interface Html {
  readonly markup: string
}
type Part = Html | string | number | undefined | false | readonly (Html | string)[]

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c]!)

function markupOf(part: Part): string {
  if (part === undefined || part === false) return ''
  if (Array.isArray(part)) return part.map(markupOf).join('')
  return typeof part === 'object' ? (part as Html).markup : escaped(String(part as string | number))
}

/** A template of markup: all that is put in is escaped, unless it is markup already. Nothing stands for nothing. */
export function html(pieces: TemplateStringsArray, ...parts: Part[]): Html {
  return { markup: pieces.map((piece, i) => piece + markupOf(parts[i])).join('') }
}

/** Takes a text for markup: only for texts of this program. */
export const raw = (markup: string): Html => ({ markup })

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** Bytes as base64. */
function base64(bytes: Uint8Array): string {
  const out: string[] = []
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]]
    const n = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    out.push(
      DIGITS[n >> 18]! +
        DIGITS[(n >> 12) & 63]! +
        (b === undefined ? '=' : DIGITS[(n >> 6) & 63]!) +
        (c === undefined ? '=' : DIGITS[n & 63]!)
    )
  }
  return out.join('')
}
const utf8 = new TextEncoder()
/** The address of a file that is inside the page. */
export const dataUrl = (type: string, content: string | Uint8Array): string =>
  `data:${type};base64,${base64(typeof content === 'string' ? utf8.encode(content) : content)}`
