/**
 * Run by `check.mjs` as root of a bare system without a network: installs a package, uses it as an ordinary user,
 * removes it, and looks for what it left.
 */
// cspell:ignore nodeps windowactivate getwindowname rbind userspec
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  DEBUG,
  HOME,
  asUser,
  openPage,
  press,
  processes,
  startAsUser,
  startScreen,
  type,
  until,
  windowOf
} from './window.mjs'

const [kind, file] = process.argv.slice(2)
const sh = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const folder = kind === 'tar' ? join(HOME, file.replace(/\.tar\.zst$/, '')) : '/opt/gradient-clinic'
const program = kind === 'tar' ? join(folder, 'gradient-clinic') : 'gradient-clinic'
const command = kind === 'tar' ? join(folder, 'clinic') : 'clinic'
const KINDS = {
  deb: { install: () => sh('dpkg', '-i', `/check/${file}`), remove: () => sh('dpkg', '-P', 'gradient-clinic') },
  rpm: {
    install() {
      missingSonames()
      // The libraries are there, from Debian's packages, which RPM does not know of.
      sh('rpm', '-i', '--nodeps', `/check/${file}`)
    },
    remove: () => sh('rpm', '-e', '--nodeps', 'gradient-clinic')
  },
  tar: { install: () => asUser('tar', '-xf', `/check/${file}`), remove: () => rmSync(folder, { recursive: true }) }
}
const saved = join(HOME, 'grad 作业.gclinic')

let failed = 0
async function step(what, work) {
  try {
    const seen = await work()
    console.log(`  ok    ${what}${seen ? `: ${seen}` : ''}`)
  } catch (error) {
    failed++
    console.log(`  FAILS ${what}: ${[error.message, error.stderr].filter(Boolean).join('\n').trim()}`)
  }
}
const hold = (what, so) => {
  if (!so) throw new Error(what)
}

/** The package manager's own notes, and what is no part of the system. */
const OTHER = /^\/(proc|dev|sys|tmp|run|check|home|root|var\/(lib\/(dpkg|rpm|apt)|log|cache))(\/|$)/
/** Every file with its kind, mode and content (its size where it is large). */
function listing() {
  const found = new Map()
  const visit = (dir) => {
    for (const name of readdirSync(dir)) {
      const path = join(dir, name)
      if (OTHER.test(path)) continue
      const info = lstatSync(path)
      const content =
        info.isFile() && info.size < 1e6 ? createHash('sha1').update(readFileSync(path)).digest('hex') : ''
      found.set(path, `${info.mode.toString(8)} ${info.isFile() ? info.size : ''} ${content}`)
      if (info.isDirectory()) visit(path)
    }
  }
  visit('/')
  return found
}

/** Every library that the RPM requires by its soname is one that the loader finds. */
function missingSonames() {
  const loader = sh('ldconfig', '-p')
  const required = sh('rpm', '-qpR', `/check/${file}`).match(/^lib[^()]+(?=\()/gm)
  const missing = required.filter((name) => !loader.includes(`\t${name} `))
  hold(`required and not there: ${missing.join(', ')}`, !missing.length && required.length > 20)
}

/** No process without Chromium's sandbox; each page in namespaces of its own, with system calls filtered. */
function sandboxed(way) {
  const all = processes().filter(({ args }) => args.includes(folder) || args.startsWith(program))
  const main = all.find(({ args }) => !args.includes('--type='))
  const pages = all.filter(({ args }) => args.includes('--type=renderer'))
  hold(`${pages.length} pages of ${all.length} processes`, main && pages.length)
  for (const { args, uid, seccomp, namespaces } of pages) {
    hold(`uid ${uid}, seccomp ${seccomp}`, uid >= 1000 && seccomp === 2)
    hold('the page shares the processes of the system', namespaces.pid !== main.namespaces.pid)
    const own = namespaces.user !== main.namespaces.user
    hold(`the sandbox is ${own ? 'of user namespaces' : "the helper's"}`, own === (way === 'namespaces'))
    hold('--no-sandbox', !args.includes('--no-sandbox'))
  }
  hold('--no-sandbox', !all.some(({ args }) => args.includes('--no-sandbox')))
  return `${all.length} processes, none without; pages: seccomp filter, own processes, ${way === 'namespaces' ? 'own user namespace' : 'by chrome-sandbox'}`
}

const button = (id) => `document.querySelector('[data-testid="${id}"]')`
async function end(child) {
  child.kill('SIGTERM')
  await until('the program ends', () => child.exitCode !== null || child.signalCode !== null, 20)
  await until('its processes end', () => !processes().some(({ args }) => args.includes(folder)), 20)
}
async function endAll() {
  const ours = () =>
    processes().filter(({ args, uid }) => uid >= 1000 && (args.includes(folder) || args.startsWith(program)))
  for (const { pid, args } of ours()) if (!args.includes('--type=')) process.kill(pid, 'SIGTERM')
  await until('its processes end', () => !ours().length, 20)
}
const shoot = (name) => sh('sh', '-c', `DISPLAY=:7 xwd -root -silent -out /check/${name}.xwd`)

async function trainAndSave() {
  const child = startAsUser(program, DEBUG)
  try {
    const page = await openPage().catch((error) => {
      throw new Error(`${error.message}\n${child.said.slice(-2000)}`)
    })
    await step('the window is there, with the sandbox on, for an ordinary user', () => sandboxed('namespaces'))
    await step('it trains', async () => {
      await until('there is a Train button', () => page.evaluate(`!!${button('train')}`))
      await page.evaluate(`${button('train')}.click()`)
      const state = () => page.evaluate(`${button('status-line')}.dataset.state`)
      await until('the run has finished', async () => (await state()) === 'finished', 180)
      await page.shoot('/check/trained.png')
      return page.evaluate(`${button('status-line')}.innerText.replace(/\\s+/g, ' ')`)
    })
    await step('it saves, through the system dialog', async () => {
      const window = await windowOf('Gradient Clinic')
      asUser('xdotool', 'windowactivate', '--sync', window)
      press('ctrl+s')
      await until('the dialog has the focus', () => asUser('xdotool', 'getactivewindow').trim() !== window)
      // It lists its folder before it takes a name.
      await new Promise((resolve) => setTimeout(resolve, 1500))
      shoot('dialog')
      press('ctrl+a')
      type(saved)
      press('Return')
      const { size } = await until(`${saved} is there`, () => statSync(saved), 30).catch((error) => {
        shoot('unsaved')
        throw new Error(`${error.message}; there is ${readdirSync(HOME).join(', ')}`)
      })
      hold(`it has ${size} bytes`, size > 20_000)
      return `${saved}, ${size} bytes`
    })
    page.close()
  } finally {
    await end(child)
  }
}

const opener = kind === 'tar' ? [program, saved] : ['gio', 'open', saved]
const main = () =>
  processes().find(
    ({ args, uid }) => uid >= 1000 && args.includes(saved) && args.includes('clinic') && !args.includes('--type=')
  )
/** With no window open, the program starts; its title names the project. */
async function doubleClick() {
  startAsUser(...opener)
  try {
    const window = await windowOf('.+ – Gradient Clinic')
    const started = await until('the program that was started', main, 10)
    // Pages are painted some time after the window is there.
    await new Promise((resolve) => setTimeout(resolve, 4000))
    shoot('opened')
    const title = asUser('xdotool', 'getwindowname', window).trim()
    return `${started.args.split(' ')[0]} shows "${title}"`
  } finally {
    await endAll()
  }
}

/** With a window open, that one shows the file, with its run. */
async function handOver() {
  const child = startAsUser(program, DEBUG)
  try {
    const page = await openPage()
    const state = () => page.evaluate(`${button('status-line')}?.dataset.state`)
    await until('the empty window', async () => (await state()) === 'none')
    startAsUser(...opener)
    await until('the run of the file', async () => (await state()) === 'finished')
    await page.shoot('/check/handed.png')
    const text = await page.evaluate(`${button('status-line')}.innerText.replace(/\\s+/g, ' ')`)
    page.close()
    return text
  } finally {
    await end(child)
  }
}

/** In a chroot the kernel allows no user namespaces, as some systems forbid them to ordinary users. */
async function helperSandbox() {
  mkdirSync('/mnt/again')
  sh('mount', '--rbind', '/', '/mnt/again')
  const inner = ['--userspec=tester:tester', '/mnt/again', 'env', `HOME=${HOME}`, 'DISPLAY=:7', program, DEBUG]
  const child = spawn('chroot', inner, { stdio: 'ignore' })
  try {
    const page = await openPage()
    const seen = sandboxed('helper')
    page.close()
    return seen
  } finally {
    try {
      await end(child)
    } finally {
      sh('umount', '-R', '-l', '/mnt/again')
      rmSync('/mnt/again', { recursive: true })
    }
  }
}

sh('ip', 'link', 'set', 'lo', 'up')
if (kind === 'rpm') sh('rpm', '--initdb')
const before = listing()
await step('installed', () => void KINDS[kind].install())
if (kind !== 'tar') {
  await step('chrome-sandbox', () => {
    const { mode, uid } = statSync(`${folder}/chrome-sandbox`)
    hold(`mode ${mode.toString(8)}, owner ${uid}`, (mode & 0o7777) === 0o4755 && uid === 0)
    return '4755, of root'
  })
  await step('desktop entry', () => sh('desktop-file-validate', '/usr/share/applications/gradient-clinic.desktop'))
  await step('AppArmor', () => {
    const there = readdirSync('/etc/apparmor.d').includes('gradient-clinic')
    const version = /version ([\d.]+)/.exec(sh('apparmor_parser', '--version'))[1]
    hold(`${version}, and the profile is ${there ? '' : 'not '}there`, there === Number(version.split('.')[0]) >= 4)
    return `${version}: ${there ? 'the profile is there' : 'knows no user namespaces, so no profile'}`
  })
}
await step('the command line trains, without npm and without a Node of the system', () => {
  const experiment = {
    name: 'Ten',
    data: { dataset: 'circles' },
    network: { nodes: [{ id: 'output', kind: 'dense', params: { units: 1, activation: 'linear' } }] },
    training: { steps: 20, loss: 'sigmoidCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.1 } }
  }
  writeFileSync(join(HOME, 'ten.json'), JSON.stringify(experiment))
  asUser(command, 'run', 'ten.json', '--out', 'results', '--quiet')
  return readdirSync(join(HOME, 'results')).join(' ')
})
await startScreen()
await step('the window', trainAndSave)
if (kind !== 'tar')
  await step('a project has a type of its own', () => {
    const [, found] = /content-type: (\S+)/.exec(asUser('gio', 'info', '-a', 'standard::content-type', saved))
    hold(found, found === 'application/x-gradient-clinic')
    return found
  })
const how = kind === 'tar' ? 'by its path' : 'by what a double click runs'
await step(`opened again ${how}`, doubleClick)
await step(`opened ${how} in the window that is open`, handOver)
if (kind !== 'tar') await step('without user namespaces the helper makes the sandbox', helperSandbox)
await step('removed', () => void KINDS[kind].remove())
await step('it leaves nothing', () => {
  const after = listing()
  const left = [...after].filter(([path, what]) => before.get(path) !== what).map(([path]) => path)
  const lost = [...before.keys()].filter((path) => !after.has(path))
  // A parent folder's own entry changes with nothing but its time, which is not looked at.
  hold(`new or changed: ${left.join(' ')}; lost: ${lost.join(' ')}`, !left.length && !lost.length)
  return `${after.size} files and folders as before`
})
process.exit(failed ? 1 : 0)
