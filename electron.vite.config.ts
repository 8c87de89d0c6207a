import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { floorCss } from './scripts/lib/floor-css.mjs'
import { NODE_TARGET, WEB_TARGET, alias, external } from './scripts/lib/vite-base.mjs'
import { ROOT } from './scripts/setup/paths.mjs'

const at = (path: string): string => join(ROOT, path)
const commonjs = { format: 'cjs' as const, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }

export default defineConfig({
  main: {
    resolve: { alias },
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
          reader: at('src/main/reader.ts')
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
    resolve: { alias: { ...alias, buffer: at('node_modules/buffer/index.js') } },
    plugins: [vue(), floorCss()],
    build: {
      outDir: at('out/renderer'),
      target: WEB_TARGET,
      cssTarget: WEB_TARGET,
      // Also writes newer syntax (nesting) in the older way.
      cssMinify: 'lightningcss',
      minify: true,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: at('src/renderer/index.html') }
    }
  }
})
