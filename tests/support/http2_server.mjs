// SPDX-License-Identifier: MIT
// Says over which version of HTTP it was asked, on which of its connections, and what:
// http2_server.mjs CERTIFICATE KEY. Prints its port; ends when asked for /quit, or after a minute.
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";

const [certificate, key] = process.argv.slice(2).map((file) => readFileSync(file));
const connections = new Map();
const server = createSecureServer({ cert: certificate, key, allowHTTP1: true }, (request, reply) => {
  if (!connections.has(request.socket.remotePort)) connections.set(request.socket.remotePort, connections.size);
  const connection = connections.get(request.socket.remotePort);
  let body = "";
  request.on("data", (piece) => (body += piece));
  request.on("end", () => {
    if (request.url === "/quit") setTimeout(() => process.exit(0), 10);
    setTimeout(() => reply.end(`${request.httpVersion} ${connection} ${body}`), 5);
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
setTimeout(() => process.exit(1), 60000);
