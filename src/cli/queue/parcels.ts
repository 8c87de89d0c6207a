import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { sha256 } from '../jobs/address'
import type { Made, Packed } from './broker'

/** Bytes of one file, unpacked, at most; and of all files of a parcel. */
const MOST = { file: 256e6, all: 512e6 }
/** Names inside a folder: no way out of it. */
const NAME = /^(?:[\w-][\w.-]*\/)?[\w-][\w.-]*$/

export const pack = (content: string | Uint8Array): string => gzipSync(content).toString('base64')
/** @throws Error when it is larger than a file may be */
export const unpack = (text: string): Buffer => gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MOST.file })

/** The files of a folder, and of one folder deeper. */
export function packFolder(folder: string, names: readonly string[] = readdirSync(folder)): Packed {
  return Object.fromEntries(names.map((name) => [name, pack(readFileSync(join(folder, name)))]))
}
/**
 * Writes a folder that gets its name when it is whole; one that is there gives way.
 * @throws Error when a name leads outside it, or it is too large
 */
export function unpackFolder(folder: string, packed: Packed): void {
  const temp = `${dirname(folder)}/.${randomBytes(6).toString('hex')}.tmp`
  let all = 0
  try {
    for (const [name, text] of Object.entries(packed)) {
      if (!NAME.test(name)) throw new Error(`a file of the queue has a name that none has: ${JSON.stringify(name)}`)
      const bytes = unpack(text)
      if ((all += bytes.length) > MOST.all) throw new Error('the files of a job in the queue are too large')
      mkdirSync(dirname(join(temp, name)), { recursive: true })
      writeFileSync(join(temp, name), bytes)
    }
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true })
    renameSync(temp, folder)
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}
/** @param names of folders in `runs` */
export const packRuns = (runs: string, names: readonly string[]): Made =>
  Object.fromEntries(
    names.filter((name) => existsSync(join(runs, name))).map((name) => [name, packFolder(join(runs, name))])
  )
/** Writes what a worker made. @throws Error as `unpackFolder` does */
export function unpackRuns(runs: string, made: Made): void {
  for (const [name, packed] of Object.entries(made)) {
    if (!/^[0-9a-f]{16}(-[0-9a-f]{8})?$/.test(name)) throw new Error('a run of the queue has a name that none has')
    unpackFolder(join(runs, name), packed)
  }
}
/** Address of a search: of its question and its files. */
export const addressOf = (packed: Packed): string =>
  sha256(
    JSON.stringify(
      Object.entries(packed)
        .map(([name, text]) => [name, sha256(unpack(text))])
        .sort()
    )
  ).slice(0, 32)
