/** The order in which vitest starts the files of a suite. */
import { relative } from 'node:path'
import { BaseSequencer } from 'vitest/node'
import { ROOT } from '../setup/paths.mjs'

/**
 * The files that take longest, by suite, the longest first. In a fresh checkout vitest knows no durations and starts
 * large files first. A short file that takes long would start last, and the other cores would wait for it.
 */
export const LONGEST = [
  'tests/setup/extend.test.ts',
  'tests/setup/library.test.ts',
  'tests/setup/gates.test.ts',
  'tests/trainer/gold.test.ts',
  'tests/trainer/layers.registry.test.ts',
  'tests/trainer/templates.test.ts',
  'tests/trainer/queue.test.ts',
  'tests/trainer/hostile.test.ts',
  'tests/trainer/compiled.registry.test.ts',
  'tests/trainer/elsewhere.test.ts',
  'tests/trainer/prescribe.test.ts',
  'tests/trainer/engines.test.ts',
  'tests/trainer/corpus.test.ts',
  'tests/trainer/slurm.test.ts'
]
/** A number that is smaller the earlier a file starts: the place in LONGEST, or behind all of them. */
const rank = (file) => {
  const at = LONGEST.indexOf(relative(ROOT, file).replaceAll('\\', '/'))
  return at < 0 ? LONGEST.length : at
}

/**
 * Brings the files of LONGEST to the front of their project. All others stay in the order they have.
 * @template {{ moduleId: string, project: { name: string } }} T
 * @param {readonly T[]} files
 * @returns {T[]}
 */
export function longestFirst(files) {
  const projects = [...new Set(files.map((file) => file.project.name))]
  return projects.flatMap((name) =>
    files.filter((file) => file.project.name === name).sort((a, b) => rank(a.moduleId) - rank(b.moduleId))
  )
}

/** Vitest's own order, with the longest files first. */
export class LongestFirst extends BaseSequencer {
  /** @param {import('vitest/node').TestSpecification[]} files */
  async sort(files) {
    return longestFirst(await super.sort(files))
  }
}
