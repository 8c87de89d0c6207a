// cspell:ignore beginbfchar endbfchar beginbfrange endbfrange nendobj endobj Flate bfchar bfrange
import { inflateSync } from 'node:zlib'

/** A page of a PDF: its size in points, and its text in the order in which it is drawn, without blanks. */
export interface PdfPage {
  width: number
  height: number
  text: string
}

/** The number of the object that a key of another one names. */
const number = (text: string, key: string): string | undefined => new RegExp(`/${key}\\s+(\\d+) 0 R`).exec(text)?.[1]

/** Glyphs and the letters that they stand for, of a CMap. */
function letters(map: string): Map<string, string> {
  const found = new Map<string, string>()
  const utf16 = (hex: string): string =>
    String.fromCharCode(...(hex.match(/.{1,4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)))
  for (const [, block] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, glyph, to] of block!.matchAll(/<(\w+)>\s*<(\w+)>/g)) found.set(glyph!.toLowerCase(), utf16(to!))
  for (const [, block] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, from, last, to] of block!.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const [a, b, c] = [from!, last!, to!].map((hex) => Number.parseInt(hex, 16)) as [number, number, number]
      for (let i = 0; a + i <= b; i++)
        found.set((a + i).toString(16).padStart(from!.length, '0'), String.fromCharCode(c + i))
    }
  return found
}

/** The pages of a PDF that Chromium has printed, whose fonts say which letters their glyphs are. */
export function readPdf(bytes: Buffer): PdfPage[] {
  const source = bytes.toString('latin1')
  const objects = new Map<string, { head: string; stream: string }>()
  for (const { 1: id, index, 0: begin } of source.matchAll(/(?:^|\n)(\d+) 0 obj\s/g)) {
    const from = index + begin.length
    const head = /^[\s\S]*?(?=\bstream\r?\n|\nendobj)/.exec(source.slice(from))?.[0] ?? ''
    const length = /\/Length (\d+)/.exec(head)?.[1]
    const data = source.indexOf('\n', source.indexOf('stream', from + head.length)) + 1
    const raw = bytes.subarray(data, data + Number(length ?? 0))
    const stream =
      length === undefined
        ? ''
        : /FlateDecode/.test(head)
          ? inflateSync(raw).toString('latin1')
          : raw.toString('latin1')
    objects.set(id!, { head, stream })
  }
  const get = (id: string | undefined): { head: string; stream: string } =>
    objects.get(id ?? '') ?? { head: '', stream: '' }
  const pages = [...objects.values()].filter(({ head }) => /\/Type\s*\/Page\b/.test(head))
  return pages.map(({ head }) => {
    const [, , width, height] = /\/MediaBox\s*\[([^\]]*)\]/.exec(head)![1]!.trim().split(/\s+/).map(Number) as number[]
    const fonts = new Map<string, Map<string, string>>()
    const listed = /\/Font\s*<<([\s\S]*?)>>/.exec(head)?.[1] ?? ''
    for (const [, name, id] of listed.matchAll(/\/(\w+)\s+(\d+) 0 R/g))
      fonts.set(name!, letters(get(number(get(id).head, 'ToUnicode')).stream))
    let font: Map<string, string> | undefined
    let text = ''
    const content = get(number(head, 'Contents')).stream
    for (const [, name, hex] of content.matchAll(/\/(\w+)\s+[\d.-]+\s+Tf|<([\da-fA-F]+)>/g))
      if (name) font = fonts.get(name)
      else {
        // Fonts have glyphs of one byte or of two.
        const digits = [...(font?.keys() ?? [])][0]?.length ?? 4
        for (let i = 0; i < hex!.length; i += digits) text += font?.get(hex!.slice(i, i + digits).toLowerCase()) ?? ''
      }
    return { width: width!, height: height!, text: text.normalize('NFKC').replace(/\s+/g, '') }
  })
}
