/** Entry of the process that trains a run again in order to take it home: an Electron utility process. */
import '../shared/clinic/remedies'
import { InputError } from '../shared/base/problems'
import type { Attachments } from '../shared/catalog/datasets'
import type { Experiment } from '../shared/experiment'
import { errorToData } from '../shared/ipc/errors'
import type { HomeOrder } from '../shared/ipc/home'
import { TARGET_IDS, type TargetId } from '../shared/takehome/targets'
import type { Advised } from '../shared/recording/changes'
import { ownChanges } from '../shared/takehome/ownCode'
import { changesOf, codeOf, firstDifference, ownCode, writers } from '../shared/takehome/write'
import type { ProjectFiles, Taken } from '../shared/takehome/types'
import { takeHome } from './takeHome'
import { useThreads } from './tensorflow'

/** What its parent asks for. */
export interface HomeRequest {
  order: HomeOrder
  files: Attachments
  /** Of the program. */
  version: string
}
/** The files of a project, and its code before the cure; or why it can't be written. */
export type Written =
  | { ok: true; files: ProjectFiles; before?: Record<string, string>; own?: Advised[] }
  | { ok: false; error: ReturnType<typeof errorToData> }
/** What its parent is told: steps done, then the answer. */
export type HomeReply =
  | { progress: number }
  | { value: { step: number; differs?: number; projects: Record<TargetId, Written> } }
  | { error: ReturnType<typeof errorToData> }

/** The one thing of Electron that is known here. */
interface ParentPort {
  once(event: 'message', listener: (event: { data: HomeRequest }) => void): void
  postMessage(message: HomeReply): void
}
const { parentPort } = process as unknown as { parentPort: ParentPort }

async function write(
  target: TargetId,
  taken: Taken,
  before: Taken | undefined,
  chosen: Experiment['remedies']
): Promise<Written> {
  const project = writers[target]
  try {
    const files = await project(taken)
    if (!before) return { ok: true, files }
    const code = codeOf(await project(before))
    const own = target === 'pytorch' ? ownChanges(before, taken, chosen) : []
    return {
      ok: true,
      files: { ...files, ...changesOf(files, code), ...ownCode(own) },
      ...(own.length && { own }),
      ...(Object.keys(code).length && { before: code })
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { ok: false, error: errorToData(error) }
  }
}
/** The experiment before its cure; undefined where it can't be trained, which is no reason to take nothing home. */
async function untreated(
  experiment: Experiment | undefined,
  files: Attachments,
  version: string
): Promise<Taken | undefined> {
  if (!experiment) return undefined
  return takeHome(experiment, files, 0, { lossTable: '', version }).catch(() => undefined)
}

async function take({ order, files, version }: HomeRequest): Promise<HomeReply> {
  if (order.threads !== undefined) useThreads(order.threads)
  const { lossTable } = order
  const taken = await takeHome(order.experiment, files, order.step, { lossTable, version }, (step) =>
    parentPort.postMessage({ progress: step })
  )
  const before = await untreated(order.before, files, version)
  const off = firstDifference(lossTable, taken.losses)
  const chosen = order.experiment.remedies
  const projects = await Promise.all(TARGET_IDS.map(async (t) => [t, await write(t, taken, before, chosen)] as const))
  return {
    value: {
      step: taken.step,
      ...(off && { differs: off.step }),
      projects: Object.fromEntries(projects) as Record<TargetId, Written>
    }
  }
}

// It is ended by its parent, so that the answer surely comes before the end.
parentPort.once('message', ({ data }) => {
  take(data).then(
    (reply) => parentPort.postMessage(reply),
    (error: unknown) => parentPort.postMessage({ error: errorToData(error) })
  )
})
