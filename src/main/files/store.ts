import { readFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import * as v from 'valibot'
import { log } from '../log'
import { safeWrite } from './safeWrite'

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
    let raw: string
    try {
      raw = readFileSync(path, 'utf8')
    } catch {
      return
    }
    try {
      this.value = v.parse(schema, JSON.parse(raw))
    } catch (error) {
      log('warn', `${path} cannot be read and is put aside:`, (error as Error).message)
      void rename(path, `${path}.bad`).catch(() => {})
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
