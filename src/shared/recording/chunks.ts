import { crc32 } from '../base/crc32'
import { InputError, problem } from '../base/problems'

/** The first bytes of a recording. */
export const MAGIC = Uint8Array.of(0x89, 0x47, 0x43, 0x52, 0x0d, 0x0a, 0x1a, 0x0a)
/** Bytes of the body of one chunk. A frame of a thousand modules has under 100 kB. */
const MOST = 64e6
/** Bytes around a body: its length and kind before it, its checksum behind. */
const HEADER = 8
const CHECK = 4

/** One piece of a recording: four letters, and bytes that are its reader's to keep. */
export interface Chunk {
  kind: string
  body: Uint8Array
  /** Where it starts in the file. */
  at: number
}

/** @returns an error that names a place in the file */
export const unreadable = (en: string, zh: string): InputError => new InputError([problem('recording', en, zh)])

/** Whether a recording begins here. */
const isAt = (data: Uint8Array, at: number): boolean => MAGIC.every((byte, i) => data[at + i] === byte)

/** Takes a growing file apart into chunks. What is not whole yet waits for more bytes. */
export class Chunks {
  private rest = new Uint8Array(0)
  /** Bytes of the file before `rest`. */
  private done = 0

  /** Bytes that were taken and belong to no whole chunk yet. */
  get waiting(): number {
    return this.rest.length
  }

  /**
   * Takes the next bytes of the file, in pieces of any size.
   * @throws InputError when it is no recording, or damaged: then nothing that follows can be told apart
   */
  push(bytes: Uint8Array): Chunk[] {
    const data = new Uint8Array(this.rest.length + bytes.length)
    data.set(this.rest)
    data.set(bytes, this.rest.length)
    const view = new DataView(data.buffer)
    let at = 0
    if (this.done === 0) {
      const seen = data.subarray(0, MAGIC.length)
      if (!seen.every((byte, i) => byte === MAGIC[i]))
        throw unreadable('is not a recording of gradient_clinic', '不是 gradient_clinic 的记录文件')
      if (data.length >= MAGIC.length) at = MAGIC.length
    }
    const chunks: Chunk[] = []
    while (at > 0 || this.done > 0) {
      if (at + HEADER > data.length) break
      const length = view.getUint32(at, true)
      if (isAt(data, at))
        throw unreadable(
          `is two recordings in one: another one begins at byte ${this.done + at}; give each a file of its own`,
          `是两个记录合在一起：另一个从第 ${this.done + at} 字节开始；请各自成为一个文件`
        )
      if (length > MOST)
        throw unreadable(
          `is damaged at byte ${this.done + at}: a piece says it has ${length} bytes, more than ${MOST}`,
          `在第 ${this.done + at} 字节处损坏：某段声称有 ${length} 字节，超过 ${MOST}`
        )
      const end = at + HEADER + length + CHECK
      if (end > data.length) break
      if (crc32(data.subarray(at + 4, end - CHECK)) !== view.getUint32(end - CHECK, true))
        throw unreadable(
          `is damaged at byte ${this.done + at}: a checksum does not match`,
          `在第 ${this.done + at} 字节处损坏：校验和不符`
        )
      chunks.push({
        kind: String.fromCharCode(...data.subarray(at + 4, at + HEADER)),
        body: data.slice(at + HEADER, end - CHECK),
        at: this.done + at
      })
      at = end
    }
    this.rest = data.slice(at)
    this.done += at
    return chunks
  }
}
