import { defineAsyncComponent, h, type Component } from 'vue'

/*
 * The window opens in two steps: its shell, which can be used at once, then what stands in it, part by part. Marks of
 * the browser's own clock tell when: `usable` and `whole`.
 */

const task = (): Promise<void> => new Promise((done) => setTimeout(done))
/** Settled when the next frame is on its way to the screen. */
const frame = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))

let begin: () => void
/** Settled when the shell is on screen. */
export const shell = new Promise<void>((done) => (begin = done))
let end: () => void
/** Settled when all parts of the window are on screen that it opens with. */
export const whole = new Promise<void>((done) => (end = done))
/** Parts that are not there yet. */
let awaited = 0
let isWhole = false
/** Parts come one after the other, so that what is pressed in between is heard. */
let turn = shell

/** To be called once the shell is mounted. @returns when it has been drawn */
export async function shellMounted(): Promise<void> {
  await frame()
  performance.mark('usable')
  begin()
}
async function settle(): Promise<void> {
  await task()
  if (--awaited || isWhole) return
  await frame()
  if (awaited || isWhole) return
  isWhole = true
  performance.mark('whole')
  end()
}

/** Keeps the room of a part that is not there yet. */
const room = (): ReturnType<typeof h> => h('div')

/** What opens over the window: loaded and mounted, closed as it is, once the window is whole. */
export const afterwards = <T extends Component>(load: () => Promise<{ default: T }>): T =>
  defineAsyncComponent<T>(() => whole.then(load))

/** A part of the window that is loaded and mounted once the shell is on screen. */
export function later<T extends Component>(load: () => Promise<{ default: T }>): T {
  return defineAsyncComponent<T>({
    delay: 0,
    suspensible: false,
    loadingComponent: room,
    async loader() {
      awaited++
      try {
        await shell
        const part = await load()
        turn = turn.then(task)
        await turn
        return part
      } finally {
        void settle()
      }
    }
  })
}
