import { defineConfig, globalIgnores } from 'eslint/config'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import { docstringsRule } from './scripts/lib/docstrings.mjs'
import { layersRule } from './scripts/lib/layers.mjs'

/** Logic asks a problem's code or an error's class; messages are for people and may be reworded at any time. */
const noSentences = [
  'CallExpression[callee.property.name=/^(includes|startsWith|endsWith|indexOf|match|search)$/][callee.object.property.name=/^(en|zh|message)$/]',
  'CallExpression[callee.property.name="test"][arguments.0.property.name=/^(en|zh|message)$/]'
].map((selector) => ({ selector, message: 'Logic must not read a sentence: give the problem or error a code.' }))
const off = (names: string[], message: string): { name: string; message: string }[] =>
  names.map((name) => ({ name, message }))
/** Node 16.17 (Electron 22) has none of these; main, preload and trainer run there. */
const NOT_ON_THE_FLOOR = off(
  ['fetch', 'structuredClone', 'crypto', 'File', 'FormData', 'WebSocket', 'navigator', 'CustomEvent'],
  'Electron 22 (Node 16.17) has no such global here.'
)
const IMPURE = off(
  [
    'window',
    'document',
    'navigator',
    'localStorage',
    'process',
    'Buffer',
    'require',
    'global',
    '__dirname',
    '__filename',
    'setImmediate'
  ],
  'src/shared runs everywhere and must not know where.'
)
const RANDOM = {
  object: 'Math',
  property: 'random',
  message: 'Everything random comes from the seed: use the generators of src/shared.'
}
const CLOCK = {
  object: 'Date',
  property: 'now',
  message: 'This clock may be set while something waits: use performance.now(); for times on disk, wallClock().'
}

const BY_STORE = 'Code acts on stores. Test ids are for tests: they name parts in page.ts and in the tour at most.'

export default defineConfig(
  globalIgnores(['out/', 'dist/', 'node_modules/', 'reports/', 'coverage/']),
  tseslint.configs.recommended,
  vue.configs['flat/recommended'],
  prettier,
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      // Every word on screen exists in both languages.
      'vue/no-bare-strings-in-template': ['error', { allowlist: [...'()[]{},.·:;/×+−–-=%#*<>|…→←↑↓▲▼~?!"\'Σ'] }]
    }
  },
  {
    plugins: { clinic: { rules: { layers: layersRule, docstrings: docstringsRule } } },
    rules: {
      'clinic/layers': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }]
    }
  },
  { files: ['src/**', 'scripts/**', 'bench/**'], rules: { 'no-restricted-syntax': ['error', ...noSentences] } },
  { files: ['src/shared/**', 'src/trainer/**'], rules: { 'clinic/docstrings': 'error' } },
  {
    files: ['src/shared/**'],
    rules: { 'no-restricted-globals': ['error', ...IMPURE] }
  },
  {
    files: ['src/main/**', 'src/preload/**', 'src/trainer/**'],
    rules: { 'no-restricted-globals': ['error', ...NOT_ON_THE_FLOOR] }
  },
  { files: ['src/**'], rules: { 'no-restricted-properties': ['error', CLOCK] } },
  { files: ['src/shared/**', 'src/trainer/**'], rules: { 'no-restricted-properties': ['error', CLOCK, RANDOM] } },
  {
    files: ['src/renderer/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'CallExpression[callee.property.name="click"]', message: BY_STORE },
        {
          selector: 'CallExpression[callee.property.name=/^querySelector/] Literal[value=/data-testid/]',
          message: BY_STORE
        },
        {
          selector: 'CallExpression[callee.property.name=/^querySelector/] TemplateElement[value.raw=/data-testid/]',
          message: BY_STORE
        }
      ]
    }
  },
  { files: ['**/*.cjs', 'scripts/setup/launcher/**'], rules: { '@typescript-eslint/no-require-imports': 'off' } }
)
