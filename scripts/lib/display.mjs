/** A virtual display for machines without one. */
import { spawn } from 'node:child_process'
import { hasDisplay } from '../setup/paths.mjs'

/**
 * Starts Xvfb on a free display number and waits until it takes clients.
 * @returns {Promise<{ display: string, stop: () => void }>}
 * @throws if Xvfb cannot be started
 */
function startXvfb(size = '1600x1000x24') {
  return new Promise((resolve, reject) => {
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe']
    })
    const stop = () => child.kill()
    let said = ''
    child.stderr.on('data', (chunk) => (said += chunk))
    child.on('error', (error) => reject(new Error(`Xvfb could not be started: ${error.message}`)))
    child.on('exit', (code) => {
      process.off('exit', stop)
      reject(new Error(`Xvfb ended with ${code}: ${said.trim()}`))
    })
    // Xvfb writes its number once it accepts clients.
    child.stdio[3].on('data', (chunk) => {
      process.on('exit', stop)
      child.unref()
      child.stderr.unref()
      child.stdio[3].unref()
      resolve({ display: `:${String(chunk).trim()}`, stop })
    })
  })
}

/**
 * Virtual displays for programs that run at the same time: `process.env.CLINIC_DISPLAYS` names them, and
 * `process.env.DISPLAY` the first. A real display is used alone. The returned function undoes it.
 * @param {number} count
 */
export async function ensureDisplays(count) {
  if (hasDisplay()) return () => {}
  const all = await Promise.all(Array.from({ length: count }, () => startXvfb()))
  process.env.DISPLAY = all[0].display
  process.env.CLINIC_DISPLAYS = all.map(({ display }) => display).join(' ')
  return () => {
    delete process.env.DISPLAY
    delete process.env.CLINIC_DISPLAYS
    for (const { stop } of all) stop()
  }
}

/** Makes `process.env.DISPLAY` usable; the returned function undoes it. */
export async function ensureDisplay() {
  if (hasDisplay()) return () => {}
  const { display, stop } = await startXvfb()
  process.env.DISPLAY = display
  return () => {
    delete process.env.DISPLAY
    stop()
  }
}
