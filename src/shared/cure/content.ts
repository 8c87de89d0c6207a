import type { Attachments, DataInfo } from '../catalog/datasets/types'
import type { Sums } from '../experiment/attached'
import { effectiveExperiment } from '../experiment/effective'
import type { Job } from './job'

/**
 * What of a job determines its run, for the hash that is its address: the experiment with its remedies applied, its
 * layers, and the steps that are made of it. Names of layers count, the name of the experiment does not.
 * @param info of the experiment's data
 */
export function contentOf({ experiment, until }: Job, info: DataInfo): readonly unknown[] {
  const { name: _, network, ...rest } = effectiveExperiment(experiment, info).experiment
  return [rest, network.nodes, until ?? null]
}

/** A cryptographic hash in hexadecimal, of whoever is to have addresses made: here is none. */
type Hash = (content: string | Uint8Array) => string

/** The content of files in brief, by name: it is the same for all jobs of a search. */
export const hashedFiles = (files: Attachments, hash: Hash): Sums =>
  Object.keys(files)
    .sort()
    .map((name) => [name, hash(files[name]!)])

/** What the bits of a run hang on, beside the job. Node and Electron only carry numbers about. */
const COMPUTES = ['engine', 'tensorflow', 'tfjs-node', 'platform', 'cpu', 'threads']

/**
 * The kind of a machine: the same for machines whose runs have the same bits.
 * @param versions as a run's schema has them
 */
export const machineKind = (versions: Readonly<Record<string, string>>, hash: Hash): string =>
  hash(JSON.stringify(COMPUTES.map((name) => versions[name] ?? ''))).slice(0, 8)
