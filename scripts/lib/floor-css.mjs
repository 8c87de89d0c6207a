/** Stops the build on styles that Chromium 108 would silently ignore. */

/** Features that are too new, each with the Chromium version that introduced it. */
const LATER = [
  ['color-mix()', 111, /\bcolor-mix\(/],
  ['oklch(), oklab(), lch(), lab(), color()', 111, /[\s:,(](ok)?l(ch|ab)\(|[\s:,(]color\(/],
  ['nesting', 112, /\{[^{}]*&[^{}]*\{/],
  ['linear() easing', 113, /[\s:,]linear\(/],
  ['text-wrap', 114, /[{;\s]text-wrap:/],
  ['subgrid', 117, /:\s*subgrid\b/],
  ['@starting-style', 117, /@starting-style\b/],
  ['@scope', 118, /@scope\b/],
  ['light-dark()', 123, /\blight-dark\(/]
]

/** One message for each feature of `css` that is too new. */
export const tooNew = (css) => {
  const code = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/url\([^)]*\)|"[^"]*"|'[^']*'/g, '""')
  return LATER.filter(([, , pattern]) => pattern.test(code)).map(
    ([name, version]) => `${name} needs Chromium ${version}`
  )
}

/** @returns {import('vite').Plugin} */
export const floorCss = () => ({
  name: 'floor-css',
  generateBundle(_options, bundle) {
    for (const asset of Object.values(bundle)) {
      if (asset.type !== 'asset' || !asset.fileName.endsWith('.css')) continue
      const found = tooNew(String(asset.source))
      if (found.length)
        this.error(
          `${asset.fileName}: ${found.join('; ')}; Electron 22 has Chromium 108. Use a plain colour or selector.`
        )
    }
  }
})
