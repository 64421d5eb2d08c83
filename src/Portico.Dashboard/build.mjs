// Builds the pages: node build.mjs DIRECTORY
//
//   DIRECTORY/manifest.json   paths, types and digests, as the edge reads those of any static site
//   DIRECTORY/blobs/SHA256    each file, with .br and .gz beside it
//
// Files below /_ui have a digest in their name and never change. The directory appears complete, by rename.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, 'dist');
const staged = `${target}.${process.pid}`;

const bundle = await build({
  absWorkingDir: here,
  // The styles of terminals are for one page alone.
  entryPoints: { app: 'src/main.tsx', terminal: '@xterm/xterm/css/xterm.css' },
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  outdir: join(here, '_ui'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.svg': 'file' },
  legalComments: 'none',
  write: false,
  metafile: true,
});

// One file without imports, which runs before the others are asked for.
const start = await build({
  absWorkingDir: here,
  entryPoints: { start: 'src/start.ts' },
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  outdir: join(here, '_ui'),
  entryNames: '[name]-[hash]',
  legalComments: 'none',
  write: false,
});

const files = new Map([...bundle.outputFiles, ...start.outputFiles].map((file) => [file.path.slice(here.length), Buffer.from(file.contents)]));
const named = (extension, entry = 'app') => [...files.keys()].find((path) => path.startsWith(`/_ui/${entry}-`) && path.endsWith(extension));
const icon = readFileSync(join(here, 'src/icon.svg'));
const iconPath = `/_ui/icon-${digest(icon).slice(0, 8)}.svg`;
files.set(iconPath, icon);
// What the first script imports is requested with it, not after it.
const preloads = bundle.metafile.outputs[named('.js').slice(1)].imports.filter((needed) => needed.kind === 'import-statement')
  .map((needed) => `<link rel="modulepreload" href="/${needed.path}">`);
const page = readFileSync(join(here, 'index.html'), 'utf8')
  .replace('%START%', named('.js', 'start'))
  .replace('%SCRIPT%', named('.js'))
  .replace('%STYLE%', named('.css'))
  .replace('%TERMINAL%', named('.css', 'terminal'))
  .replace('%PRELOADS%', preloads.join('\n'))
  .replace('%ICON%', iconPath);
files.set('/index.html', Buffer.from(page));

const manifest = { format: 1, publishedAt: new Date().toISOString(), files: {} };
rmSync(staged, { recursive: true, force: true });
mkdirSync(join(staged, 'blobs'), { recursive: true });
for (const [path, content] of files) manifest.files[path] = write(path, content);
writeFileSync(join(staged, 'manifest.json'), JSON.stringify(manifest, null, 2));
rmSync(target, { recursive: true, force: true });
renameSync(staged, target);

function write(path, content) {
  const sha256 = digest(content);
  const brotli = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(content, { level: 9 });
  const blob = join(staged, 'blobs', sha256);
  writeFileSync(blob, content);
  writeFileSync(`${blob}.br`, brotli);
  writeFileSync(`${blob}.gz`, gzip);
  return { contentType: types[extname(path)], length: content.length, sha256, brotliLength: brotli.length, gzipLength: gzip.length };
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex');
}
