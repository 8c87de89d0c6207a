import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { chunksOf } from './scripts/lib/chunks.mjs'
import { floorCss } from './scripts/lib/floor-css.mjs'
import { ruleNames } from './scripts/lib/rule-names.mjs'
import { NODE_TARGET, WEB_TARGET, alias, external } from './scripts/lib/vite-base.mjs'
import { ROOT } from './scripts/setup/paths.mjs'

const at = (path: string): string => join(ROOT, path)
/**
 * The aliases, and other modules in the place of the tables of encodings and of those that ship as data, which load
 * them when they are needed.
 */
const lazyTables = (folder: string): { find: string | RegExp; replacement: string }[] => [
  ...Object.entries(alias).map(([find, replacement]) => ({ find, replacement })),
  { find: /^\.\/codecs$/, replacement: at(`${folder}/codecs.ts`) },
  { find: /^\.{1,2}\/parts\/tables$/, replacement: at(`${folder}/tables.ts`) }
]
const parts = chunksOf({
  shell: ['main.ts'],
  build: [
    'features/edit/canvas/NetworkCanvas.vue',
    'features/edit/inspector/InspectorPanel.vue',
    'features/edit/palette/PalettePanel.vue',
    'features/edit/remedies/RemediesPanel.vue',
    'features/views/dock/WatchDock.vue'
  ],
  charts: ['features/views/runViews/PlainPlot.vue', 'features/views/runViews/HeatmapPlot.vue', 'charts/png.ts']
})
const commonjs = { format: 'cjs' as const, entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' }

export default defineConfig({
  main: {
    resolve: { alias: lazyTables('src/main') },
    build: {
      outDir: at('out/main'),
      target: NODE_TARGET,
      externalizeDeps: false,
      sourcemap: true,
      // The trainer, and what reads files, are forked by main, from the files next to it.
      rolldownOptions: {
        input: {
          index: at('src/main/index.ts'),
          trainer: at('src/trainer/utility.ts'),
          home: at('src/trainer/home.ts'),
          queue: at('src/cli/queue/utility.ts'),
          reader: at('src/main/reader.ts'),
          follower: at('src/main/recording/utility.ts'),
          opener: at('src/trainer/opener.ts'),
          codecs: at('src/shared/catalog/datasets/parts/codecs.ts'),
          tables: at('src/shared/catalog/datasets/parts/tables.ts')
        },
        external,
        output: commonjs
      }
    }
  },
  preload: {
    resolve: { alias },
    build: {
      outDir: at('out/preload'),
      target: NODE_TARGET,
      // A sandboxed preload can require nothing but Electron.
      externalizeDeps: false,
      rolldownOptions: { input: { index: at('src/preload/index.ts') }, external: ['electron'], output: commonjs }
    }
  },
  renderer: {
    root: at('src/renderer'),
    // Vite leaves Node's modules out of a page; iconv-lite needs this one, and the package of that name stands in.
    resolve: {
      alias: [...lazyTables('src/renderer/timing'), { find: 'buffer', replacement: at('node_modules/buffer/index.js') }]
    },
    plugins: [vue(), floorCss(), ruleNames(), parts.plugin],
    build: {
      outDir: at('out/renderer'),
      target: WEB_TARGET,
      cssTarget: WEB_TARGET,
      // Also writes newer syntax (nesting) in the older way.
      cssMinify: 'lightningcss',
      minify: true,
      chunkSizeWarningLimit: 4000,
      // Styles of parts that come later would come in another order, and late.
      cssCodeSplit: false,
      rolldownOptions: {
        input: at('src/renderer/index.html'),
        output: { codeSplitting: { groups: parts.groups } }
      }
    }
  }
})
