import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer, Ask } from './work'

const ROOT = process.cwd()
/** What an answer hangs on. */
const SOURCES = ['src/shared', 'src/trainer', 'tests/corpus', 'bench/parts/cure/work.ts']

function filesOf(path: string): string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path]
  return readdirSync(join(ROOT, path)).flatMap((name) => filesOf(`${path}/${name}`))
}

/** Answers of earlier runs of the bench, so that it can be run in pieces; those of other sources are not among them. */
export class Kept {
  private readonly folder: string
  private readonly stamp: string

  constructor(folder: string) {
    this.folder = join(folder, 'answers')
    mkdirSync(this.folder, { recursive: true })
    const hash = createHash('sha256')
    for (const file of SOURCES.flatMap(filesOf).sort()) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)))
    this.stamp = hash.digest('hex').slice(0, 16)
  }
  private file({ id, seeds, fresh }: Ask): string {
    return join(this.folder, `${this.stamp}-${id.replaceAll('/', '-')}-${seeds}-${fresh}.json`)
  }
  find(ask: Ask): Answer | undefined {
    try {
      return JSON.parse(readFileSync(this.file(ask), 'utf8')) as Answer
    } catch {
      return undefined
    }
  }
  keep(ask: Ask, answer: Answer): void {
    if (!answer.failure) writeFileSync(this.file(ask), JSON.stringify(answer))
  }
}
