import { lstatSync, readFileSync, statSync } from 'node:fs'
import * as v from 'valibot'
import { putAside } from '../folders'
import { log } from '../log'
import { safeWrite } from './safeWrite'

/** Bytes; a file that is larger is none of the app's own, and reading it would hold up the start. */
const MOST = 4_000_000

/** A small JSON file of the app's own: read once, written some moments after each change. */
export class Store<T> {
  private value: T
  private timer: ReturnType<typeof setTimeout> | undefined
  private writing: Promise<void> = Promise.resolve()

  constructor(
    private readonly path: string,
    private readonly schema: v.GenericSchema<unknown, T>,
    fallback: T,
    private readonly delay = 300
  ) {
    this.value = fallback
    if (!lstatSync(path, { throwIfNoEntry: false })) return
    try {
      const found = statSync(path)
      // Opening a pipe would wait for somebody who writes into it.
      if (!found.isFile()) throw new Error('it is no file')
      if (found.size > MOST) throw new Error(`it has ${found.size} bytes, which is more than ${MOST}`)
      this.value = v.parse(schema, JSON.parse(readFileSync(path, 'utf8')))
    } catch (error) {
      log('warn', `${path} cannot be read and is put aside:`, (error as Error).message)
      this.putAside()
    }
  }
  /** What can't be put aside stays; then what is set is kept for this session alone, and the log says so. */
  private putAside(): void {
    try {
      putAside(this.path)
    } catch (error) {
      log('warn', `${this.path} stays:`, (error as Error).message)
    }
  }
  get(): T {
    return this.value
  }
  set(value: T): T {
    this.value = v.parse(this.schema, value)
    this.timer ??= setTimeout(() => void this.flush(), this.delay)
    return this.value
  }
  /** Writes what is waiting to be written. */
  flush(): Promise<void> {
    if (this.timer) {
      clearTimeout(this.timer)
      this.timer = undefined
      const bytes = Buffer.from(JSON.stringify(this.value, null, 2))
      this.writing = this.writing
        .then(() => safeWrite(this.path, bytes))
        .catch((error: unknown) => log('error', (error as Error).message))
    }
    return this.writing
  }
}
