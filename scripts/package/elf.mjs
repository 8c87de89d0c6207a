/** What native files of 64-bit Linux ask of the system. */
// cspell:ignore STRTAB
import * as fs from 'node:fs/promises'

const DYNAMIC = 6
const NEEDED = 1n
const STRTAB = 5n

/**
 * The sonames in the dynamic section (ELF-64, little-endian; System V ABI, chapter 5).
 * @returns {Promise<string[]>} none for a static program
 */
export async function needed(path) {
  const elf = await fs.readFile(path)
  const sections = []
  const [at, size, count] = [Number(elf.readBigUInt64LE(0x28)), elf.readUInt16LE(0x3a), elf.readUInt16LE(0x3c)]
  for (let i = 0; i < count; i++) {
    const head = elf.subarray(at + i * size, at + (i + 1) * size)
    sections.push({
      type: head.readUInt32LE(4),
      address: head.readBigUInt64LE(0x10),
      offset: Number(head.readBigUInt64LE(0x18)),
      bytes: Number(head.readBigUInt64LE(0x20))
    })
  }
  const dynamic = sections.find(({ type }) => type === DYNAMIC)
  if (!dynamic) return []
  const entries = []
  for (let i = dynamic.offset; i < dynamic.offset + dynamic.bytes; i += 16)
    entries.push([elf.readBigInt64LE(i), elf.readBigUInt64LE(i + 8)])
  const address = entries.find(([tag]) => tag === STRTAB)?.[1]
  const strings = sections.find((section) => section.address === address)?.offset
  if (strings === undefined) return []
  return entries
    .filter(([tag]) => tag === NEEDED)
    .map(([, offset]) => strings + Number(offset))
    .map((start) => elf.toString('latin1', start, elf.indexOf(0, start)))
}

/** The newest versions of glibc's (2.n) and the C++ library's (3.4.n) symbols that the files name. */
export async function glibcFloor(files) {
  let [glibc, glibcxx] = [0, 0]
  for (const path of files) {
    const bytes = await fs.readFile(path)
    glibc = Math.max(glibc, newest(bytes, 'GLIBC_2.'))
    glibcxx = Math.max(glibcxx, newest(bytes, 'GLIBCXX_3.4.'))
  }
  return { glibc, glibcxx }
}

function newest(bytes, prefix) {
  let max = 0
  for (let at = bytes.indexOf(prefix); at >= 0; at = bytes.indexOf(prefix, at + 1)) {
    const number = /^\d+(?=[.\0])/.exec(bytes.toString('latin1', at + prefix.length, at + prefix.length + 4))
    if (number) max = Math.max(max, Number(number[0]))
  }
  return max
}
