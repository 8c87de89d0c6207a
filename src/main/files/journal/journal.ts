import { createHash } from 'node:crypto'
import { access, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Attachment, Attachments } from '@shared/catalog/datasets'
import { PROJECT_VERSION } from '@shared/project'
import { encodeNumbers } from '@shared/project/numbers'
import type { Outline, RunStub } from '@shared/project/types'
import type { RunLog } from '@shared/run/runLog'
import { safeWrite } from '../safeWrite'
import { DOCUMENT, FILES, SEARCH, type JournalDocument } from './read'
import { RunFile } from './runFile'

const bytesOf = (content: Attachment): Uint8Array => (typeof content === 'string' ? Buffer.from(content) : content)

/**
 * One project on disk while it is open: a folder with a small document, which is replaced as a whole, a growing file
 * for each run, a file for each checkpoint and one for each attached file. Nothing is written that is there already.
 */
export class Journal {
  readonly runs = new Map<string, RunFile>()
  outline: Outline | undefined
  files: Attachments = {}
  path: string | null = null
  /** Of the content that the file of that path had when it was opened or saved last. */
  sum: string | undefined
  /** There is something that is not saved. */
  dirty = false
  private document = ''
  private search = ''
  private isMade = false
  /** Names on disk of attached files, by content. */
  private readonly names = new Map<Attachment, string>()

  /** @param key tells the projects of the window apart; undefined until it has named one */
  constructor(
    readonly folder: string,
    public key?: string
  ) {}

  /** @param hasBegunHere it is a training of this session */
  add(id: string, log?: RunLog, hasBegunHere = false): void {
    this.runs.set(id, new RunFile(this.folder, id, log, hasBegunHere))
  }
  /** A person does not want this run. @returns removes its file: after its name, so that nobody misses it */
  drop(id: string): () => Promise<void> {
    const run = this.runs.get(id)
    this.runs.delete(id)
    const { outline } = this
    if (outline) this.outline = { ...outline, runs: outline.runs.filter((r) => r.id !== id) }
    return async () => {
      if (!run) return
      if (this.isMade && this.outline) await this.writeDocument(this.outline).catch(() => undefined)
      await run.remove()
    }
  }
  /**
   * Writes what has changed. @param log finds that of a run. @returns whether there is a run of which main has nothing
   * any more, as something has removed the folder. @throws the first error, after all else was tried
   */
  async write(log: (id: string) => RunLog | undefined = () => undefined): Promise<boolean> {
    const made = await mkdir(this.folder, { recursive: true })
    const isLost = made !== undefined && this.isMade && this.startAnew(log)
    this.isMade = true
    const failures: unknown[] = []
    const attempt = (work: Promise<void>): Promise<void> => work.catch((e: unknown) => void failures.push(e))
    // The document must not name a run that has only begun and has no file: it would be missed.
    for (const run of this.runs.values()) if (run.isYoung) await attempt(run.write())
    if (this.outline) {
      await attempt(this.writeDocument(this.outline))
      await attempt(this.writeSearch(this.outline))
    }
    for (const run of this.runs.values()) await attempt(run.write())
    if (failures.length) throw failures[0]
    return isLost
  }
  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }

  /** Nothing of what was written is there. @returns whether there is a run of which nobody here has the log */
  private startAnew(log: (id: string) => RunLog | undefined): boolean {
    this.document = ''
    this.search = ''
    this.names.clear()
    let isLost = false
    for (const [id, run] of this.runs) {
      const known = run.held ?? log(id)
      if (known) this.add(id, known)
      else {
        this.runs.delete(id)
        isLost = true
      }
    }
    return isLost
  }
  /** The search for a cure, which grows with each training: a file of its own, as the document changes more often. */
  private async writeSearch({ search }: Outline): Promise<void> {
    const text = search ? JSON.stringify(encodeNumbers(search)) : ''
    if (text === this.search) return
    const path = join(this.folder, SEARCH)
    if (search) await safeWrite(path, Buffer.from(text))
    else await rm(path, { force: true })
    this.search = text
  }
  private async writeDocument({ name, experiments, current, extra, runs }: Outline): Promise<void> {
    const files = await this.writeFiles()
    const document: JournalDocument = {
      version: PROJECT_VERSION,
      name,
      experiments,
      current,
      ...(extra && { extra }),
      path: this.path,
      ...(this.sum !== undefined && { sum: this.sum }),
      dirty: this.dirty,
      runs: runs.map(({ id, name, seconds, experiment }): RunStub => ({
        id,
        name,
        ...(seconds !== undefined && { seconds }),
        ...(experiment !== undefined && { experiment: typeof experiment === 'string' ? experiment : experiment.name })
      })),
      files
    }
    const text = JSON.stringify(encodeNumbers(document))
    if (text === this.document) return
    await safeWrite(join(this.folder, DOCUMENT), Buffer.from(text))
    this.document = text
    const used = new Set(files.map((f) => f.file))
    for (const file of await readdir(join(this.folder, FILES)).catch(() => [] as string[]))
      if (!used.has(file)) await rm(join(this.folder, FILES, file), { force: true })
  }
  private async writeFiles(): Promise<JournalDocument['files']> {
    const list: JournalDocument['files'] = []
    for (const [name, content] of Object.entries(this.files)) {
      let file = this.names.get(content)
      if (file === undefined) {
        const bytes = bytesOf(content)
        file = createHash('sha256').update(bytes).digest('hex')
        const path = join(this.folder, FILES, file)
        await mkdir(join(this.folder, FILES), { recursive: true })
        const isThere = await access(path).then(
          () => true,
          () => false
        )
        if (!isThere) await safeWrite(path, bytes)
        this.names.set(content, file)
      }
      list.push({ name, file, type: typeof content === 'string' ? 'text' : 'binary' })
    }
    for (const content of this.names.keys())
      if (!Object.values(this.files).includes(content)) this.names.delete(content)
    return list
  }
}
