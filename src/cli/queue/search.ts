import { join } from 'node:path'
import type { Attachments } from '../../shared/catalog/datasets'
import type { Job } from '../../shared/cure/job'
import type { Prescription } from '../../shared/cure/types'
import { makeFolder } from '../disk'
import { readQuestion, writeQuestion, type Question } from '../elsewhere/question'
import { replay } from '../elsewhere/replay'
import { jobId, type JobContext } from '../jobs/address'
import { readRecord, tidy } from '../jobs/record'
import { connect, type Broker } from './broker'
import { packFolder } from './parcels'
import { Post } from './post'

/** What a worker is to know of the untreated run that a job is compared with. */
function untreatedBy({ untreated, until }: Job, context: JobContext): string | undefined {
  if (!untreated) return undefined
  const id = jobId({ experiment: untreated, ...(until !== undefined && { until }) }, context)
  return readRecord(join(context.runs, id))?.machine.kind
}

/**
 * Lays a search into a folder as workers need it.
 * @returns its question as it stands there, what its jobs have in common, and what has them made
 */
export function layOut(
  broker: Broker,
  dir: string,
  question: Question,
  files: Attachments,
  version: string
): ReturnType<typeof readQuestion> & { post: Post } {
  writeQuestion(dir, question, files, version)
  const read = readQuestion(dir, version)
  const { runs } = read.context
  makeFolder(runs)
  tidy(runs)
  const names = ['search.json', ...Object.keys(files).map((_, i) => `data/${i}`)]
  return { ...read, post: new Post(broker, packFolder(dir, names), runs) }
}

/**
 * Makes a search by the workers of a queue. What it comes to is what it comes to in one process: the search is gone
 * through over the records that are there, and what it waits for is posted.
 * @param dir folder of the search: what is there already is not made again
 * @throws Error when a job failed on every try
 */
export async function searchByQueue(
  dir: string,
  question: Question,
  files: Attachments,
  { url, version, tell }: { url: string; version: string; tell: (line: string) => void }
): Promise<Prescription> {
  const broker = await connect(url, ({ en }) => tell(en))
  try {
    const { question: asked, context, post } = layOut(broker, dir, question, files, version)
    const under = new Map<string, Promise<unknown>>()
    for (;;) {
      const found = await replay(asked, context)
      if ('prescription' in found) {
        await post.clear()
        return found.prescription
      }
      for (const [id, job] of found.orders) {
        if (under.has(id)) continue
        const making = post.make(id, job, untreatedBy(job, context)).finally(() => under.delete(id))
        // The first that fails ends the search; what the others come to is heard by nobody then.
        making.catch(() => {})
        under.set(id, making)
      }
      await Promise.race(under.values())
    }
  } finally {
    await broker.close()
  }
}
