import { sameWord } from '../../base/nearest'
import { isObject } from '../../base/objects'
import type { Fields } from '../../base/params'
import type { Text } from '../../base/text'
import { datasets } from '../../catalog/datasets'
import { layers } from '../../catalog/layers'
import { optimizers } from '../../catalog/optimizers'
import { schedules } from '../../catalog/schedules'

/** What an experiment holds: its own fields by the path of the part that they stand in. */
export const PARTS = {
  '': ['format', 'version', 'name', 'seed', 'data', 'network', 'training', 'record', 'remedies', 'weights', 'entries'],
  data: ['dataset', 'validation', 'standardize', 'examples'],
  network: ['nodes', 'layout'],
  training: ['steps', 'batchSize', 'loss', 'optimizer', 'schedule', 'hooks', 'classWeights'],
  record: ['every', 'evaluateEvery', 'keepEvery']
} as const
type Part = keyof typeof PARTS

const fieldsOf = (entries: readonly { fields: Fields }[]): string[] => [
  ...new Set(entries.flatMap((e) => Object.keys(e.fields)))
]
/** Fields of choices, by the path of the choice. */
const choices = (): [path: string, keys: readonly string[]][] => [
  ['training.optimizer', fieldsOf(optimizers.all)],
  ['data.dataset', fieldsOf(datasets.all)],
  ['training.schedule', fieldsOf(schedules.all)]
]
/** Where people put the layers, and what connects them. */
const LAYERS = ['model', 'layers', 'architecture']
const EDGES = ['edges', 'connections', 'links', 'wires']

const into = (path: string, name: string): Text => ({
  en: `it belongs into ${path ? `"${path}"` : 'the top of the file'}${name ? `, as "${name}"` : ''}`,
  zh: `它属于${path ? `“${path}”` : '文件顶层'}${name ? `，名称为“${name}”` : ''}`
})
/** How deep an experiment is looked for within a field. */
const DEEP = 3
/** Whether a value is an experiment, or holds one. */
function isWhole(value: unknown, deep = DEEP): boolean {
  if (!isObject(value) || !deep) return false
  const parts = ['data', 'network', 'training'].filter((k) => isObject(value[k]))
  return parts.length > 1 || Object.values(value).some((v) => isWhole(v, deep - 1))
}
/**
 * Where a field belongs that is not known in a part of an experiment, and is in another; undefined of others.
 * @param part its path: '' for the top @param key as written @param value what it holds
 */
export function placeOf(part: Part, key: string, value?: unknown): Text | undefined {
  const word = key.toLowerCase()
  if (part === '' && /^experiments?$/.test(word))
    return {
      en: 'a file holds one experiment: write what stands in it at the top',
      zh: '一个文件只含一个实验：请将其中内容写在顶层'
    }
  if (part === '' && isWhole(value))
    return {
      en: 'an experiment stands within it: write what it holds at the top',
      zh: '其中有一个实验：请将其内容写在顶层'
    }
  if (part === '' && LAYERS.includes(word)) return into('network', 'nodes')
  if (part !== 'record' && EDGES.includes(word))
    return {
      en: 'each layer names those that it reads, as in "inputs": ["h1"]',
      zh: '每一层在 "inputs": ["h1"] 中写明它读取的层'
    }
  for (const [path, keys] of [...Object.entries(PARTS), ...choices()] as [string, readonly string[]][]) {
    const found = sameWord(key, keys)
    if (found === undefined) continue
    // What this part knows by a like name is told by that name.
    if (path === part) return undefined
    if (path !== '' || found !== 'name') return into(path, found === key ? '' : found)
  }
  return undefined
}
/** Where a field of a layer belongs: into its parameters, or to blocks of layers. @param kind of the layer */
export function placeInLayer(kind: unknown, key: string): Text | undefined {
  const entry = typeof kind === 'string' ? layers.find(kind) : undefined
  const fields = entry ? Object.keys(entry.fields) : fieldsOf(layers.all)
  const found = sameWord(key, fields)
  if (found !== undefined) return into('params', found === key ? '' : found)
  if (!['times', 'body', 'nodes', 'layers', 'repeat'].includes(key.toLowerCase())) return undefined
  return {
    en: 'only a block repeats layers: { "id": …, "kind": "repeat", "times": 2, "body": [ … ] }',
    zh: '只有块能重复层：{ "id": …, "kind": "repeat", "times": 2, "body": [ … ] }'
  }
}
