import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { wallClock } from '../../shared/base/clock'
import { machineKind } from '../../shared/cure/content'
import type { JobResult } from '../../shared/cure/job'
import type { Trial } from '../../shared/cure/types'
import { ENGINE_VERSION } from '../../trainer/engineVersion'
import { toJson } from '../../shared/base/toJson'
import { unwritable } from '../disk'
import { sha256 } from './address'

/** Where a job was made: recorded beside what it came to, whose bytes are the same wherever that was. */
export interface Machine {
  /** The same for machines whose runs have the same bits. */
  kind: string
  host: string
  /** Of all that has a part in the numbers, CPU and threads among them. */
  versions: Record<string, string>
}
/** A job that was made. */
export interface JobRecord {
  result: JobResult
  machine: Machine
}

/** @param versions as a run's schema has them */
export const machineOf = (versions: Record<string, string>): Machine => ({
  kind: machineKind(versions, sha256),
  host: hostname(),
  versions
})
/** Versions without those of the machine. */
export const withoutMachine = (versions: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(versions).filter(([name]) => !['cpu', 'platform', 'node', 'electron'].includes(name))
  )

const RESULT = 'result.json'
const MACHINE = 'machine.json'
const ABANDONED_MS = 3600e3

/** Reads numbers again that JSON has no words for. */
const fromJson = (text: string): unknown =>
  JSON.parse(text, (_k, v: unknown) =>
    v === 'NaN' ? NaN : v === 'Infinity' ? Infinity : v === '-Infinity' ? -Infinity : v
  )

/** Reads a job's record; undefined where there is none, or one that is not whole: it is to be made anew. */
export function readRecord(folder: string): JobRecord | undefined {
  if (!existsSync(join(folder, RESULT))) return undefined
  try {
    const { result, files } = fromJson(readFileSync(join(folder, RESULT), 'utf8')) as {
      result: JobResult
      files: Record<string, string>
    }
    const { stepMs, ...machine } = fromJson(readFileSync(join(folder, MACHINE), 'utf8')) as Machine & { stepMs: number }
    for (const [name, sum] of Object.entries(files))
      if (sha256(readFileSync(join(folder, name))) !== sum) return undefined
    return { result: { ...result, trial: { ...result.trial, stepMs } }, machine }
  } catch {
    return undefined
  }
}

/**
 * Writes a job's record: its folder gets its name when it is whole, so that a job that was interrupted leaves none. No
 * file but `machine.json` tells of a time or of a machine.
 * @param runs folder of all jobs
 * @param name of its own folder
 * @param files of the run
 * @returns the record as it now stands there: of two that made the same job at once, that of the first
 */
export function writeRecord(
  runs: string,
  name: string,
  { result, machine }: JobRecord,
  files: Record<string, string | Uint8Array>
): JobRecord {
  const temp = join(runs, `.${name}.${randomBytes(6).toString('hex')}.tmp`)
  const { stepMs, ...trial } = result.trial
  try {
    mkdirSync(temp, { recursive: true })
    for (const [file, content] of Object.entries(files)) writeFileSync(join(temp, file), content)
    writeFileSync(join(temp, MACHINE), toJson({ ...machine, stepMs }))
    writeFileSync(
      join(temp, RESULT),
      toJson({
        format: 'gradient-clinic/job',
        version: 1,
        id: name,
        engine: ENGINE_VERSION,
        threads: Number(machine.versions['threads']),
        result: { ...result, trial: trial satisfies Omit<Trial, 'stepMs'> },
        files: Object.fromEntries(Object.entries(files).map(([file, content]) => [file, sha256(content)]))
      })
    )
    const folder = join(runs, name)
    const there = readRecord(folder)
    if (there) return there
    rmSync(folder, { recursive: true, force: true })
    try {
      renameSync(temp, folder)
    } catch (error) {
      const other = readRecord(folder)
      if (!other) throw error
      return other
    }
    return { result, machine }
  } catch (error) {
    throw unwritable(error, runs)
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

/** Removes what jobs that were killed while they wrote have left. */
export function tidy(runs: string): void {
  for (const name of readdirSync(runs)) {
    if (!name.startsWith('.') || !name.endsWith('.tmp')) continue
    const path = join(runs, name)
    const age = wallClock() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity)
    if (age > ABANDONED_MS) rmSync(path, { recursive: true, force: true })
  }
}
