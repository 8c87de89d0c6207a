import { strToU8 } from 'fflate'
import { BINS } from '../run/histogram'
import { stored } from '../run/checkpoints'
import type { RunRecord } from '../run/types'
import { safeName, zip } from '../base/zip'
import { MANIFEST, PROJECT_FORMAT } from './format'
import { PROJECT_VERSION } from './migrations'
import { encodeNumbers } from './numbers'
import type { Project } from './types'
import { bytesOfWords } from './words'

/** Entry for an attached file: its own name where that is a safe one. */
function entryName(name: string, i: number, taken: Set<string>, binary: boolean): string {
  const own = `files/${name}`
  const entry =
    safeName(own) && !name.includes('/') && !taken.has(own.toLowerCase())
      ? own
      : `files/${binary ? `data-${i + 1}.bin` : `table-${i + 1}.csv`}`
  taken.add(entry.toLowerCase())
  return entry
}

/**
 * A project as the bytes of its file: a zip with `project.json`, each run's frames as `runs/<n>.bin` (int32 steps, then
 * float32 values and scalars, little-endian), its histograms as `runs/<n>-histograms.bin` (float32 counts), its
 * checkpoints as `runs/<n>-<step>.bin` as far as there is room (`stored`), and the attached files as `files/<name>`.
 */
export function encodeProject(project: Project): Uint8Array {
  const entries = new Map<string, { data: Uint8Array; stored?: boolean }>([[MANIFEST, { data: new Uint8Array(0) }]])
  const { kept } = stored(project.runs)
  const runs = project.runs.map(({ frames, histograms, checkpoints, ...given }, i) => {
    const rest: Omit<RunRecord, 'frames' | 'histograms' | 'checkpoints'> & {
      histograms?: unknown
      checkpoints?: unknown
    } = given
    if (histograms?.length) {
      const file = `runs/${i + 1}-histograms.bin`
      entries.set(file, { data: bytesOfWords(histograms.map((set) => set.bins)) })
      rest.histograms = { bins: BINS, file, sets: histograms.map(({ bins: _, ...set }) => set) }
    }
    if (checkpoints)
      rest.checkpoints = (kept.get(given.id) ?? []).map(({ values, ...c }) => {
        const file = `runs/${i + 1}-${c.step}.bin`
        entries.set(file, { data: bytesOfWords([values]), stored: true })
        return { ...c, file }
      })
    const count = frames.steps.length
    if (!count) return { ...rest, frames: { count: 0 } }
    const file = `runs/${i + 1}.bin`
    entries.set(file, { data: bytesOfWords([frames.steps, frames.values, frames.scalars]), stored: true })
    return {
      ...rest,
      frames: { count, values: frames.values.length / count, scalars: frames.scalars.length / count, file }
    }
  })
  const taken = new Set<string>()
  const files = Object.entries(project.files).map(([name, content], i) => {
    const binary = typeof content !== 'string'
    const file = entryName(name, i, taken, binary)
    // What is packed already gets no smaller.
    entries.set(
      file,
      binary ? { data: content, stored: content[0] === 0x1f && content[1] === 0x8b } : { data: strToU8(content) }
    )
    return { name, file, type: binary ? 'binary' : 'text' }
  })
  const { extra, ...known } = project
  const doc = { ...extra, ...known, format: PROJECT_FORMAT, version: PROJECT_VERSION, runs, files }
  entries.set(MANIFEST, { data: strToU8(JSON.stringify(encodeNumbers(doc))) })
  return zip(entries)
}
