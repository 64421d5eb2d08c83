// The app that is deployed repeatedly. It does not handle SIGTERM, so requests that are interrupted when it stops are lost.
const http = require('http'), crypto = require('crypto'), fs = require('fs');
const version = 'first';
const instance = process.env.RENDER_INSTANCE_ID;

// Written to the log synchronously, so that it survives whatever happens to this process a moment later.
const note = (what, request) => fs.writeSync(1, `${what} ${request.headers['x-upload']} ${instance}\n`);

const server = http.createServer((request, response) => {
  response.setHeader('X-Instance', instance);
  if (request.url === '/slow') return setTimeout(() => response.end(`slow ${version}`), 5000);
  if (request.url === '/events') return events(response);
  if (request.method === 'POST') {
    let bytes = 0;
    note('begun', request);
    request.on('data', (chunk) => (bytes += chunk.length));
    return request.on('end', () => {
      note('done', request);
      response.end(String(bytes));
    });
  }
  response.end(`hello ${version}`);
});

function events(response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(`data: ${++sent}\n\n`);
    if (sent < 32) return;
    clearInterval(timer);
    response.end('data: end\n\n');
  }, 250);
  response.on('close', () => clearInterval(timer));
}

// Echoes small masked text frames, which is all that the load sends, and answers a close frame with a close frame.
server.on('upgrade', (request, socket) => {
  const accept = crypto.createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nX-Instance: ${instance}\r\n\r\n`);
  let rest = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 6 && rest.length >= 6 + (rest[1] & 127)) {
      const length = rest[1] & 127, text = Buffer.alloc(length);
      for (let i = 0; i < length; i++) text[i] = rest[6 + i] ^ rest[2 + (i % 4)];
      if ((rest[0] & 15) === 8) return socket.end(Buffer.from([0x88, 0]));
      socket.write(Buffer.concat([Buffer.from([0x81, length]), text]));
      rest = rest.subarray(6 + length);
    }
  });
});

server.listen(process.env.PORT, '0.0.0.0');
