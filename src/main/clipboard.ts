import * as electron from 'electron'
import { InputError } from '@shared/base/problems'

/** What Electron 22 has; later ones follow the web's clipboard instead. */
interface OldClipboard {
  writeImage?(image: Electron.NativeImage): void
}

/** Puts a text or a PNG on the system's clipboard. @throws InputError when the bytes are no picture */
export async function copy(what: { text: string } | { png: Uint8Array }): Promise<void> {
  if ('text' in what) return void (await electron.clipboard.writeText(what.text))
  const bytes = Buffer.from(what.png)
  const image = electron.nativeImage.createFromBuffer(bytes)
  if (image.isEmpty())
    throw new InputError([
      { path: 'png', message: { en: 'is no picture that can be copied', zh: '不是可以复制的图片' } }
    ])
  const old = electron.clipboard as OldClipboard
  if (old.writeImage) return old.writeImage(image)
  await electron.clipboard.write([
    new electron.ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })
  ])
}
