import type { Template } from './types'

export * from './types'

const modules = import.meta.glob<Template | Template[]>(['./*.ts', '!./index.ts', '!./types.ts'], {
  eager: true,
  import: 'default'
})
/** Those listed come first, in this order; the others follow by name. */
const ORDER = [
  'vanishing',
  'treated',
  'starter',
  'xavierRelu',
  'glorot',
  'healthy',
  'exploding',
  'clipped',
  'batchNorm',
  'dying',
  'plain',
  'residual',
  'selu',
  'spirals'
]
const rank = (file: string): number => (ORDER.includes(file) ? ORDER.indexOf(file) : ORDER.length)

/**
 * Every ready experiment: one file of this folder is one template, or several of a kind. The first is what the window
 * opens with.
 */
export const templates: readonly Template[] = Object.entries(modules)
  .map(([path, made]) => ({
    file: path.replace(/^.*\//, '').replace(/\.ts$/, ''),
    list: Array.isArray(made) ? made : [made]
  }))
  .sort((a, b) => rank(a.file) - rank(b.file) || (a.file < b.file ? -1 : 1))
  .flatMap(({ file, list }) => {
    for (const t of list)
      if (list.length > 1 ? !t.id.startsWith(`${file}-`) : t.id !== file)
        throw new Error(
          `templates: ${file}.ts must export an entry with the id "${file}", or several with ids "${file}-…"`
        )
    return list
  })
/** A ready experiment by id. @throws Error naming the known ids when there is no such template */
export function template(id: string): Template {
  const t = templates.find((x) => x.id === id)
  if (!t) throw new Error(`"${id}" is not one of the templates: ${templates.map((x) => x.id).join(', ')}`)
  return t
}
