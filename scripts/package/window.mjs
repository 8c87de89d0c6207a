/** A window of an installed program: its page over Chromium's debugging port, its keys over X. Node's parts alone. */
// cspell:ignore reuid regid getdisplaygeometry onlyvisible clearmodifiers cmdline
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'

const PORT = 9222
const DISPLAY = ':7'
export const HOME = '/home/tester'

/** Runs a command as the ordinary user. @returns its output */
export const asUser = (command, ...args) =>
  execFileSync('setpriv', [...USER, command, ...args], {
    env: ENV,
    cwd: HOME,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe']
  })
const USER = ['--reuid=tester', '--regid=tester', '--init-groups']
const ENV = {
  PATH: '/usr/bin:/bin',
  HOME,
  USER: 'tester',
  DISPLAY,
  LC_ALL: 'C.UTF-8',
  // A desktop, for what opens files by their type.
  XDG_CURRENT_DESKTOP: 'X-Generic'
}

export async function until(what, look, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((r) => setTimeout(r, 200))) {
    try {
      const seen = await look()
      if (seen) return seen
    } catch {
      // Not yet.
    }
  }
  throw new Error(`not within ${seconds} s: ${what}`)
}

/** A virtual screen with a window manager. */
export async function startScreen() {
  spawn('Xvfb', [DISPLAY, '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], { stdio: 'ignore' })
  await until('the screen takes clients', () => asUser('xdotool', 'getdisplaygeometry'))
  spawn('setpriv', [...USER, 'openbox'], { env: ENV, stdio: 'ignore' })
}

/** Starts a program as the ordinary user. @returns the process, with what it has said */
export function startAsUser(command, ...args) {
  const child = spawn('setpriv', [...USER, command, ...args], {
    env: ENV,
    cwd: HOME,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  child.said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (child.said += chunk))
  return child
}
export const DEBUG = `--remote-debugging-port=${PORT}`

/** The page of the window. */
export async function openPage() {
  const target = await until('the window shows its page', async () => {
    const targets = await (await fetch(`http://127.0.0.1:${PORT}/json`)).json()
    return targets.find(({ type, url }) => type === 'page' && url.startsWith('app://'))
  })
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('the debugging port refuses'))
  })
  const waiting = new Map()
  let id = 0
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data)
    waiting.get(message.id)?.(message)
  }
  const send = (method, params = {}) =>
    new Promise((resolve) => {
      waiting.set(++id, ({ result }) => resolve(result))
      socket.send(JSON.stringify({ id, method, params }))
    })
  const evaluate = async (expression) =>
    (await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result.value
  return {
    evaluate,
    async shoot(path) {
      const { data } = await send('Page.captureScreenshot')
      writeFileSync(path, Buffer.from(data, 'base64'))
    },
    close: () => socket.close()
  }
}

/** The window whose title matches. @returns its X id */
export const windowOf = (title) =>
  until(
    `a window "${title}"`,
    () => asUser('xdotool', 'search', '--onlyvisible', '--name', title).trim().split('\n')[0]
  )
export const press = (...keys) => asUser('xdotool', 'key', '--clearmodifiers', ...keys)
/** Characters that no key has are typed by giving a key another meaning, of which a busy program hears late. */
export const type = (text) => asUser('xdotool', 'type', '--delay', '150', text)

/** All processes of the user. */
export function processes() {
  const found = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      found.push({
        pid: Number(pid),
        // Chromium writes the title of a process over its arguments, parted by blanks.
        args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
        uid: Number(/^Uid:\s+(\d+)/m.exec(status)[1]),
        seccomp: Number(/^Seccomp:\s+(\d+)/m.exec(status)[1]),
        namespaces: Object.fromEntries(['user', 'pid', 'net'].map((ns) => [ns, readlinkSync(`/proc/${pid}/ns/${ns}`)]))
      })
    } catch {
      // It has ended in the meantime.
    }
  }
  return found
}
