/** Puts all that a part of the window needs at once into one file: each file costs a way through main. */
import { join } from 'node:path'
import { ROOT } from '../setup/paths.mjs'

/**
 * Groups of modules by what imports them, other than by `import()`. A module is in the first part that needs it.
 * @param {Record<string, string[]>} parts name → modules, below src/renderer
 * @returns {{ plugin: import('vite').Plugin, groups: { name: string, test: (id: string) => boolean, priority: number
 *   }[] }}
 */
export function chunksOf(parts) {
  /** @type {Map<string, string>} */
  const partOf = new Map()
  const names = Object.keys(parts)
  return {
    plugin: {
      name: 'chunks',
      buildEnd() {
        partOf.clear()
        for (const [name, entries] of Object.entries(parts)) {
          const queue = entries.map((path) => join(ROOT, 'src/renderer', path))
          for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
            const info = this.getModuleInfo(id)
            if (partOf.has(id) || !info) continue
            partOf.set(id, name)
            queue.push(...info.importedIds)
          }
        }
      }
    },
    groups: names.map((name, i) => ({
      name,
      priority: names.length - i,
      test: (id) => partOf.get(id) === name
    }))
  }
}
