/** Files of src/ that import one another in a circle, types included: none can be understood without the rest. */
import { readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'

/** Names that stand for folders of src/, as in tsconfig. */
const ALIASES = { '@shared/': 'src/shared/', '@/': 'src/renderer/' }
const ENDINGS = ['', '.ts', '.mjs', '/index.ts']
/** `import … from`, `export … from` and a bare `import`. What is loaded when it is needed closes no circle. */
const IMPORT = /^[ \t]*(?:import|export)\b(?:[^'"`;()]*?\bfrom)?\s*'([^']+)'/gm
/** A form holds fields, and the field of a choice a form for what is chosen: a form is as deep as its values. */
const KNOWN = [['src/renderer/features/edit/params/ParamField.vue', 'src/renderer/features/edit/params/ParamForm.vue']]

/** The file that an import names, of those there are; undefined for a package. */
function named(file, source, all) {
  const alias = Object.keys(ALIASES).find((name) => source.startsWith(name))
  if (!alias && !source.startsWith('.')) return undefined
  const path = alias ? ALIASES[alias] + source.slice(alias.length) : join(dirname(file), source)
  return ENDINGS.map((end) => normalize(path + end)).find((path) => all.has(path))
}

/**
 * Circles of files, found as strongly connected components (Tarjan 1972).
 * @param {string} root of the checkout
 * @param {string[]} files paths from there; those outside src/ are left out
 * @returns {Promise<string[][]>} each sorted
 */
async function circlesIn(root, files) {
  const all = new Set(files.filter((file) => /^src\/.*\.(ts|vue|mjs)$/.test(file)))
  const imports = new Map()
  for (const file of all) {
    const text = await readFile(join(root, file), 'utf8')
    const found = [...text.matchAll(IMPORT)].map((match) => named(file, match[1], all))
    imports.set(file, new Set(found.filter((target) => target && target !== file)))
  }
  const order = new Map()
  const lowest = new Map()
  const open = []
  const circles = []
  const visit = (file) => {
    order.set(file, order.size)
    lowest.set(file, order.get(file))
    open.push(file)
    for (const target of imports.get(file)) {
      if (!order.has(target)) visit(target)
      if (open.includes(target)) lowest.set(file, Math.min(lowest.get(file), lowest.get(target)))
    }
    if (lowest.get(file) !== order.get(file)) return
    const circle = open.splice(open.indexOf(file)).sort()
    if (circle.length > 1) circles.push(circle)
  }
  for (const file of all) if (!order.has(file)) visit(file)
  return circles
}

/** A line for each circle but those that are meant. @returns {Promise<string>} */
export async function toldCircles(root, files) {
  const known = new Set(KNOWN.map(String))
  const circles = await circlesIn(root, files)
  return circles
    .filter((circle) => !known.has(String(circle)))
    .map((circle) => `${circle.length} files import one another: ${circle.join(', ')}`)
    .join('\n')
}
