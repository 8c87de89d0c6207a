/** System packages. On Debian and Ubuntu root installs them; anybody else is shown the exact command. */
import { SetupError } from './report.mjs'
import { run, runs } from './run.mjs'
import { isRoot } from './paths.mjs'

const APT = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120']

/**
 * The entries of `wanted` (each a name, or alternatives `a|b`) of which nothing is installed; null where there is no
 * dpkg.
 */
export async function missingPackages(wanted, query = dpkgQuery) {
  const installed = await query(wanted.flatMap((entry) => entry.split('|')))
  return installed && wanted.filter((entry) => !entry.split('|').some((name) => installed.has(name)))
}

async function dpkgQuery(names) {
  // dpkg-query fails when one of the names is unknown, and still lists the others.
  // An error without output: there is no such command.
  const list = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names]).catch(
    (error) => error.output ?? null
  )
  return list === null
    ? null
    : new Set(
        list
          .split('\n')
          .filter((l) => l.endsWith(' installed'))
          .map((l) => l.split(' ')[0])
      )
}

/**
 * Installs system packages.
 * @param {{ optional?: boolean, root?: boolean, query?: typeof dpkgQuery }} [options] a missing optional package gives
 * a note instead of an error
 */
export async function ensurePackages(
  step,
  wanted,
  report,
  { optional = false, root = isRoot(), query = dpkgQuery } = {}
) {
  const missing = await missingPackages(wanted, query)
  if (!missing?.length) return
  const command = (names) => `apt-get install -y --no-install-recommends ${names.join(' ')}`
  const give = (cause) => {
    const names = missing.map((entry) => entry.split('|')[0])
    const advice = `run this, then start again:\nsudo ${command(names)}`
    if (!optional) throw new SetupError(step, cause, advice)
    report.warn(step, `${cause}; to add: sudo ${command(names)}`)
  }
  if (!root || !(await runs('apt-get'))) return give(`not installed, and only root may: ${missing.join(', ')}`)
  const progress = report.progress(step, `installing ${missing.length} packages`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = async () => {
    const names = await Promise.all(missing.map(pickAlternative))
    await run('apt-get', ['install', ...APT, ...names], { env, onLine: (line) => progress.update(line.slice(0, 60)) })
    return names
  }
  try {
    // The package lists of a fresh machine are empty or old. They are refreshed when the first attempt fails.
    const names = await install().catch(async () => {
      await run('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=120'], {
        env,
        onLine: (line) => progress.update(line.slice(0, 60))
      })
      return install()
    })
    report.step(step, `installed ${names.join(' ')}`)
  } catch (error) {
    give(error.message)
  } finally {
    progress.end()
  }
}

async function pickAlternative(entry) {
  const names = entry.split('|')
  for (const name of names.slice(1)) {
    const policy = await run('apt-cache', ['policy', name]).catch(() => '')
    if (/Candidate: (?!\(none\))/.test(policy)) return name
  }
  return names[0]
}
