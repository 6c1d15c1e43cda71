// Serves the suite, the packed package and the demo under a strict Content-Security-Policy.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
  '.onnx': 'application/octet-stream',
  '.svg': 'image/svg+xml',
};

/**
 * @param {Record<string, string>} mounts first path segment -> folder
 * @param {{ port?: number, headers?: Record<string, string>, onPost?: (path: string, body: string) => void }} [options]
 *   port 0, the default, is any free one; onPost hears what pages send
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function serve(mounts, { port = 0, headers = {}, onPost } = {}) {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST' && onPost) return void hear(request, response, onPost);
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const mount = Object.keys(mounts)
      .sort((a, b) => b.length - a.length)
      .find((prefix) => path.startsWith(prefix));
    let file = mount === undefined ? undefined : join(mounts[mount], path.slice(mount.length));
    let info = file && (await stat(file).catch(() => undefined));
    if (info?.isDirectory()) info = await stat((file = join(file, 'index.html'))).catch(() => undefined);
    if (!info?.isFile()) return void response.writeHead(404).end('not found');
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': info.size,
      'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:",
      'cache-control': 'no-cache',
      ...headers,
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${server.address().port}`,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

async function hear(request, response, onPost) {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  onPost(request.url, body);
  response.writeHead(204).end();
}
