/** The steps of a release: what must hold before it, and what it writes. `scripts/release.mjs` is the command. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { collect } from './child.mjs'

/** A release that must not happen; the message says why and what to do. */
export class ReleaseError extends Error {
  name = 'ReleaseError'
}

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/
const UNRELEASED = '## [Unreleased]'

/**
 * Compares two versions of the form X.Y.Z.
 * @returns {number} negative when `a` is the lower one, 0 when they are equal, positive when `a` is the higher one
 */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  for (let i = 0; i < 3; i++) if (left[i] !== right[i]) return left[i] - right[i]
  return 0
}

/**
 * Turns the notes under "Unreleased" into those of a version and leaves an empty "Unreleased" above them.
 * @param {string} changelog text in the form of Keep a Changelog
 * @param {string} version X.Y.Z
 * @param {string} date YYYY-MM-DD
 * @throws {ReleaseError} when there is no such heading, or nothing under it
 */
export function releaseNotes(changelog, version, date) {
  const start = changelog.indexOf(UNRELEASED)
  if (start < 0) throw new ReleaseError(`CHANGELOG.md has no heading "${UNRELEASED}".`)
  const rest = changelog.slice(start + UNRELEASED.length)
  const end = rest.search(/^## /m)
  const notes = (end < 0 ? rest : rest.slice(0, end)).trim()
  if (!/^- /m.test(notes))
    throw new ReleaseError('CHANGELOG.md has no notes under "Unreleased". Say what changed for a user first.')
  const after = end < 0 ? '' : `\n${rest.slice(end)}`
  return `${changelog.slice(0, start)}${UNRELEASED}\n\n## [${version}] - ${date}\n\n${notes}\n${after}`
}

/** CITATION.cff with another version and date. */
export const citationOf = (text, version, date) =>
  text.replace(/^version: .*$/m, `version: ${version}`).replace(/^date-released: .*$/m, `date-released: '${date}'`)

/**
 * Makes a release: checks, then one commit with version, changelog, citation and the fields of new entries, then an
 * annotated tag. Nothing is pushed.
 * @param {string} root the checkout
 * @param {string} version X.Y.Z
 * @param {object} options
 * @param {() => Promise<number>} options.test runs the whole test suite; 0 means that it passed
 * @param {() => Promise<number>} options.record takes down the fields of new registry entries; 0 means that it did
 * @param {string} options.date YYYY-MM-DD
 * @returns {Promise<string>} the tag
 * @throws {ReleaseError} before anything is written, when a check fails
 */
export async function release(root, version, { test, record, date }) {
  const git = async (...args) => {
    const { code, text } = await collect('git', args, { cwd: root })
    if (code !== 0) throw new ReleaseError(`git ${args[0]} failed:\n${text.trim()}`)
    return text.trim()
  }
  const read = (name) => readFile(join(root, name), 'utf8')
  const checkTree = async () => {
    if (await git('status', '--porcelain'))
      throw new ReleaseError('The working tree has changes. Commit or stash them first.')
  }

  if (!VERSION.test(version)) throw new ReleaseError(`"${version}" is not a version of the form X.Y.Z.`)
  const branch = await git('rev-parse', '--abbrev-ref', 'HEAD')
  if (branch !== 'main') throw new ReleaseError(`Releases are made on main, and this is ${branch}.`)
  await checkTree()
  const pack = JSON.parse(await read('package.json'))
  if (compareVersions(version, pack.version) <= 0)
    throw new ReleaseError(`${version} is not higher than ${pack.version}, the version in package.json.`)
  const tag = `v${version}`
  if (await git('tag', '--list', tag)) throw new ReleaseError(`The tag ${tag} exists already.`)
  const changelog = releaseNotes(await read('CHANGELOG.md'), version, date)

  const head = await git('rev-parse', 'HEAD')
  if ((await test()) !== 0) throw new ReleaseError('The tests failed, so there is no release.')
  // The tests take minutes: what they tested must be what is released.
  await checkTree()
  if ((await git('rev-parse', 'HEAD')) !== head)
    throw new ReleaseError('There are new commits since the tests began. Start again.')

  if ((await record()) !== 0) throw new ReleaseError('The fields of the registry entries could not be taken down.')
  const lock = JSON.parse(await read('package-lock.json'))
  lock.version = lock.packages[''].version = pack.version = version
  const files = {
    'package.json': `${JSON.stringify(pack, null, 2)}\n`,
    'package-lock.json': `${JSON.stringify(lock, null, 2)}\n`,
    'CHANGELOG.md': changelog,
    'CITATION.cff': citationOf(await read('CITATION.cff'), version, date)
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
  await git('add', '--all')
  await git(
    'commit',
    '--message',
    `Release ${version}`,
    '--message',
    'Version, changelog and citation move together, so that each names the code that the tag points at.'
  )
  await git('tag', '--annotate', tag, '--message', `Gradient Clinic ${version}`)
  return tag
}
