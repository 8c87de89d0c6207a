/** Which npm packages the built app needs beside its bundles, and which files of them. */
// cspell:ignore licen
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/**
 * Folders of packages and of all they depend on, as Node would find them.
 * @param {string[]} names
 * @param {string} root whose node_modules are looked in
 * @returns {string[]} relative to `root`, with slashes, sorted
 */
export function closure(names, root) {
  const found = new Set()
  const visit = (name, from, optional) => {
    const folder = find(name, from, root)
    if (!folder) {
      if (optional) return
      throw new Error(`${name} is not installed, and ${relative(root, from) || 'the app'} needs it`)
    }
    if (found.has(folder)) return
    found.add(folder)
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8')
    )
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies }))
      visit(next, folder, next in optionalDependencies)
  }
  for (const name of names) visit(name, root, false)
  return [...found].map((folder) => relative(root, folder).split(sep).join('/')).sort()
}

function find(name, from, root) {
  for (let dir = from; ; dir = dirname(dir)) {
    const folder = join(dir, 'node_modules', name)
    if (existsSync(join(folder, 'package.json'))) return folder
    if (dir === root || dir === dirname(dir)) return undefined
  }
}

/** What nothing reads at run time: types, maps, documents, hidden files. */
const SUPERFLUOUS = /\.(map|ts|flow|md|markdown)$|\/\.[^/]+$/
const LICENCE = /\/(licence|license|copying|notice|third_party)[^/]*$/i
/** Of the many builds that each package of TensorFlow.js holds, the one for Node. */
const NODE_BUILD = /^(package\.json|dist\/[^/]+\.node\.js)$/
/** Native decoders that the queue's library does without, in builds for musl too, which no other file asks for. */
const DISPENSABLE = /^node_modules\/(@msgpackr-extract\/|msgpackr-extract\/|bullmq\/dist\/esm\/)/
const BINDING = /^(package\.json|dist\/.*(?<!_test)\.js|lib\/.*)$/

/** Whether a file of node_modules goes into the package. @param {string} path with slashes */
export function wantedFile(path) {
  if (DISPENSABLE.test(path)) return false
  if (LICENCE.test(path)) return true
  const [, name, file] = /^node_modules\/@tensorflow\/([^/]+)\/(.*)$/.exec(path) ?? []
  if (name) return (name === 'tfjs-node' ? BINDING : NODE_BUILD).test(file)
  return !SUPERFLUOUS.test(path)
}
