import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate'
import { crc32 } from '../base/crc32'

/** Something is wrong with the container, in words; `where` is the entry's name when there is one. */
export class ZipError extends Error {
  readonly where: string
  readonly zh: string
  constructor(where: string, en: string, zh: string) {
    super(en)
    this.name = 'ZipError'
    this.where = where
    this.zh = zh
  }
}
export interface ZipLimits {
  /** Bytes of the whole file. */
  file: number
  entries: number
  /** Unpacked bytes of one entry, and of all. */
  entry: number
  total: number
}
/** Which names of entries are let through. */
type Names = 'safe' | 'any'
interface Entry {
  name: string
  method: number
  crc: number
  packed: number
  size: number
  /** Of its local header. */
  at: number
}
const damaged = (where: string, what: string, zh: string): ZipError =>
  new ZipError(where, `the file is damaged: ${what}`, `文件已损坏：${zh}`)

/** A name that stays inside any folder it is unpacked to, on any system. */
export function safeName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 300 &&
    !/[\\:\u0000-\u001f]/.test(name) &&
    name.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
    !name.split('/').includes('__proto__')
  )
}

/** Half the time of the usual 6, for files a few per cent larger: most of a large one is stored as it is. */
const LEVEL = 3

/** Noon of 1 January 1980, as a zip tells times: no entry says when it was made. */
const TIME = (33 << 16) | (12 << 11)
const [LOCAL, CENTRAL, END] = [30, 46, 22] as const

/**
 * Packs entries in the given order; always the same bytes for the same entries. Written here because the checksums of
 * fflate's own take three times as long, which is most of what a large project takes.
 */
export function zip(entries: Map<string, { data: Uint8Array; stored?: boolean }>): Uint8Array {
  const all = [...entries].map(([name, { data, stored }]) => ({
    name: strToU8(name),
    size: data.length,
    crc: crc32(data),
    packed: stored ? data : deflateSync(data, { level: LEVEL }),
    method: stored ? 0 : 8,
    // The name is UTF-8.
    flags: /^[\0-\x7f]*$/.test(name) ? 0 : 0x800
  }))
  const bodies = all.reduce((n, { name, packed }) => n + LOCAL + name.length + packed.length, 0)
  const names = all.reduce((n, { name }) => n + CENTRAL + name.length, 0)
  const out = new Uint8Array(bodies + names + END)
  const view = new DataView(out.buffer)
  /** What both headers of an entry say of it. @param at where it begins in the header */
  const describe = (at: number, { name, size, crc, packed, method, flags }: (typeof all)[number]): void => {
    view.setUint16(at, 20, true)
    view.setUint16(at + 2, flags, true)
    view.setUint16(at + 4, method, true)
    view.setUint32(at + 6, TIME, true)
    view.setUint32(at + 10, crc, true)
    view.setUint32(at + 14, packed.length, true)
    view.setUint32(at + 18, size, true)
    view.setUint16(at + 22, name.length, true)
  }
  let [at, place] = [0, bodies]
  for (const entry of all) {
    const { name, packed } = entry
    view.setUint32(at, 0x04034b50, true)
    describe(at + 4, entry)
    out.set(name, at + LOCAL)
    out.set(packed, at + LOCAL + name.length)
    view.setUint32(place, 0x02014b50, true)
    view.setUint16(place + 4, 20, true)
    describe(place + 6, entry)
    view.setUint32(place + 42, at, true)
    out.set(name, place + CENTRAL)
    at += LOCAL + name.length + packed.length
    place += CENTRAL + name.length
  }
  view.setUint32(place, 0x06054b50, true)
  view.setUint16(place + 8, all.length, true)
  view.setUint16(place + 10, all.length, true)
  view.setUint32(place + 12, names, true)
  view.setUint32(place + 16, bodies, true)
  return out
}

function directory(file: Uint8Array, limits: ZipLimits, names: Names): Entry[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  // The end record is last, before a comment of at most 64 KB.
  let end = file.length - 22
  const lowest = Math.max(0, end - 0xffff)
  while (end >= lowest && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < lowest || end < 0)
    throw damaged(
      '',
      'its end is missing; it was cut off while being written or copied',
      '缺少结尾，可能在写入或复制时被截断'
    )
  const count = view.getUint16(end + 10, true)
  const start = view.getUint32(end + 16, true)
  if (count > limits.entries)
    throw new ZipError(
      '',
      `it holds ${count} entries, more than ${limits.entries}`,
      `条目数 ${count} 超过上限 ${limits.entries}`
    )
  const out: Entry[] = []
  const seen = new Set<string>()
  let total = 0
  let at = start
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50)
      throw damaged('', 'its table of contents cannot be read', '无法读取其目录')
    const nameLength = view.getUint16(at + 28, true)
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > end) throw damaged('', 'its table of contents cannot be read', '无法读取其目录')
    const name = strFromU8(file.subarray(at + 46, at + 46 + nameLength))
    if (view.getUint16(at + 8, true) & 1)
      throw new ZipError(name, 'an entry is encrypted: pack it without a password', '条目已加密：请不带密码重新压缩')
    const entry: Entry = {
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true)
    }
    if ((names === 'safe' && !safeName(name)) || seen.has(name))
      throw new ZipError(
        name.slice(0, 100),
        'an entry has a name that no project has: it may try to write outside its folder',
        '条目名称不合法：可能试图写到文件夹之外'
      )
    seen.add(name)
    total += entry.size
    if (entry.size > limits.entry || total > limits.total)
      throw new ZipError(
        name,
        `it unpacks to more than ${Math.round(limits.entry / 2 ** 20)} MB`,
        `解压后超过 ${Math.round(limits.entry / 2 ** 20)} MB`
      )
    out.push(entry)
    at = next
  }
  return out
}

function unpack(file: Uint8Array, e: Entry): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (e.at + 30 > file.length || view.getUint32(e.at, true) !== 0x04034b50)
    throw damaged(e.name, 'an entry is not where it should be', '条目位置不对')
  const from = e.at + 30 + view.getUint16(e.at + 26, true) + view.getUint16(e.at + 28, true)
  if (from + e.packed > file.length) throw damaged(e.name, 'it was cut off', '文件被截断')
  const packed = file.subarray(from, from + e.packed)
  let data: Uint8Array
  if (e.method === 0) {
    if (e.packed !== e.size)
      throw damaged(
        e.name,
        `an entry has ${e.packed} bytes instead of ${e.size}`,
        `条目有 ${e.packed} 字节，应为 ${e.size}`
      )
    data = packed
  } else if (e.method === 8) {
    // Deflate packs 1032 bytes into one at best: a declaration beyond that is none, and gets no room.
    if (e.size > e.packed * 1032 + 64)
      throw new ZipError(e.name, 'an entry declares more than it can unpack to', '条目声明的大小超出可能')
    data = new Uint8Array(e.size)
    let got = 0
    const inflate = new Inflate((chunk) => {
      if (got + chunk.length > e.size)
        throw new ZipError(e.name, 'an entry unpacks to more than it declares', '条目解压后大于其声明的大小')
      data.set(chunk, got)
      got += chunk.length
    })
    try {
      // In pieces, so that a bomb is noticed when the first one goes off.
      for (let i = 0; i < packed.length || i === 0; i += 65536)
        inflate.push(packed.subarray(i, i + 65536), i + 65536 >= packed.length)
    } catch (error) {
      if (error instanceof ZipError) throw error
      throw damaged(e.name, `an entry cannot be unpacked (${(error as Error).message})`, '条目无法解压')
    }
    if (got !== e.size)
      throw damaged(e.name, `an entry has ${got} bytes instead of ${e.size}`, `条目有 ${got} 字节，应为 ${e.size}`)
  } else
    throw new ZipError(
      e.name,
      `an entry is packed by a method (${e.method}) that this program doesn't use`,
      `条目使用了不支持的压缩方法（${e.method}）`
    )
  if (data.length !== e.size || crc32(data) !== e.crc) throw damaged(e.name, 'a checksum is wrong', '校验和不符')
  return data
}

/**
 * Opens a zip without trusting it: sizes, names, checksums and what it really unpacks to are checked.
 * @param names `any` where nothing is written under the entries' names
 * @returns its entries: what each unpacks to, and its content, unpacked when asked for. @throws ZipError
 */
export function unzip(
  file: Uint8Array,
  limits: ZipLimits,
  names: Names = 'safe'
): { names: string[]; size(name: string): number; read(name: string): Uint8Array } {
  if (file.length > limits.file)
    throw new ZipError(
      '',
      `the file is larger than ${Math.round(limits.file / 2 ** 20)} MB`,
      `文件大于 ${Math.round(limits.file / 2 ** 20)} MB`
    )
  const entries = new Map(directory(file, limits, names).map((e) => [e.name, e]))
  const find = (name: string): Entry => {
    const e = entries.get(name)
    if (!e) throw damaged(name.slice(0, 100), `"${name.slice(0, 100)}" is missing`, `缺少“${name.slice(0, 100)}”`)
    return e
  }
  let given = 0
  return {
    names: [...entries.keys()],
    size: (name) => find(name).size,
    read(name) {
      const e = find(name)
      given += e.size
      // A document may name the same entry any number of times.
      if (given > limits.total)
        throw new ZipError(
          e.name,
          `its parts make more than ${Math.round(limits.total / 2 ** 20)} MB`,
          `各部分合计超过 ${Math.round(limits.total / 2 ** 20)} MB`
        )
      return unpack(file, e)
    }
  }
}
