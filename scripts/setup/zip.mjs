/** Reads zip archives (wheels, Electron releases) with nothing but Node. Layout: PKWARE APPNOTE 6.3, §4.3. */
import { createReadStream, createWriteStream } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname, join, normalize, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

/**
 * @returns the archive's members: name, unpacked size, Unix mode (0 if none was recorded)
 * @throws if the file is no zip archive, or a zip64 one
 */
async function readZip(path) {
  const file = await fs.open(path)
  try {
    const { size } = await file.stat()
    const tail = Buffer.alloc(Math.min(size, 65_557))
    await file.read(tail, 0, tail.length, size - tail.length)
    const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
    if (end < 0) throw new Error(`${path} is no zip archive`)
    const directory = Buffer.alloc(tail.readUInt32LE(end + 12))
    await file.read(directory, 0, directory.length, tail.readUInt32LE(end + 16))
    const members = []
    for (let at = 0; at < directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) => directory.readUInt16LE(at + o))
      members.push({
        name: directory.toString('utf8', at + 46, at + 46 + nameLength),
        method: directory.readUInt16LE(at + 10),
        packed: directory.readUInt32LE(at + 20),
        size: directory.readUInt32LE(at + 24),
        mode: directory.readUInt32LE(at + 38) >>> 16,
        offset: directory.readUInt32LE(at + 42)
      })
      at += 46 + nameLength + extraLength + commentLength
    }
    if (members.some((m) => m.offset === 0xffffffff))
      throw new Error(`${path} is a zip64 archive, which is not read here`)
    return members
  } finally {
    await file.close()
  }
}

/**
 * Unpacks the members for which `place(name)` gives a path (relative to `dir`).
 * @param {(name: string) => string | null | undefined} place
 * @param {(bytes: number) => void} [onBytes] unpacked so far
 */
export async function unzip(path, dir, place, onBytes) {
  let done = 0
  const made = new Set()
  const file = await fs.open(path)
  try {
    for (const member of await readZip(path)) {
      const to = place(member.name)
      if (!to || member.name.endsWith('/')) continue
      const target = normalize(join(dir, to))
      if (!target.startsWith(normalize(dir + sep))) throw new Error(`${member.name} would be written outside ${dir}`)
      if (!made.has(dirname(target))) await fs.mkdir(dirname(target), { recursive: true })
      made.add(dirname(target))
      const head = Buffer.alloc(30)
      await file.read(head, 0, 30, member.offset)
      const start = member.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
      if ((member.mode & 0o170000) === 0o120000) {
        const text = Buffer.alloc(member.size)
        await file.read(text, 0, text.length, start)
        await fs.symlink(text.toString(), target)
        continue
      }
      if (member.size === 0) {
        await fs.writeFile(target, '')
        continue
      }
      const input = createReadStream(path, { start, end: start + member.packed - 1, highWaterMark: 1 << 20 })
      const count = async function* (chunks) {
        for await (const chunk of chunks) {
          done += chunk.length
          onBytes?.(done)
          yield chunk
        }
      }
      const mode = member.mode & 0o777 || 0o644
      await pipeline([
        input,
        ...(member.method === 8 ? [createInflateRaw()] : []),
        count,
        createWriteStream(target, { mode })
      ])
    }
  } finally {
    await file.close()
  }
}
