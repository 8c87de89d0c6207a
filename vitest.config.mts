import vue from '@vitejs/plugin-vue'
import { type TestProjectInlineConfiguration, defineConfig } from 'vitest/config'
import { alias } from './scripts/lib/vite-base.mjs'

/** One project per folder of tests/; all through Vite, as the product itself is built. */
const project = (name: string, more: TestProjectInlineConfiguration['test'] = {}): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, include: [`tests/${name}/**/*.test.ts`], pool: 'forks', setupFiles: './tests/clinic.ts', ...more }
})
/** The oldest Electron supported is the one that is tested. */
const GRADIENT_CLINIC_ELECTRON = process.env.GRADIENT_CLINIC_ELECTRON ?? 'floor'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias },
  test: {
    projects: [
      project('unit', { testTimeout: 30_000, env: { TF_CPP_MIN_LOG_LEVEL: '2' } }),
      project('contract', { testTimeout: 60_000, env: { TF_CPP_MIN_LOG_LEVEL: '2' } }),
      project('trainer', { testTimeout: 300_000, hookTimeout: 120_000, env: { TF_CPP_MIN_LOG_LEVEL: '2' } }),
      project('setup', { testTimeout: 120_000, hookTimeout: 120_000 }),
      project('e2e', {
        testTimeout: 300_000,
        hookTimeout: 120_000,
        fileParallelism: false,
        env: { GRADIENT_CLINIC_ELECTRON },
        globalSetup: './scripts/lib/e2e-global.mjs'
      }),
      project('browser', {
        testTimeout: 300_000,
        hookTimeout: 120_000,
        fileParallelism: false,
        globalSetup: './scripts/lib/browser-global.mjs'
      })
    ]
  }
})
