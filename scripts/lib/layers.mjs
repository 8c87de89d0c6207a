/** The layers of src/ as an ESLint rule: which folder may import what. The table is the whole law. */
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { ROOT } from '../setup/paths.mjs'

const NODE = [...builtinModules, 'node:']
const VIEW = ['vue', 'pinia', 'vue-i18n', 'echarts', 'reka-ui', '@vue-flow', '@vueuse']
const TENSORFLOW = ['@tensorflow']
const ELECTRON = ['electron', 'electron-log']

/**
 * `layers`: folders of src/ it may import; `typesOf`: folders it may take types of; `only`: the only packages allowed;
 * `not`: packages forbidden; `typePackages`: packages it may take types of.
 */
const LAYERS = {
  shared: {
    layers: [],
    typesOf: [],
    only: [
      'valibot',
      'fflate',
      'papaparse',
      'iconv-lite',
      'jschardet',
      'jsonc-parser',
      'fastest-levenshtein',
      'h5wasm'
    ],
    typePackages: TENSORFLOW
  },
  main: { layers: ['shared'], typesOf: ['trainer', 'preload'], not: [...TENSORFLOW, ...VIEW] },
  preload: { layers: ['shared'], typesOf: [], not: [...NODE, ...TENSORFLOW, ...VIEW, 'electron-log'] },
  trainer: { layers: ['shared'], typesOf: [], not: [...ELECTRON, ...VIEW], typePackages: ['electron'] },
  renderer: {
    layers: ['shared'],
    typesOf: ['preload'],
    not: [...NODE, ...ELECTRON, ...TENSORFLOW],
    typePackages: TENSORFLOW
  },
  cli: { layers: ['shared', 'trainer'], typesOf: [], not: [...ELECTRON, ...VIEW] }
}

/**
 * The floors inside a layer, lowest first: folders or files below `src/<layer>`. A file imports from its own floor's
 * folder and from lower floors. Folders that share a floor are ordered too: one may import those named before it. Every
 * file stands on a floor.
 */
const FLOORS = {
  shared: [
    ['base'],
    ['catalog'],
    ['experiment'],
    ['run'],
    ['theory'],
    ['clinic'],
    ['cure'],
    ['bridge'],
    ['recording', 'takehome', 'report'],
    ['project', 'ipc']
  ],
  renderer: [
    // Foundations: words, looks, drawing, state, and what a command is.
    ['env.d.ts', 'styles', 'i18n', 'timing', 'charts', 'stores', 'commands'],
    // Four floors of what one sees.
    ['components'],
    [
      'features/edit/params',
      'features/edit/data',
      'features/edit/project',
      'features/edit/model',
      'features/edit/canvas',
      'features/edit/gallery',
      'features/edit/palette',
      'features/edit/remedies',
      'features/edit/inspector'
    ],
    [
      'features/views/runViews',
      'features/views/findings',
      'features/views/chain',
      'features/views/lens',
      'features/views/playback',
      'features/views/report',
      'features/views/export',
      'features/views/compare',
      'features/views/queue',
      'features/views/dock',
      // A view that no other view imports need not be listed.
      'features/views'
    ],
    ['pages'],
    // The window around the pages.
    ['window'],
    ['App.vue', 'main.ts']
  ]
}
/** Folders whose own folders must not import from one another. */
const APART = { renderer: ['pages'] }

/**
 * The place of a file among its layer's floors, from 0 upwards, with the folder that puts it there; undefined when it
 * has none.
 */
function floorOf(layer, path) {
  const inside = relative(join(ROOT, 'src', layer), path)
    .split(sep)
    .join('/')
  const folders = FLOORS[layer].flat()
  const rank = folders.findIndex((folder) => inside === folder || inside.startsWith(`${folder}/`))
  return rank < 0 ? undefined : { rank, folder: folders[rank] }
}

/** Why a file of a layer with floors must not import another file of that layer, or null if it may. */
function upward(layer, file, target) {
  if (!FLOORS[layer]) return null
  const [from, to] = [floorOf(layer, file), floorOf(layer, target)]
  const stray = !from ? file : !to ? target : undefined
  if (stray) return `src/${layer} stands in floors, and ${relative(ROOT, stray)} is on none of them`
  if (to.rank > from.rank)
    return `src/${layer}/${from.folder} must not import from src/${layer}/${to.folder}, which is on a higher floor`
  if (to.rank < from.rank || !APART[layer]?.includes(to.folder)) return null
  const part = (path) => relative(join(ROOT, 'src', layer, to.folder), path).split(sep)[0]
  return part(file) === part(target) || !part(target)
    ? null
    : `${relative(ROOT, file)} must not import from another folder of src/${layer}/${to.folder}`
}

const names = (list, source) =>
  list.some((name) => (name.endsWith(':') ? source.startsWith(name) : source === name || source.startsWith(`${name}/`)))

/** The folder of src/ that a file is in, or undefined. */
function layerOf(path) {
  const parts = relative(join(ROOT, 'src'), path).split(sep)
  return parts[0] in LAYERS ? parts[0] : undefined
}

/** Why `file` must not import `source`, or null if it may. */
function objection(file, source, typeOnly) {
  const layer = layerOf(file)
  if (!layer) return null
  const law = LAYERS[layer]
  const path = source.replace(/[?#].*$/, '')
  const target = path.startsWith('.')
    ? resolve(dirname(file), path)
    : path.startsWith('@shared/')
      ? join(ROOT, 'src/shared', path.slice(8))
      : path.startsWith('@/')
        ? join(ROOT, 'src/renderer', path.slice(2))
        : null
  if (target) {
    const to = layerOf(target)
    if (to === layer) return upward(layer, file, target)
    if (!to || law.layers.includes(to) || (typeOnly && law.typesOf.includes(to))) return null
    return `src/${layer} must not import ${law.typesOf.includes(to) ? 'anything but types ' : ''}from src/${to}`
  }
  if (typeOnly && names(law.typePackages ?? [], path)) return null
  const forbidden = law.only ? !names(law.only, path) : names(law.not, path)
  return forbidden
    ? `src/${layer} must not import ${names(law.typePackages ?? [], path) ? 'anything but types from ' : ''}"${source}"`
    : null
}

/** @type {import('eslint').Rule.RuleModule} */
export const layersRule = {
  meta: { type: 'problem', schema: [], docs: { description: 'Keeps the layers of src/ apart' } },
  create(context) {
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string') return
      const message = objection(context.filename, source.value, typeOnly)
      if (message) context.report({ node, message })
    }
    const allTypes = (node, kind) =>
      node[kind] === 'type' || (node.specifiers?.length > 0 && node.specifiers.every((s) => s[kind] === 'type'))
    return {
      ImportDeclaration: (node) => check(node, node.source, allTypes(node, 'importKind')),
      ExportNamedDeclaration: (node) => check(node, node.source, allTypes(node, 'exportKind')),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      TSExternalModuleReference: (node) => check(node, node.expression, false),
      'CallExpression[callee.name="require"], CallExpression[callee.object.name="require"]': (node) =>
        check(node, node.arguments[0], false)
    }
  }
}
