// A small MCP server on standard input and output, or over HTTP where a port is given: it tells variables of its own.
const answer = (request) => {
  switch (request.method) {
    case 'initialize':
      return { protocolVersion: request.params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'variables', version: '1' } };
    case 'tools/list':
      return { tools: ['tell', 'hide'].map((name) => ({ name, description: 'Tells a variable.',
        inputSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } })) };
    case 'tools/call':
      return { content: [{ type: 'text', text: String(process.env[request.params.arguments.name] ?? '(unset)') }] };
    default:
      return {};
  }
};
const reply = (line) => {
  const request = JSON.parse(line);
  return request.id === undefined ? '' : JSON.stringify({ jsonrpc: '2.0', id: request.id, result: answer(request) });
};
if (process.argv[2] === 'http') {
  const server = require('http').createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => { body += piece; });
    request.on('end', () => {
      const text = request.method === 'POST' ? reply(body) : '';
      response.writeHead(text ? 200 : request.method === 'POST' ? 202 : 405, { 'content-type': 'application/json' });
      response.end(text);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
} else {
  require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const text = reply(line);
    if (text) console.log(text);
  });
}
