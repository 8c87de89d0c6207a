// cspell:ignore ftyp bdat DICM DICOM PWXL SYLK Vowpal LZMA GRIB LIBV MSCF GGUF VCALENDAR ACGTN pcap accdb
// cspell:ignore uuencode FASTQ FASTA zsav documentclass usepackage
import type { Text } from '../../../base/text'

const text = (en: string, zh = en): Text => ({ en, zh })
/**
 * What begins a file that is no table in text: the bytes as Latin-1, and where they stand. The names are those by which
 * people know the formats.
 */
const SIGNATURES: readonly [signature: string, name: Text, at?: number][] = [
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', text('an Excel workbook (.xls)', 'Excel 工作簿（.xls）')],
  ['PAR1', text('a Parquet file', 'Parquet 文件')],
  ['ARROW1', text('an Arrow or Feather file', 'Arrow 或 Feather 文件')],
  ['FEA1', text('a Feather file', 'Feather 文件')],
  ['ORC', text('an ORC file', 'ORC 文件')],
  ['Obj\x01', text('an Avro file', 'Avro 文件')],
  ['PARE', text('an encrypted Parquet file', '加密的 Parquet 文件')],
  ['\0'.repeat(12) + '\xc2\xea\x81\x60', text('a SAS data set (.sas7bdat)', 'SAS 数据集（.sas7bdat）')],
  ['HEADER RECORD*******LIBRARY', text('a SAS transport file (.xpt)', 'SAS 传输文件（.xpt）')],
  ['\x93NUMPY', text('a NumPy array (.npy)', 'NumPy 数组（.npy）')],
  ['\x89HDF\r\n\x1a\n', text('an HDF5 file', 'HDF5 文件')],
  ['CDF\x01', text('a NetCDF file', 'NetCDF 文件')],
  ['CDF\x02', text('a NetCDF file', 'NetCDF 文件')],
  ['MATLAB 5.0', text('a MATLAB file (.mat)', 'MATLAB 文件（.mat）')],
  ['$FL2', text('an SPSS file (.sav)', 'SPSS 文件（.sav）')],
  ['$FL3', text('an SPSS file (.zsav)', 'SPSS 文件（.zsav）')],
  ['ASCII SPSS PORT FILE', text('an SPSS file (.por)', 'SPSS 文件（.por）')],
  ['HEADER RECORD*******LIBV8', text('a SAS transport file (.xpt)', 'SAS 传输文件（.xpt）')],
  ['CDF\x05', text('a NetCDF file', 'NetCDF 文件')],
  ['GRIB', text('a GRIB file', 'GRIB 文件')],
  ['Standard Jet DB', text('an Access database (.mdb)', 'Access 数据库（.mdb）'), 4],
  ['Standard ACE DB', text('an Access database (.accdb)', 'Access 数据库（.accdb）'), 4],
  ['\x09\x08\x10\0', text('an old Excel workbook (.xls)', '旧版 Excel 工作簿（.xls）')],
  ['\x09\x04', text('an old Excel workbook (.xls)', '旧版 Excel 工作簿（.xls）')],
  ['\xff\xff\xff\xff', text('an Arrow stream', 'Arrow 流')],
  ['\xff\x06\0\0sNaPpY', text('packed with Snappy', 'Snappy 压缩文件')],
  ['\x89LZO\0\r\n\x1a\n', text('packed with LZO', 'LZO 压缩文件')],
  ['MSCF', text('a cabinet archive (.cab)', 'CAB 压缩包')],
  ['!<arch>\n', text('an ar archive', 'ar 归档')],
  ['\xd4\xc3\xb2\xa1', text('a network capture (.pcap)', '网络抓包文件（.pcap）')],
  ['AVI ', text('a video (.avi)', '视频文件（.avi）'), 8],
  ['OggS', text('a sound or video (.ogg)', '音视频文件（.ogg）')],
  ['fLaC', text('a sound (.flac)', '声音文件（.flac）')],
  ['ID3', text('a sound (.mp3)', '声音文件（.mp3）')],
  ['\x1aE\xdf\xa3', text('a video (.mkv or .webm)', '视频文件（.mkv 或 .webm）')],
  ['\x7fELF', text('a program', '可执行程序')],
  ['\0asm', text('a program', '可执行程序')],
  ['GGUF', text('a language model (.gguf)', '语言模型（.gguf）')],
  ['Salted__', text('encrypted', '加密文件')],
  ['-----BEGIN ', text('a key, a certificate or an encrypted text (PEM, PGP)', '密钥、证书或加密文本（PEM、PGP）')],
  ['BEGIN:VCALENDAR', text('a calendar (.ics)', '日历文件（.ics）')],
  ['%!PS', text('a PostScript document', 'PostScript 文档')],
  ['TABLE\n0,1\n', text('a spreadsheet in DIF (.dif)', 'DIF 电子表格（.dif）')],
  ['TABLE\r\n0,1\r\n', text('a spreadsheet in DIF (.dif)', 'DIF 电子表格（.dif）')],
  ['{|', text('a table in the text of a wiki', '维基标记的表格')],
  ['ply\n', text('a model of a body (.ply)', '三维模型（.ply）')],
  ['<stata_dta>', text('a Stata file (.dta)', 'Stata 文件（.dta）')],
  ['RDX', text('an R data file', 'R 数据文件')],
  ['SQLite format 3\0', text('an SQLite database', 'SQLite 数据库')],
  ['%PDF-', text('a PDF document', 'PDF 文档')],
  ['{\\rtf', text('an RTF document', 'RTF 文档')],
  ['\x89PNG\r\n\x1a\n', text('a PNG picture', 'PNG 图片')],
  ['\xff\xd8\xff', text('a JPEG picture', 'JPEG 图片')],
  ['GIF8', text('a GIF picture', 'GIF 图片')],
  ['II*\0', text('a TIFF picture', 'TIFF 图片')],
  ['MM\0*', text('a TIFF picture', 'TIFF 图片')],
  ['WEBP', text('a WebP picture', 'WebP 图片'), 8],
  ['WAVE', text('a sound (.wav)', '声音文件（.wav）'), 8],
  ['\0\0\0\x0cjP  ', text('a JPEG 2000 picture', 'JPEG 2000 图片')],
  ['\x04\x22\x4d\x18', text('packed with LZ4', 'LZ4 压缩文件')],
  ['\x1f\x9d', text('packed with compress (.Z)', 'compress 压缩文件（.Z）')],
  ['BZh', text('packed with bzip2', 'bzip2 压缩文件')],
  ['\xfd7zXZ\0', text('packed with xz', 'xz 压缩文件')],
  ['7z\xbc\xaf\x27\x1c', text('a 7-Zip archive', '7-Zip 压缩包')],
  ['Rar!\x1a\x07', text('a RAR archive', 'RAR 压缩包')],
  ['\x28\xb5\x2f\xfd', text('packed with Zstandard', 'Zstandard 压缩文件')],
  ['\x1f\x8b', text('packed with gzip once more', '再次以 gzip 压缩的文件')],
  ['PK\x03\x04', text('a zip within another', '嵌套的 zip')],
  ['SIMPLE  =', text('a FITS file', 'FITS 文件')],
  ['DICM', text('a DICOM picture', 'DICOM 图像'), 128],
  ['%%MatrixMarket', text('a sparse matrix (Matrix Market)', '稀疏矩阵（Matrix Market）')],
  ['ID;PWXL', text('a spreadsheet in SYLK (.slk)', 'SYLK 电子表格（.slk）')],
  ['ustar', text('a tar archive', 'tar 归档'), 257]
]
/** Pickles, and the images that the IDX data set reads, have bytes in common rather than a word. */
const PATTERNS: readonly [pattern: RegExp, name: Text][] = [
  [/^x[\x01\x9c\xda][^]{0,400}[\0-\x08\x0e-\x1a]/, text('packed with zlib', 'zlib 压缩文件')],
  [/^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/, text('packed with bzip2', 'bzip2 压缩文件')],
  [/^\x80[\x02-\x05][\x95}\](c]/, text('a Python pickle', 'Python pickle 文件')],
  [/^BM[^]{4}\0{4}[^]\0\0\0/, text('a BMP picture', 'BMP 图片')],
  [/^P[1-6]\s(?:#.*\n)?\d+ \d+\n\d+\n/, text('a picture of the PNM formats', 'PNM 图片')],
  [/^\0\0\0[^]ftyp/, text('a HEIC or AVIF picture, or an MP4 video', 'HEIC、AVIF 图片或 MP4 视频')],
  [
    /^\0\0[\x08\x09\x0b-\x0e][\x01-\x08]/,
    text('an IDX file, which is another data set here', 'IDX 文件（此处为另一种数据集）')
  ],
  [
    /^\s*\[\[? *(?:[-+]?[\d.]+(?:e[-+]?\d+)?|nan|True|False)(?:[ \n]+(?:[-+]?[\d.]+(?:e[-+]?\d+)?|nan|True|False))+ *\]? *\n/i,
    text('an array as NumPy prints it (numpy.savetxt writes a table)', 'NumPy 打印的数组（numpy.savetxt 可写出表格）')
  ],
  [/^\s*(?:\{\s*"|\[\s*[[{"])/, text('JSON', 'JSON')],
  [
    /^\s*(?:\w+\(\s*)?\[\s*(?:\(|\[|[^[\]\n"]*,[^[\]\n"]*\],?[ \t]*(?:\n|$))/,
    text('a list as JSON or Python writes it', 'JSON 或 Python 的列表')
  ],
  [/^\s*<(?:\?xml|!doctype|html|table|[a-z]\w*[ >])/i, text('XML or HTML', 'XML 或 HTML')],
  [/^(?:\s*(?:%.*)?\n)*\s*@relation\s/i, text('ARFF', 'ARFF')],
  [
    /^[+-]?\d[\d.]* (?:\S+ )?\|\S* [^|\n]*[A-Za-z_]\w*:-?[\d.]+[^|\n]*\n/,
    text('in Vowpal Wabbit format', 'Vowpal Wabbit 格式')
  ],
  [/^[XAB]\n\0\0\0[\x02\x03]/, text('an R data file', 'R 数据文件')],
  [/^[\x6c-\x73][\x01\x02]\x01\0/, text('a Stata file (.dta)', 'Stata 文件（.dta）')],
  [/^\x5d\0\0[^]{2}(?:\xff{8}|[^]{4}\0{4})/, text('packed with LZMA', 'LZMA 压缩文件')],
  [/^[^\0][^]\0{6}[^]{4}\n/, text('a TFRecord file', 'TFRecord 文件')],
  [/^[^]{8}\{"/, text('a file of weights (safetensors)', '权重文件（safetensors）')],
  [
    /^[\0-\x04]\0\0\0[^]{2}\0\0[^]{2}\0\0[\0\x01]\0\0\0[^]\0\0\0[A-Za-z]\w*\0/,
    text('a MATLAB file (.mat)', 'MATLAB 文件（.mat）')
  ],
  [
    /^[\x03\x83\xf5\x8b\x30\x31][^][\x01-\x0c][\x01-\x1f][^]{4}[^]{2}[^]\0[^]{20}[A-Z]\w*\0/,
    text('a dBASE file (.dbf)', 'dBASE 文件（.dbf）')
  ],
  [
    /^\([dl]p\d\n|^c(?:__builtin__|builtins|copy_reg|collections|numpy[\w.]*|pandas[\w.]*)\n|^[}\]]q\0/,
    text('a Python pickle', 'Python pickle 文件')
  ],
  [/^MZ[^]{0,60}\0\0/, text('a program', '可执行程序')],
  [/^\s*\\(?:documentclass|begin\{|usepackage)/, text('LaTeX', 'LaTeX')],
  [/^@\w+\{\S+,\s/, text('BibTeX', 'BibTeX')],
  [/^\s*\{\s*'/, text('a dictionary as Python writes it', 'Python 的字典')],
  [/^---\s*\n(?:-\s+)?\w+:|^- \w+: .*\n {2}\w+: /, text('YAML', 'YAML')],
  // What instruments write so above a table ends with [Data].
  [
    /^\s*\[[\w.-]+\]\s*\n(?![^]*\n\[data\]\s*\n)\s*[\w.-]+ ?= ?/i,
    text('a file of settings (INI, TOML)', '设置文件（INI、TOML）')
  ],
  [/^begin \d{3} \S+\n/, text('encoded as text (uuencode)', '文本编码的文件（uuencode）')],
  [
    /^[A-Za-z\d+/]{60,76}\r?\n(?:[A-Za-z\d+/]{60,76}\r?\n)+/,
    text('encoded as text (Base64)', '文本编码的文件（Base64）')
  ],
  [/^--- \S.*\n\+\+\+ \S.*\n@@ /, text('a list of differences (diff)', '差异文件（diff）')],
  [
    /^(?:import \w[\w.]*(?: as \w+)?|from \w[\w.]* import .*|#!\/.*|library\(\w+\)|\w+ <- .*)\r?\n/,
    text('a program', '程序代码')
  ],
  [/^>\S.*\n[A-Za-z*-]{2,}\r?\n(?:>|[A-Za-z*-]{2,}\r?\n)/, text('a file of sequences (FASTA)', 'FASTA 序列文件')],
  [/^@\S.*\n[ACGTNacgtn]+\n\+.*\n/, text('a file of sequences (FASTQ)', 'FASTQ 序列文件')],
  [/^MIME-Version:/i, text('a web page in MIME (.mht)', 'MIME 网页（.mht）')],
  [/^(?:\s|--[^\n]*\n)*(?:(?:insert into|create table) [`"\w]|copy \w+ ?(?:\(|from))/i, text('SQL', 'SQL')],
  [
    /^version https:\/\/git-lfs\.github\.com\//,
    text(
      'a pointer of Git LFS in the place of the file, which `git lfs pull` fetches',
      'Git LFS 指针（用 `git lfs pull` 取得文件本身）'
    )
  ],
  [/^[+-]?[\d.]+(?: \d+:[+-]?[\d.eE+-]+)+\s*\n/, text('in LIBSVM format', 'LIBSVM 格式')]
]

/** Signatures that may as well be the name of a first column. */
const WORD = /^[\w$]{1,4}$/
/**
 * The format of a file that is no table in text, if its start tells.
 * @param start as text, or bytes as Latin-1
 * @param isText all of the file is
 */
export const formatOf = (start: string, isText: boolean): Text | undefined =>
  SIGNATURES.find(([s, , at = 0]) => start.startsWith(s, at) && !(isText && WORD.test(s)))?.[1] ??
  PATTERNS.find(([pattern]) => pattern.test(start))?.[1]
/** How many bytes `formatOf` looks at. */
export const FORMAT_BYTES = 4000
