import { availableParallelism } from 'node:os'
import vue from '@vitejs/plugin-vue'
import { type TestProjectInlineConfiguration, defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/lib/sequence.mjs'
import { alias } from './scripts/lib/vite-base.mjs'
import { hasDisplay } from './scripts/setup/paths.mjs'

/** One project per folder of tests/; all through Vite, as the product itself is built. */
const project = (name: string, more: TestProjectInlineConfiguration['test'] = {}): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, include: [`tests/${name}/**/*.test.ts`], pool: 'forks', setupFiles: './tests/clinic.ts', ...more }
})
/**
 * Windows of one display take the keyboard and the clipboard from each other: each worker needs a virtual one. A window
 * with its trainer keeps two cores busy.
 */
const WINDOWS_AT_ONCE = hasDisplay() || availableParallelism() < 4 ? 1 : 2
/** The oldest Electron supported is the one that is tested. */
const GRADIENT_CLINIC_ELECTRON = process.env.GRADIENT_CLINIC_ELECTRON ?? 'floor'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias },
  test: {
    // Vitest leaves a core to itself: on two cores, files would run one after the other.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // A state that is waited for costs no more time than it takes; vitest would give a busy machine one second.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      // Loading the product takes longer than testing it: the files of a worker share what one has loaded.
      project('unit', {
        isolate: false,
        exclude: ['tests/unit/renderer/**'],
        testTimeout: 120_000,
        env: { TF_CPP_MIN_LOG_LEVEL: '2' }
      }),
      // Stores leave timers behind, and the tests put a window in place: each file has a process of its own.
      project('unit-renderer', { include: ['tests/unit/renderer/**/*.test.ts'], testTimeout: 120_000 }),
      project('contract', { isolate: false, testTimeout: 180_000, env: { TF_CPP_MIN_LOG_LEVEL: '2' } }),
      project('trainer', { testTimeout: 600_000, hookTimeout: 600_000, env: { TF_CPP_MIN_LOG_LEVEL: '2' } }),
      project('recorder', { testTimeout: 600_000, hookTimeout: 600_000, env: { TF_CPP_MIN_LOG_LEVEL: '2' } }),
      project('setup', { testTimeout: 600_000, hookTimeout: 600_000 }),
      project('e2e', {
        testTimeout: 600_000,
        hookTimeout: 300_000,
        maxWorkers: WINDOWS_AT_ONCE,
        env: { GRADIENT_CLINIC_ELECTRON },
        globalSetup: './scripts/lib/e2e-global.mjs',
        setupFiles: ['./tests/clinic.ts', './tests/display.ts']
      }),
      project('browser', {
        testTimeout: 600_000,
        hookTimeout: 300_000,
        fileParallelism: false,
        globalSetup: './scripts/lib/browser-global.mjs'
      })
    ]
  }
})
