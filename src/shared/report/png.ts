import { zlibSync } from 'fflate'
import { crc32 } from '../base/crc32'

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10]
const RGBA = 6

/** A chunk: length, name, content, checksum of both. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(content.length + 12)
  const view = new DataView(out.buffer)
  view.setUint32(0, content.length)
  for (let i = 0; i < 4; i++) out[4 + i] = name.charCodeAt(i)
  out.set(content, 8)
  view.setUint32(content.length + 8, crc32(out.subarray(4, content.length + 8)))
  return out
}

/**
 * A picture as PNG. Source: PNG specification, third edition (W3C 2025).
 * @param pixels width × height × 4: red, green, blue and opacity of each, row by row from the top
 */
export function png(width: number, height: number, pixels: Uint8Array): Uint8Array {
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  head.set([8, RGBA], 8)
  // Each row begins with its filter: none.
  const rows = new Uint8Array(height * (4 * width + 1))
  for (let y = 0; y < height; y++)
    rows.set(pixels.subarray(4 * width * y, 4 * width * (y + 1)), y * (4 * width + 1) + 1)
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', head),
    chunk('IDAT', zlibSync(rows)),
    chunk('IEND', new Uint8Array(0))
  ]
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}
